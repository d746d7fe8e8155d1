"""This visit is not mine: the holder says so, the venue or its coordinator decides."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from server.card.models import Card
from server.card.service import lock_card
from server.dispute.errors import (
    DisputedVisitTooOld,
    DisputedVisitUndone,
    DisputedVisitUnknown,
    DisputeIdTaken,
)
from server.venue.models import Venue
from server.visit.models import Dispute, Visit, Voiding
from server.visit.service import event_names, told_dispute
from server.voiding.service import void_disputed
from shared.visit import DisputeOutcome, DisputeReport, ToldDispute

DISPUTED_WITHIN = timedelta(days=365)
"""Older visits stand: nobody at a door remembers them."""


@dataclass(frozen=True, slots=True)
class OpenDispute:
    """A visit that its holder says is not theirs. Nothing of the holder, nothing of the card."""

    dispute: Dispute
    visit: Visit
    event_name: str | None


def tell_dispute(db: Session, card: Card, report: DisputeReport, *, now: datetime) -> ToldDispute:
    """Write down that a visit is not the holder's; the same visit again is the same dispute.

    Raises:
        DisputedVisitUnknown, DisputedVisitUndone, DisputedVisitTooOld, DisputeIdTaken.
    """
    # Locked, as who undoes it does: only one word of two that come at once is written down.
    lock_card(db, card)
    visit = db.scalar(
        select(Visit)
        .where(Visit.id == report.visit_id, Visit.holder_id == card.holder_id)
        .options(joinedload(Visit.voiding), joinedload(Visit.dispute))
    )
    if visit is None:
        raise DisputedVisitUnknown
    if visit.dispute is not None:
        return told_dispute(visit, visit.dispute)
    if visit.voiding is not None:
        raise DisputedVisitUndone
    if now - visit.visited_at > DISPUTED_WITHIN:
        raise DisputedVisitTooOld
    if db.get(Dispute, report.dispute_id) is not None:
        raise DisputeIdTaken
    dispute = Dispute(
        id=report.dispute_id, visit_id=visit.id, holder_id=card.holder_id, told_at=now
    )
    db.add(dispute)
    db.flush()
    return told_dispute(visit, dispute)


def list_open_disputes(
    db: Session, place: ColumnElement[bool], *, after: datetime | None = None, limit: int = 50
) -> list[OpenDispute]:
    """List what nobody has decided of the venues of *place*, oldest word first.

    *after* is when the last one of the list before was told.
    """
    waiting = (
        select(Dispute, Visit)
        .join(Visit, Visit.id == Dispute.visit_id)
        .join(Venue, Venue.id == Visit.venue_id)
        .outerjoin(Voiding, Voiding.visit_id == Visit.id)
        .where(place, Dispute.settled_at.is_(None), Voiding.visit_id.is_(None))
        .order_by(Dispute.told_at, Dispute.id)
        .options(joinedload(Visit.venue))
        .limit(limit)
    )
    if after is not None:
        waiting = waiting.where(Dispute.told_at > after)
    rows = db.execute(waiting).all()
    names = event_names(db, [visit for _, visit in rows])
    return [OpenDispute(told, visit, names.get(visit.event_id)) for told, visit in rows]


def of_venue(venue_id: UUID) -> ColumnElement[bool]:
    """Select the venue itself."""
    return Venue.id == venue_id


def of_area(area_id: UUID) -> ColumnElement[bool]:
    """Select the venues of an area."""
    return Venue.area_id == area_id


def disputed_of(db: Session, visit_ids: Collection[UUID]) -> set[UUID]:
    """Give those of some visits about which a word waits."""
    waiting = select(Dispute.visit_id).where(
        Dispute.visit_id.in_(visit_ids), Dispute.settled_at.is_(None)
    )
    return set(db.scalars(waiting))


def settle_dispute(  # noqa: PLR0913 - all by keyword
    db: Session,
    place: ColumnElement[bool],
    dispute_id: UUID,
    outcome: DisputeOutcome,
    *,
    access_id: UUID,
    now: datetime,
) -> UUID | None:
    """Decide: undo the visit, or let it stand. Gives the visit, or None if it is decided already.

    Raises:
        DisputedVisitUnknown: No dispute of these venues has this id.
    """
    visit_id = db.scalar(
        select(Visit.id)
        .join(Dispute, Dispute.visit_id == Visit.id)
        .join(Venue, Venue.id == Visit.venue_id)
        .where(place, Dispute.id == dispute_id)
    )
    if visit_id is None:
        raise DisputedVisitUnknown
    # The card before the dispute, as everybody locks them.
    of_visit = select(Visit.card_id).where(Visit.id == visit_id)
    db.execute(select(Card.id).where(Card.id.in_(of_visit)).with_for_update())
    dispute = db.get(Dispute, dispute_id, with_for_update=True)
    if dispute is None or dispute.settled_at is not None or db.get(Voiding, visit_id) is not None:
        return None
    if outcome is DisputeOutcome.UNDONE:
        void_disputed(db, visit_id, access_id=access_id, now=now)
    dispute.settled_at, dispute.outcome = now, outcome
    dispute.access_id = access_id
    return visit_id
