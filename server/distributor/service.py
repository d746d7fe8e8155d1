"""A distributor's own cards: find one again, and see how many are used.

Also how the coordinator of its area finds one, to help a holder whose distributor is closed.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session

from server.card.models import Card
from server.clock import beginning_of, day_of
from server.distributor.models import Distributor
from server.visit.models import Visit

FEWEST_TOLD = 5
"""No figure is told about fewer holders (R26)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFilter:
    """What a desk can know of a card whose holder has lost it."""

    code: str | None = None
    birth_year: int | None = None
    home_postcode: str | None = None
    in_force: bool = False
    ending_first: bool = False


@dataclass(frozen=True, slots=True)
class CardUse:
    """How many cards a distributor has in force, and how many were used by the turn of the month.

    Only by the month, and whether blocked since or not: figures of two days, or of before and after
    blocking one card, would tell whether its holder goes out. `used` and `unused` are None where
    one would be about fewer than `FEWEST_TOLD` holders (R26).
    """

    in_force: int
    counted_on: date
    used: int | None
    unused: int | None


def list_cards(  # noqa: PLR0913 - all by keyword
    db: Session,
    distributor_id: UUID,
    wanted: CardFilter,
    *,
    now: datetime,
    before: UUID | None = None,
    limit: int = 50,
) -> list[Card]:
    """List own cards, the newest grant first, or those that end next.

    *before* is the last id of the list before.
    """
    known = (Card.distributor_id == distributor_id, Card.erased_at.is_(None))
    listing = select(Card).where(*known).limit(limit)
    if wanted.ending_first:
        listing = listing.order_by(Card.last_valid_on, Card.id)
    else:
        listing = listing.order_by(Card.id.desc())
    if wanted.code is not None:
        listing = listing.where(Card.code == wanted.code)
    if wanted.birth_year is not None:
        listing = listing.where(Card.birth_year == wanted.birth_year)
    if wanted.home_postcode is not None:
        listing = listing.where(Card.home_postcode == wanted.home_postcode)
    if wanted.in_force:
        listing = listing.where(Card.last_valid_on >= day_of(now), Card.blocked_at.is_(None))
    if before is not None and not wanted.ending_first:
        listing = listing.where(Card.id < before)
    elif before is not None and (last := db.get(Card, before)) is not None:
        ended = (last.last_valid_on, last.id)
        listing = listing.where(tuple_(Card.last_valid_on, Card.id) > ended)
    return list(db.scalars(listing))


def find_card_of_area(db: Session, area_id: UUID, code: str) -> UUID | None:
    """Find by its code a card that a distributor of the area granted; no other card is there."""
    return db.scalar(select(Card.id).where(Card.code == code, _is_of_area(area_id)))


def card_of_area(db: Session, area_id: UUID, card_id: UUID, *, locked: bool = False) -> Card | None:
    """Give a card that a distributor of the area granted; no other card is there."""
    wanted = select(Card).where(Card.id == card_id, _is_of_area(area_id), Card.erased_at.is_(None))
    return db.scalar(wanted.with_for_update(of=Card) if locked else wanted)


def count_use(db: Session, distributor_id: UUID, *, now: datetime) -> CardUse:
    """Count own cards in force, and at the turn of the month those that were used."""
    today = day_of(now)
    first_on = today.replace(day=1)
    month_began_at = beginning_of(first_on)
    own = select(func.count()).select_from(Card).where(Card.distributor_id == distributor_id)
    in_force = own.where(Card.last_valid_on >= today, Card.blocked_at.is_(None))
    then = own.where(Card.last_valid_on >= first_on, Card.granted_at < month_began_at)
    was_used = or_(
        exists().where(Visit.card_id == Card.id, Visit.recorded_at < month_began_at),
        Card.used_by <= first_on,  # of an erased card, whose visits are nobody's
    )
    used = db.scalar(then.where(was_used)) or 0
    unused = (db.scalar(then) or 0) - used
    told = min(used, unused) >= FEWEST_TOLD
    return CardUse(
        in_force=db.scalar(in_force) or 0,
        counted_on=first_on,
        used=used if told else None,
        unused=unused if told else None,
    )


def _is_of_area(area_id: UUID) -> ColumnElement[bool]:
    return Card.distributor_id.in_(select(Distributor.id).where(Distributor.area_id == area_id))
