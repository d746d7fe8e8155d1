"""Long work: who asked for what, how far it is, which process does it now."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from server.access.models import Access
from server.db import Base, one_of


class WorkKind(StrEnum):
    """What is done; a table that was looked at becomes one that is recorded."""

    PAPER_LOOK = "paper_look"
    PAPER_RECORD = "paper_record"
    SHEETS = "sheets"


class WorkState(StrEnum):
    """Where a piece of work stands."""

    WAITING = "waiting"
    RUNNING = "running"
    CANCELLED = "cancelled"
    """Somebody stopped it; what is done stays, and it can go on."""
    DONE = "done"
    FAILED = "failed"
    """The server could not go on; it can be tried again."""


UNFINISHED = (WorkState.WAITING, WorkState.RUNNING)


class Work(Base):
    """One piece of long work of one location, done in chunks.

    The process that does it holds it by a lease; a lease that has run out is another's to take.
    """

    __tablename__ = "work"
    __table_args__ = (
        CheckConstraint("(leased_by IS NULL) = (leased_until IS NULL)", name="lease"),
        CheckConstraint("(state = 'running') = (leased_by IS NOT NULL)", name="running"),
        Index(None, "place_id", "id"),
        Index(None, "state", "due_at"),
        Index(None, "kept_until"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[WorkKind] = mapped_column(one_of(WorkKind, name="kind"))
    state: Mapped[WorkState] = mapped_column(one_of(WorkState, name="state"))
    access_id: Mapped[UUID] = mapped_column(ForeignKey(Access.id))
    place_id: Mapped[UUID]
    """The venue or distributor whose work it is; nobody else is shown it."""
    asked: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What its kind needs to know besides."""
    total: Mapped[int]
    done: Mapped[int]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    due_at: Mapped[datetime]
    """Nobody takes it up before."""
    leased_by: Mapped[UUID | None]
    leased_until: Mapped[datetime | None]
    kept_until: Mapped[datetime]
    """Then it is deleted with everything that belongs to it."""


class WorkFile(Base):
    """What a piece of work was given, or what it has made: a table, sealed sheets."""

    __tablename__ = "work_file"

    work_id: Mapped[UUID] = mapped_column(ForeignKey(Work.id, ondelete="CASCADE"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
