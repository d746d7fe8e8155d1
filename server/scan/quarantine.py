"""Scans that are older than 30 days: the coordinator of the area decides about each (R22)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.card.models import Card
from server.clock import seconds
from server.conflict.service import CardAtEvent, note_conflicts
from server.event.models import Event
from server.ids import new_id
from server.scan.errors import ScanNotWaiting
from server.scan.models import Scan
from server.scan.rows import visited_at
from server.venue.models import Venue
from server.visit.models import Visit, Voiding
from shared.rules.admission import Reason
from shared.rules.ledger import default_event
from shared.scan import ScanOutcome


@dataclass(frozen=True, slots=True)
class WaitingScan:
    """A scan that waits, and the name of its venue."""

    scan: Scan
    venue_name: str


def list_quarantined(
    db: Session, area_id: UUID, *, after: UUID | None = None, limit: int = 50
) -> list[WaitingScan]:
    """List what waits in an area, by id. *after* is the last id of the list before."""
    waiting = (
        select(Scan, Venue.name)
        .join(Venue, Venue.id == Scan.venue_id)
        .where(Venue.area_id == area_id, Scan.outcome == ScanOutcome.QUARANTINED)
        .order_by(Scan.id)
        .limit(limit)
    )
    if after is not None:
        waiting = waiting.where(Scan.id > after)
    return [WaitingScan(*row) for row in db.execute(waiting)]


def take_quarantined(db: Session, area_id: UUID, scan_id: UUID, *, now: datetime) -> UUID:
    """Make a visit of a scan that waits, with the day it was; gives the id of its card.

    Raises:
        ScanNotWaiting.
    """
    scan = _waiting(db, area_id, scan_id)
    # Locked, as who records its visits does.
    card = db.get(Card, scan.card_id, with_for_update=True)
    if card is None or scan.sub is None:
        raise ScanNotWaiting
    of_the_day = default_event(str(scan.venue_id), scan.category, seconds(scan.scanned_at))
    event = scan.event or of_the_day
    there = (
        select(Visit.id)
        .outerjoin(Voiding, Voiding.visit_id == Visit.id)
        .where(Visit.card_id == card.id, Visit.event == event, Voiding.visit_id.is_(None))
    )
    visit = Visit(
        id=new_id(now),
        scan_id=scan.id,
        holder_id=card.holder_id,
        card_id=card.id,
        venue_id=scan.venue_id,
        scanner_id=scan.scanner_id,
        event=event,
        event_id=_named_event(db, event),
        sub=scan.sub,
        shown_at_s=scan.shown_at_s,
        category=scan.category,
        visited_at=visited_at(scan.scanned_at, scan.closed_at, now=now),
        recorded_at=now,
        children=scan.children,
        assistant=scan.assistant,
        again=db.scalar(there.limit(1)) is not None,
        door_knew=Reason.ALREADY_IN in scan.scanner_reasons,
    )
    scan.outcome = ScanOutcome.RECORDED
    db.add(visit)
    db.flush()
    note_conflicts(db, [CardAtEvent(card.id, event)], now=now)
    return card.id


def leave_quarantined(db: Session, area_id: UUID, scan_id: UUID) -> UUID | None:
    """Let a scan that waits make no visit; the scan itself stays. Gives the id of its card.

    Raises:
        ScanNotWaiting.
    """
    scan = _waiting(db, area_id, scan_id)
    scan.outcome = ScanOutcome.NO_VISIT
    return scan.card_id


def _named_event(db: Session, event: str) -> UUID | None:
    """Give the event of a venue that a scan was for; None if it was of the day."""
    try:
        event_id = UUID(event)
    except ValueError:
        return None
    return db.scalar(select(Event.id).where(Event.id == event_id))


def _waiting(db: Session, area_id: UUID, scan_id: UUID) -> Scan:
    scan = db.scalar(
        select(Scan)
        .join(Venue, Venue.id == Scan.venue_id)
        .where(
            Scan.id == scan_id,
            Venue.area_id == area_id,
            Scan.outcome == ScanOutcome.QUARANTINED,
        )
        .with_for_update(of=Scan)
    )
    if scan is None:
        raise ScanNotWaiting
    return scan
