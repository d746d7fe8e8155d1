"""Sign in by proof of a device key: a nonce out, a signed nonce back, a bearer for a while.

What a proof must say is known to the concept whose device it is (`card`, `venue`); here is what
both need.
"""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete
from sqlalchemy.orm import Session

from server.problems import Problem
from server.signin.errors import (
    ForgedProof,
    KeyChanged,
    MalformedProof,
    NonceRefused,
    UnknownDevice,
    UnknownKey,
)
from server.signin.models import BearerGrant, Nonce
from shared.signin import Bearer, FreshNonce
from shared.token.errors import Refusal, TokenError, TokenRefused
from shared.wire import to_base64url

NONCE_LIFE = timedelta(minutes=5)
BEARER_LIFE = timedelta(minutes=15)
"""Short, because a stolen bearer cannot be told from its owner."""

NO_NONCE = b""
"""Equals no nonce that a proof can carry."""

SAME_ANSWER = timedelta(minutes=10)
"""So long a used code gives the same key the same answer again: the first was lost (K1 §9)."""

_REFUSALS: dict[Refusal, type[Problem]] = {
    Refusal.UNKNOWN_KEY: UnknownKey,
    Refusal.UNKNOWN_DEVICE: UnknownDevice,
    Refusal.FORGED: ForgedProof,
    Refusal.NONCE: NonceRefused,
    Refusal.KEY_CHANGED: KeyChanged,
}


def give_nonce(db: Session, *, now: datetime) -> FreshNonce:
    """Give a nonce, good for one proof within `NONCE_LIFE`; sweep out those that are over."""
    db.execute(delete(Nonce).where(Nonce.usable_until <= now))
    value = secrets.token_bytes(16)
    db.add(Nonce(value=value, usable_until=now + NONCE_LIFE))
    return FreshNonce(nonce=to_base64url(value), server_time=now)


def spend_nonce(db: Session, value: bytes, *, now: datetime) -> bytes:
    """Use up a nonce: give it back if it was good, else `NO_NONCE`."""
    good = delete(Nonce).where(Nonce.value == value, Nonce.usable_until > now)
    return db.scalar(good.returning(Nonce.value)) or NO_NONCE


def grant_bearer(
    db: Session, *, now: datetime, card_id: UUID | None = None, scanner_id: UUID | None = None
) -> Bearer:
    """Let a card's phone or a scanner speak for `BEARER_LIFE`; sweep out what is over."""
    db.execute(delete(BearerGrant).where(BearerGrant.usable_until <= now))
    bearer = secrets.token_urlsafe(32)
    until = now + BEARER_LIFE
    db.add(
        BearerGrant(
            bearer_hash=_hash(bearer), card_id=card_id, scanner_id=scanner_id, usable_until=until
        )
    )
    return Bearer(bearer=bearer, expires_at=until, server_time=now)


def holds_bearer(bearer: str, *, now: datetime) -> ColumnElement[bool]:
    """Select the grant of *bearer*, while it is good."""
    return and_(BearerGrant.bearer_hash == _hash(bearer), BearerGrant.usable_until > now)


def end_sign_ins(db: Session, *, card_id: UUID) -> None:
    """End every bearer of a card: its key has changed or is gone."""
    db.execute(delete(BearerGrant).where(BearerGrant.card_id == card_id))


@contextmanager
def named_refusals() -> Iterator[None]:
    """Turn what the token layer says of a proof into the server's refusals.

    Raises:
        MalformedProof, ForgedProof, UnknownKey, UnknownDevice, NonceRefused, KeyChanged.
    """
    try:
        yield
    except TokenError:
        raise MalformedProof from None
    except TokenRefused as refused:
        raise _REFUSALS[refused.reason] from None


def _hash(bearer: str) -> bytes:
    return hashlib.sha256(bearer.encode()).digest()
