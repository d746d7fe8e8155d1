"""The holder as a parameter of routes."""

from typing import Annotated

from fastapi import Depends
from sqlalchemy import select

from server.actors import SentBearer
from server.card.models import Card
from server.clock import Now
from server.db import Db
from server.signin.errors import SignInRequired
from server.signin.models import BearerGrant
from server.signin.service import holds_bearer

# Built once: every request of a phone asks it.
_SIGNED_IN = select(Card).join(BearerGrant, BearerGrant.card_id == Card.id)


def _holder(sent: SentBearer, db: Db, now: Now) -> Card:
    card = None
    if sent is not None:
        card = db.scalar(_SIGNED_IN.where(holds_bearer(sent.credentials, now=now)))
    if card is None:
        raise SignInRequired
    return card


SignedInHolder = Annotated[Card, Depends(_holder)]
"""The card whose phone has proved its key within the last quarter of an hour."""
