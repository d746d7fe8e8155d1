"""Undo a visit at the door, and what hangs on it: a conflict that is none any more."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from server.card.models import Card
from server.conflict.service import CardAtEvent, settle_if_over
from server.venue.models import Scanner, Venue
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
    visit = _locked(db, Visit.scan_id == scan_id, Visit.venue_id == scanner.venue_id)
    voiding = _undo(db, visit, now=now, within=UNDO_WITHIN, scanner_id=scanner.id)
    return VoidReceipt(visit_id=visit.id, voided_at=voiding.voided_at)


def void_visit_of_venue(
    db: Session, venue_id: UUID, visit_id: UUID, *, access_id: UUID, now: datetime
) -> UUID | None:
    """Undo a visit in the console of its venue; gives the id of its card.

    Raises:
        VisitNotFound, UndoTooLate.
    """
    visit = _locked(db, Visit.id == visit_id, Visit.venue_id == venue_id)
    _undo(db, visit, now=now, within=UNDO_WITHIN, access_id=access_id)
    return visit.card_id


def void_visit_of_area(
    db: Session, area_id: UUID, visit_id: UUID, *, access_id: UUID, now: datetime
) -> UUID | None:
    """Undo a visit as the coordinator of its venue's area, however old; gives its card's id.

    Raises:
        VisitNotFound.
    """
    in_area = Visit.venue_id.in_(select(Venue.id).where(Venue.area_id == area_id))
    visit = _locked(db, Visit.id == visit_id, in_area)
    _undo(db, visit, now=now, within=None, access_id=access_id)
    return visit.card_id


def void_disputed(db: Session, visit_id: UUID, *, access_id: UUID, now: datetime) -> None:
    """Undo a visit that its holder says is not theirs, however old, whoever decides it.

    Raises:
        VisitNotFound.
    """
    _undo(db, _locked(db, Visit.id == visit_id), now=now, within=None, access_id=access_id)


def _locked(db: Session, *which: ColumnElement[bool]) -> Visit:
    # The card, as who records its visits does: else a visit that comes in now would be in conflict
    # with this one. A visit of nobody has none.
    of_visit = select(Visit.card_id).where(*which)
    db.execute(select(Card.id).where(Card.id.in_(of_visit)).with_for_update())
    visit = db.scalar(select(Visit).where(*which).execution_options(populate_existing=True))
    if visit is None:
        raise VisitNotFound
    return visit


def _known_since(db: Session, visit: Visit) -> datetime:
    """Tell since when the venue could see a mistake: what was on paper, since it was typed."""
    by_hand = db.get_one(Scanner, visit.scanner_id).by_hand
    return visit.recorded_at if by_hand else visit.visited_at


def _undo(  # noqa: PLR0913 - all by keyword
    db: Session,
    visit: Visit,
    *,
    now: datetime,
    within: timedelta | None,
    scanner_id: UUID | None = None,
    access_id: UUID | None = None,
) -> Voiding:
    # Read after the lock: a voiding joined to the visit would be from before the wait for it.
    if voiding := db.get(Voiding, visit.id):
        return voiding
    if within is not None and now - _known_since(db, visit) > within:
        raise UndoTooLate
    voiding = Voiding(visit_id=visit.id, scanner_id=scanner_id, access_id=access_id, voided_at=now)
    db.add(voiding)
    db.flush()
    if visit.card_id is not None:
        settle_if_over(db, CardAtEvent(visit.card_id, visit.event), now=now)
    return voiding
