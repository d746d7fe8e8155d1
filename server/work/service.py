"""Long work: ask for it, take it up, go on with it in chunks, stop it, and forget it in the end."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.orm import Session

from server.ids import new_id
from server.work.errors import TooMuchWork, WorkLost, WorkNotFound
from server.work.models import UNFINISHED, Work, WorkFile, WorkKind, WorkState

LEASE = timedelta(seconds=15)
"""A process that has not been heard of for so long is thought dead; every chunk renews it."""
UNFINISHED_MOST = 3
LISTED = 50


def ask_for_work(  # noqa: PLR0913 - all by keyword
    db: Session,
    kind: WorkKind,
    *,
    access_id: UUID,
    place_id: UUID,
    total: int,
    now: datetime,
    kept_for: timedelta,
    asked: Mapping[str, Any] | None = None,
) -> Work:
    """Put down a piece of work; whoever is free takes it up once this transaction is committed.

    Raises:
        TooMuchWork.
    """
    unfinished = select(func.count()).where(Work.place_id == place_id, Work.state.in_(UNFINISHED))
    if (db.scalar(unfinished) or 0) >= UNFINISHED_MOST:
        raise TooMuchWork
    work = Work(
        id=new_id(now),
        kind=kind,
        state=WorkState.WAITING,
        access_id=access_id,
        place_id=place_id,
        asked=dict(asked or {}),
        total=total,
        done=0,
        created_at=now,
        due_at=now,
        kept_until=now + kept_for,
    )
    db.add(work)
    db.flush()
    return work


def work_of(db: Session, place_id: UUID, work_id: UUID, *, locked: bool = False) -> Work:
    """Find a location's own work.

    Raises:
        WorkNotFound: Unknown, or another's: which of them is not told.
    """
    work = db.get(Work, work_id, with_for_update=locked or None)
    if work is None or work.place_id != place_id:
        raise WorkNotFound
    return work


def list_work(db: Session, place_id: UUID) -> list[Work]:
    """List a location's work, the newest first."""
    own = select(Work).where(Work.place_id == place_id).order_by(Work.id.desc()).limit(LISTED)
    return list(db.scalars(own))


def cancel_work(work: Work, *, now: datetime) -> None:
    """Stop a piece of work: the chunk that is being done is the last."""
    if work.state in UNFINISHED:
        _let_go(work, WorkState.CANCELLED)
        work.finished_at = now


def resume_work(work: Work, *, now: datetime) -> None:
    """Go on with what was cancelled or has failed, from where it stopped."""
    if work.state in {WorkState.CANCELLED, WorkState.FAILED}:
        begin_again(work, now=now)


def begin_again(work: Work, *, now: datetime) -> None:
    """Let a piece of work be taken up."""
    _let_go(work, WorkState.WAITING)
    work.due_at, work.finished_at = now, None


def rest_work(work: Work, *, until: datetime) -> None:
    """Put a piece of work aside for a while."""
    _let_go(work, WorkState.WAITING)
    work.due_at = until


def finish_work(work: Work, *, now: datetime) -> None:
    """Say that all is done."""
    _let_go(work, WorkState.DONE)
    work.finished_at = now


def fail_work(work: Work, *, now: datetime) -> None:
    """Say that the server could not go on."""
    _let_go(work, WorkState.FAILED)
    work.finished_at = now


def is_due(db: Session, *, now: datetime) -> bool:
    """Tell whether there is work that somebody could take up."""
    return db.scalar(select(Work.id).where(_due(now)).limit(1)) is not None


def take_work(
    db: Session, *, lease: UUID, now: datetime, besides: Collection[UUID] = ()
) -> Work | None:
    """Take up the work that is due for longest, if any, besides what is in hand already."""
    work = db.scalar(
        select(Work)
        .where(_due(now), Work.id.not_in(besides))
        .order_by(Work.due_at, Work.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if work is not None:
        work.state, work.leased_by, work.leased_until = WorkState.RUNNING, lease, now + LEASE
        work.started_at = work.started_at or now
        db.flush()
    return work


def held_work(db: Session, work_id: UUID, *, lease: UUID, now: datetime) -> Work:
    """Give the work that *lease* holds, locked, and renew the lease.

    Nobody can take it over before this transaction ends, however long the chunk takes.

    Raises:
        WorkLost.
    """
    work = db.get(Work, work_id, with_for_update=True)
    if work is None or work.leased_by != lease:
        raise WorkLost
    work.leased_until = now + LEASE
    return work


def forget_old_work(db: Session, *, now: datetime) -> bool:
    """Delete one piece of work whose time is over, with all that belongs to it, if there is one."""
    old = select(Work).where(Work.kept_until <= now).limit(1).with_for_update(skip_locked=True)
    work = db.scalar(old)
    if work is not None:
        db.execute(delete(Work).where(Work.id == work.id))
    return work is not None


def is_anything_old(db: Session, *, now: datetime) -> bool:
    """Tell whether there is work to forget."""
    return db.scalar(select(Work.id).where(Work.kept_until <= now).limit(1)) is not None


def keep_file(db: Session, work: Work, content: bytes) -> None:
    """Keep what belongs to a piece of work."""
    db.add(WorkFile(work_id=work.id, content=content))
    db.flush()


def file_of(db: Session, work: Work) -> bytes | None:
    """Give what is kept with a piece of work."""
    return db.scalar(select(WorkFile.content).where(WorkFile.work_id == work.id))


def drop_file(db: Session, work: Work) -> None:
    """Forget what is kept with a piece of work."""
    db.execute(delete(WorkFile).where(WorkFile.work_id == work.id))


def has_file(db: Session, work: Work) -> bool:
    """Tell whether something is kept with a piece of work."""
    found = select(WorkFile.work_id).where(WorkFile.work_id == work.id)
    return db.scalar(found) is not None


def _due(now: datetime) -> Any:
    return or_(
        and_(Work.state == WorkState.WAITING, Work.due_at <= now),
        and_(Work.state == WorkState.RUNNING, Work.leased_until <= now),
    )


def _let_go(work: Work, state: WorkState) -> None:
    work.state, work.leased_by, work.leased_until = state, None, None
