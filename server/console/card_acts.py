"""What the distributor and the area's coordinator do with a card alike; each is written down."""

from datetime import datetime

from sqlalchemy.orm import Session

from server.audit.service import Act, note_act
from server.card.desk import block_card, take_off_phone, unblock_card
from server.card.models import Card
from server.console.actors import Actor
from server.grant.errors import CardAlreadyFollowed
from server.grant.renewal import is_replaced
from server.grant.service import end_activation_codes


def block_noted(db: Session, actor: Actor, card: Card, *, now: datetime) -> None:
    """Block the card; once more is nothing more."""
    if card.blocked_at is None:
        block_card(db, card, now=now)
        note_act(db, Act.CARD_BLOCKED, access_id=actor.access_id, card_id=card.id, now=now)


def unblock_noted(db: Session, actor: Actor, card: Card, *, now: datetime) -> None:
    """Open the card again; once more is nothing more.

    Raises:
        CardAlreadyFollowed: Another has taken its place.
    """
    if is_replaced(db, card):
        raise CardAlreadyFollowed
    if card.blocked_at is not None:
        unblock_card(card)
        note_act(db, Act.CARD_UNBLOCKED, access_id=actor.access_id, card_id=card.id, now=now)


def take_off_phone_noted(db: Session, actor: Actor, card: Card, *, now: datetime) -> None:
    """Take the card off its phone, and its open code with it."""
    take_off_phone(db, card, now=now)
    end_activation_codes(db, card, now=now)
    note_act(db, Act.CARD_TAKEN_OFF_PHONE, access_id=actor.access_id, card_id=card.id, now=now)
