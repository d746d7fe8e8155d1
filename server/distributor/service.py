"""A distributor's own cards: find one again, and see how many are used."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from server.card.models import Card
from server.clock import seconds
from server.visit.models import Visit, Voiding
from shared.rules.validity import local_day

FEWEST_TOLD = 5
"""No figure is told about fewer holders (R26)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFilter:
    """What a desk can know of a card whose holder has lost it."""

    code: str | None = None
    birth_year: int | None = None
    home_postcode: str | None = None
    in_force: bool = False


@dataclass(frozen=True, slots=True)
class CardUse:
    """How many cards in force a distributor has, and how many of them were ever used.

    `used` is None where it would tell about fewer than `FEWEST_TOLD` holders, used or unused.
    """

    in_force: int
    used: int | None


def list_cards(  # noqa: PLR0913 - all by keyword
    db: Session,
    distributor_id: UUID,
    wanted: CardFilter,
    *,
    now: datetime,
    before: UUID | None = None,
    limit: int = 50,
) -> list[Card]:
    """List own cards, the newest grant first. *before* is the last id of the list before."""
    newest_first = (
        select(Card)
        .where(Card.distributor_id == distributor_id)
        .order_by(Card.id.desc())
        .limit(limit)
    )
    if wanted.code is not None:
        newest_first = newest_first.where(Card.code == wanted.code)
    if wanted.birth_year is not None:
        newest_first = newest_first.where(Card.birth_year == wanted.birth_year)
    if wanted.home_postcode is not None:
        newest_first = newest_first.where(Card.home_postcode == wanted.home_postcode)
    if wanted.in_force:
        newest_first = newest_first.where(
            Card.last_valid_on >= local_day(seconds(now)), Card.blocked_at.is_(None)
        )
    if before is not None:
        newest_first = newest_first.where(Card.id < before)
    return list(db.scalars(newest_first))


def count_use(db: Session, distributor_id: UUID, *, now: datetime) -> CardUse:
    """Count own cards in force, and those of them that were used, if that tells of nobody."""
    mine = (
        Card.distributor_id == distributor_id,
        Card.last_valid_on >= local_day(seconds(now)),
        Card.blocked_at.is_(None),
    )
    was_used = exists().where(
        Visit.card_id == Card.id, ~exists().where(Voiding.visit_id == Visit.id)
    )
    in_force = db.scalar(select(func.count()).select_from(Card).where(*mine)) or 0
    used = db.scalar(select(func.count()).select_from(Card).where(*mine, was_used)) or 0
    told = min(used, in_force - used) >= FEWEST_TOLD
    return CardUse(in_force=in_force, used=used if told else None)
