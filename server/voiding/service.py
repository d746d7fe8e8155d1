"""Undo a visit at the door, and what hangs on it: a conflict that is none any more."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.card.models import Card
from server.conflict.service import CardAtEvent, settle_if_over
from server.venue.models import Scanner
from server.visit.models import Visit, Voiding
from server.voiding.errors import UndoTooLate, VisitNotFound
from shared.visit import VoidReceipt

UNDO_WITHIN = timedelta(minutes=15)
"""So long the venue may undo its visit (R20)."""


def void_visit(db: Session, scanner: Scanner, scan_id: UUID, *, now: datetime) -> VoidReceipt:
    """Undo the visit of a scan; undoing it twice is undoing it once.

    Raises:
        VisitNotFound: Nothing was recorded from this scan, or by another venue.
        UndoTooLate: `UNDO_WITHIN` is over.

    Source: R20.
    """
    visit = db.scalar(
        select(Visit)
        .join(Card, Card.id == Visit.card_id)
        .where(Visit.scan_id == scan_id, Visit.venue_id == scanner.venue_id)
        # The card, as who records its visits does: else a visit that comes in now would be in
        # conflict with this one.
        .with_for_update(of=Card)
    )
    if visit is None:
        raise VisitNotFound
    # Read after the lock: a voiding joined to the visit would be from before the wait for it.
    if voiding := db.get(Voiding, visit.id):
        return VoidReceipt(visit_id=visit.id, voided_at=voiding.voided_at)
    if now - visit.visited_at > UNDO_WITHIN:
        raise UndoTooLate
    db.add(Voiding(visit_id=visit.id, scanner_id=scanner.id, voided_at=now))
    db.flush()
    settle_if_over(db, CardAtEvent(visit.card_id, visit.event), now=now)
    return VoidReceipt(visit_id=visit.id, voided_at=now)
