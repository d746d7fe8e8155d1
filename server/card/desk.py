"""What a desk does with a card: block and open it, correct it, take it off a phone."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.card.errors import ChildrenOutOfRange
from server.card.issue import ON_THE_PHONE, revoke_credentials
from server.card.models import Card, CredentialKind
from server.signin.service import end_sign_ins

MOST_CHILDREN = 23
"""What the token can carry in one byte (K1 §3)."""


def block_card(db: Session, card: Card, *, now: datetime) -> None:
    """Close a card: doors refuse its credentials once they know, its phone can renew nothing."""
    card.blocked_at = now
    revoke_credentials(db, card, now=now, kinds=tuple(CredentialKind))


def unblock_card(card: Card) -> None:
    """Open a card again; its phone renews at its next contact, the paper is printed anew."""
    card.blocked_at = None


def correct_children(db: Session, card: Card, children: int) -> None:
    """Write down another number of children; what the card says does not matter any more (R7).

    Raises:
        ChildrenOutOfRange.
    """
    if not 0 <= children <= MOST_CHILDREN:
        raise ChildrenOutOfRange
    for one in _together(db, card):
        one.children = children


def take_off_phone(db: Session, card: Card, *, now: datetime) -> None:
    """Free a card from a lost phone, so that it can be activated on another one (R13)."""
    for one in _together(db, card):
        one.key_x = one.key_odd = None
        db.flush()  # from here on nothing new is signed for the phone
        revoke_credentials(db, one, now=now, kinds=ON_THE_PHONE)
        end_sign_ins(db, card_id=one.id)


def is_renewal(new: Card, old: Card) -> bool:
    """Tell whether *new* goes on where *old* ends; else it has taken its place."""
    return new.first_valid_on > old.last_valid_on


def _together(db: Session, card: Card) -> list[Card]:
    """Give a card with the one that renews it or that it renews: both are one holder's now."""
    others = [db.scalar(select(Card).where(Card.follows_id == card.id))]
    if card.follows_id is not None:
        others.append(db.get(Card, card.follows_id))
    renewals = (
        one
        for one in others
        if one is not None and (is_renewal(one, card) or is_renewal(card, one))
    )
    return [card, *renewals]
