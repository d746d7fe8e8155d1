"""Which of a distributor's cards to print: by what a desk wants to do, not one by one."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from server.card.models import Card, CredentialKind, SignedCredential
from server.clock import beginning_of, day_of

SHEETS_MOST = 500
EXPIRES_WITHIN = timedelta(days=60)


class Choice(StrEnum):
    """Cards in force that belong together."""

    UNPRINTED = "unprinted"
    TODAY = "today"
    EXPIRING = "expiring"
    ALL = "all"


def cards_to_print(
    db: Session, distributor_id: UUID, choice: Choice, *, now: datetime, limit: int = SHEETS_MOST
) -> list[Card]:
    """List own cards in force, the newest grant first."""
    wanted = select(Card).where(*_wanted(distributor_id, choice, now=now))
    return list(db.scalars(wanted.order_by(Card.id.desc()).limit(limit)))


def count_to_print(db: Session, distributor_id: UUID, choice: Choice, *, now: datetime) -> int:
    """Count them."""
    wanted = select(func.count()).where(*_wanted(distributor_id, choice, now=now))
    return db.scalar(wanted.select_from(Card)) or 0


def chosen_cards(db: Session, distributor_id: UUID, card_ids: Collection[UUID]) -> list[Card]:
    """Give those of the cards that are the distributor's own, the newest grant first."""
    own = select(Card).where(Card.distributor_id == distributor_id, Card.id.in_(card_ids))
    return list(db.scalars(own.order_by(Card.id.desc()).limit(SHEETS_MOST)))


def _wanted(distributor_id: UUID, choice: Choice, *, now: datetime) -> list[Any]:
    today = day_of(now)
    in_force = [
        Card.distributor_id == distributor_id,
        Card.last_valid_on >= today,
        Card.blocked_at.is_(None),
    ]
    printed = exists().where(
        SignedCredential.card_id == Card.id, SignedCredential.kind == CredentialKind.PAPER
    )
    more = {
        Choice.UNPRINTED: [~printed],
        Choice.TODAY: [Card.granted_at >= beginning_of(today)],
        Choice.EXPIRING: [Card.last_valid_on <= today + EXPIRES_WITHIN],
        Choice.ALL: [],
    }
    return [*in_force, *more[choice]]
