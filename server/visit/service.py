"""Visits: the holder's own list."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session, joinedload

from server.card.models import Card
from server.event.models import Event
from server.visit.counting import counts
from server.visit.errors import MalformedCursor
from server.visit.models import Dispute, Visit
from shared.visit import DisputeOutcome, HolderVisit, ToldDispute, VisitPage
from shared.wire import from_base64url, to_base64url


def list_visits(db: Session, card: Card, *, limit: int, cursor: str | None) -> VisitPage:
    """List the visits of the card's holder, also those of earlier cards; newest first.

    Raises:
        MalformedCursor.
    """
    newest_first = (
        select(Visit, counts())
        .where(Visit.holder_id == card.holder_id)
        .order_by(Visit.visited_at.desc(), Visit.id.desc())
        .options(joinedload(Visit.venue), joinedload(Visit.voiding), joinedload(Visit.dispute))
        .limit(limit + 1)
    )
    if cursor is not None:
        newest_first = newest_first.where(tuple_(Visit.visited_at, Visit.id) < read_cursor(cursor))
    rows = db.execute(newest_first).all()
    more = len(rows) > limit
    names = event_names(db, [visit for visit, _ in rows[:limit]])
    return VisitPage(
        visits=[
            _to_holder(visit, counted=counted, event_name=names.get(visit.event_id))
            for visit, counted in rows[:limit]
        ],
        next_cursor=write_cursor(rows[limit - 1][0]) if more else None,
    )


def has_visits(db: Session, event: Event) -> bool:
    """Tell whether anybody was recorded at an event, undone or not."""
    named = select(Visit.id).where(Visit.event_id == event.id)
    return db.scalar(named.limit(1)) is not None


def event_names(db: Session, visits: Iterable[Visit]) -> dict[UUID | None, str]:
    """Give the names of the events that were chosen at the door; visits of the day have none."""
    chosen = {visit.event_id for visit in visits} - {None}
    if not chosen:
        return {}
    return dict(db.execute(select(Event.id, Event.name).where(Event.id.in_(chosen))).all())


def _to_holder(visit: Visit, *, counted: bool, event_name: str | None) -> HolderVisit:
    return HolderVisit(
        visit_id=visit.id,
        venue_name=visit.venue.name,
        category=visit.category,
        visited_at=visit.visited_at,
        children=visit.children,
        assistant=visit.assistant,
        voided_at=None if visit.voiding is None else visit.voiding.voided_at,
        counted=counted,
        event_name=event_name,
        dispute=None if visit.dispute is None else told_dispute(visit, visit.dispute),
    )


def told_dispute(visit: Visit, dispute: Dispute) -> ToldDispute:
    """Tell the holder where a dispute stands; undoing the visit in any way has settled it."""
    outcome = dispute.outcome if visit.voiding is None else DisputeOutcome.UNDONE
    return ToldDispute(dispute.id, visit.id, dispute.told_at, outcome)


def write_cursor(visit: Visit) -> str:
    """Give where a list that ended with *visit* goes on."""
    return to_base64url(f"{visit.visited_at.isoformat()} {visit.id}".encode())


def read_cursor(cursor: str) -> tuple[datetime, UUID]:
    """Read where a list ended.

    Raises:
        MalformedCursor.
    """
    try:
        instant, _, visit_id = from_base64url(cursor).decode("ascii").partition(" ")
        visited_at = datetime.fromisoformat(instant)
        if visited_at.tzinfo is None:
            raise MalformedCursor
        return visited_at.astimezone(UTC), UUID(visit_id)
    except (ValueError, OverflowError):
        raise MalformedCursor from None
