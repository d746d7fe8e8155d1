"""The status lists that doors download: one bit for every credential that must not be used."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.card.models import SignedCredential
from server.clock import seconds
from server.signing import KeyRing
from shared.token.keyset import KeyRole
from shared.token.status import BITS_MOST_BYTES, draft_status_list

PLACES_PER_LIST = 8 * BITS_MOST_BYTES

LIST_LIFE = timedelta(days=7)
"""A door may trust a list so long; it calls it old after a day (K1 §10.1)."""
LIST_TTL = timedelta(minutes=1)
"""How soon a door with network should ask again."""


def sign_status_list(db: Session, number: int, *, ring: KeyRing, now: datetime) -> bytes:
    """Sign list *number* as it is now.

    Source: K1 §8.
    """
    return sign_bits(status_bits(db, number, now=now), number, ring=ring, now=now)


def status_bits(db: Session, number: int, *, now: datetime) -> bytes:
    """Give the bits of list *number*. One is cleared once its credential has run out by itself."""
    first = number * PLACES_PER_LIST
    revoked = select(SignedCredential.place).where(
        SignedCredential.place.between(first, first + PLACES_PER_LIST - 1),
        SignedCredential.reserved_until > now,
        SignedCredential.usable_until > now,
        SignedCredential.revoked_at <= now,
    )
    bits = bytearray(BITS_MOST_BYTES)
    for place in db.scalars(revoked):
        index = place - first
        bits[index >> 3] |= 1 << (index & 7)
    return bytes(bits)


def sign_bits(bits: bytes, number: int, *, ring: KeyRing, now: datetime) -> bytes:
    """Sign *bits* as list *number*."""
    now_s = seconds(now)
    until_s = now_s + int(LIST_LIFE.total_seconds())
    sealed = ring.seal(
        KeyRole.STATUS,
        lambda kid: draft_status_list(
            number=number,
            issued_at_s=now_s,
            until_s=until_s,
            ttl_s=int(LIST_TTL.total_seconds()),
            seq=ring.key_set.seq,
            bits=bits,
            kid=kid,
        ),
        now_s=now_s,
        until_s=until_s,
    )
    return sealed.raw
