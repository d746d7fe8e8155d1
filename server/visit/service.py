"""Visits: the holder's own list, and undoing at the door."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session, joinedload

from server.card.models import Card
from server.venue.models import Scanner
from server.visit.errors import MalformedCursor, UndoTooLate, VisitNotFound
from server.visit.models import Visit, Voiding
from shared.visit import HolderVisit, VisitPage, VoidReceipt
from shared.wire import from_base64url, to_base64url

UNDO_WITHIN = timedelta(minutes=15)
"""So long the venue may undo its visit (R20)."""


def list_visits(db: Session, card: Card, *, limit: int, cursor: str | None) -> VisitPage:
    """List the visits of the card's holder, also those of earlier cards; newest first.

    Raises:
        MalformedCursor.
    """
    newest_first = (
        select(Visit)
        .where(Visit.holder_id == card.holder_id)
        .order_by(Visit.visited_at.desc(), Visit.id.desc())
        .options(joinedload(Visit.venue), joinedload(Visit.voiding))
        .limit(limit + 1)
    )
    if cursor is not None:
        newest_first = newest_first.where(tuple_(Visit.visited_at, Visit.id) < _read_cursor(cursor))
    visits = list(db.scalars(newest_first))
    more = len(visits) > limit
    return VisitPage(
        visits=[_to_holder(visit) for visit in visits[:limit]],
        next_cursor=_write_cursor(visits[limit - 1]) if more else None,
    )


def void_visit(db: Session, scanner: Scanner, scan_id: UUID, *, now: datetime) -> VoidReceipt:
    """Undo the visit of a scan; undoing it twice is undoing it once.

    Raises:
        VisitNotFound: Nothing was recorded from this scan, or by another venue.
        UndoTooLate: `UNDO_WITHIN` is over.

    Source: R20.
    """
    visit = db.scalar(
        select(Visit)
        .where(Visit.scan_id == scan_id, Visit.venue_id == scanner.venue_id)
        .with_for_update()
    )
    if visit is None:
        raise VisitNotFound
    # Read after the lock: a voiding joined to the visit would be from before the wait for it.
    if voiding := db.get(Voiding, visit.id):
        return VoidReceipt(visit_id=visit.id, voided_at=voiding.voided_at)
    if now - visit.visited_at > UNDO_WITHIN:
        raise UndoTooLate
    db.add(Voiding(visit_id=visit.id, scanner_id=scanner.id, voided_at=now))
    return VoidReceipt(visit_id=visit.id, voided_at=now)


def _to_holder(visit: Visit) -> HolderVisit:
    return HolderVisit(
        visit_id=visit.id,
        venue_name=visit.venue.name,
        category=visit.category,
        visited_at=visit.visited_at,
        children=visit.children,
        assistant=visit.assistant,
        voided_at=None if visit.voiding is None else visit.voiding.voided_at,
    )


def _write_cursor(visit: Visit) -> str:
    return to_base64url(f"{visit.visited_at.isoformat()} {visit.id}".encode())


def _read_cursor(cursor: str) -> tuple[datetime, UUID]:
    try:
        instant, _, visit_id = from_base64url(cursor).decode("ascii").partition(" ")
        visited_at = datetime.fromisoformat(instant)
        if visited_at.tzinfo is None:
            raise MalformedCursor
        return visited_at.astimezone(UTC), UUID(visit_id)
    except (ValueError, OverflowError):
        raise MalformedCursor from None
