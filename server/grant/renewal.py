"""A card that follows another: renewed for the next year, or in place of a lost one."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.card.desk import block_card, is_renewal
from server.card.models import Card
from server.card.service import check_usable
from server.clock import day_of
from server.grant.errors import CardAlreadyFollowed, CardNotRenewable
from server.ids import new_id
from server.signin.codes import draw_code
from shared.rules.validity import last_valid_day
from shared.token.codes import CodeKind

RENEWABLE_FOR = timedelta(days=60)
"""So long before a card's last valid day it can be renewed."""


def is_renewable(card: Card, now: datetime) -> bool:
    """Tell whether it is time to renew a card; one that is over can be renewed for ever."""
    today = day_of(now)
    return card.blocked_at is None and today >= card.last_valid_on - RENEWABLE_FOR


def renew_card(db: Session, card: Card, *, now: datetime) -> Card:
    """Grant the card that follows: from the day after the last valid day, or from today.

    The phone that has the card has the new one too; it changes over at its next contact.

    Raises:
        CardNotRenewable, CardAlreadyFollowed.

    Source: R12.
    """
    db.refresh(card, with_for_update=True)
    if not is_renewable(card, now):
        raise CardNotRenewable
    today = day_of(now)
    begins = max(today, card.last_valid_on + timedelta(days=1))
    new = _follow(db, card, now=now)
    new.first_valid_on, new.last_valid_on = begins, last_valid_day(begins)
    new.key_x, new.key_odd = card.key_x, card.key_odd
    return _added(db, new)


def replace_card(db: Session, card: Card, *, now: datetime) -> Card:
    """Block a lost card and grant one with another code for the rest of its time.

    The history goes on: it belongs to the holder's pseudonym, not to the code.

    Raises:
        CardBlocked, CardExpired: Open it or renew it instead.
        CardAlreadyFollowed.

    Source: R13.
    """
    db.refresh(card, with_for_update=True)
    check_usable(card, now)
    new = _follow(db, card, now=now)
    new.first_valid_on, new.last_valid_on = card.first_valid_on, card.last_valid_on
    block_card(db, card, now=now)
    return _added(db, new)


def follower_of(db: Session, card: Card) -> Card | None:
    """Find the card that follows."""
    return db.scalar(select(Card).where(Card.follows_id == card.id))


def is_replaced(db: Session, card: Card) -> bool:
    """Tell whether another card has taken this one's place: it stays closed for ever."""
    newer = follower_of(db, card)
    return newer is not None and not is_renewal(newer, card)


def _follow(db: Session, card: Card, *, now: datetime) -> Card:
    if follower_of(db, card) is not None:
        raise CardAlreadyFollowed
    return Card(
        id=new_id(now),
        holder_id=card.holder_id,
        distributor_id=card.distributor_id,
        code=draw_code(CodeKind.CARD),
        community=card.community,
        children=card.children,
        birth_year=card.birth_year,
        home_postcode=card.home_postcode,
        grounds=card.grounds,
        life_situation=card.life_situation,
        gender=card.gender,
        granted_at=now,
        follows_id=card.id,
    )


def _added(db: Session, card: Card) -> Card:
    db.add(card)
    db.flush()
    return card
