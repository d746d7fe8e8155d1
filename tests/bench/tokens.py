"""Genuine tokens without a database: an issuer, and cards shown at the bench's instant."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from server.clock import seconds
from server.demo.phone import Phone
from server.keygen import make_keys
from server.signing import (
    KeyRing,
    load_key_ring,
    make_private_key,
    point_of,
    sign_es256,
    verify_es256,
)
from shared.rules.validity import (
    credential_not_before_s,
    credential_until_s,
    last_valid_day,
    local_day,
)
from shared.token.cose import SignatureCheck
from shared.token.credential import CardClass, Credential, draft_credential
from shared.token.keyset import KeyRole
from shared.token.status import BITS_MOST_BYTES, StatusList

HISTORY_S = 30 * 86_400
"""The keys have signed for so long."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A card on a phone's screen."""

    sub: str
    credential: bytes
    text: str


def make_issuer(now: datetime) -> KeyRing:
    with tempfile.TemporaryDirectory(prefix="kaiku-bench-") as folder:
        keys_dir = Path(folder, "keys")
        now_s = seconds(now)
        make_keys(
            keys_dir=keys_dir,
            roots_dir=Path(folder, "roots"),
            from_s=now_s - HISTORY_S,
            now_s=now_s,
        )
        return load_key_ring(keys_dir, now_s=now_s)


def make_shown(ring: KeyRing, phone: Phone, *, now: datetime, number: int = 0) -> Shown:
    today = local_day(seconds(now))
    credential = Credential(
        sub=f"Bench{number:05}",
        not_before_s=credential_not_before_s(card_first_valid_on=today, issued_at_s=seconds(now)),
        until_s=credential_until_s(
            card_last_valid_on=last_valid_day(today), issued_at_s=seconds(now)
        ),
        card_class=CardClass.PERSONAL,
        count=2,
        place=number,
        holder=phone.point,
    )
    sealed = ring.seal(
        KeyRole.MOBILE,
        lambda kid: draft_credential(credential, kid=kid),
        now_s=seconds(now),
        until_s=credential.until_s,
    )
    return Shown(credential.sub, sealed.raw, phone.present(sealed.raw, now=now))


def make_status(ring: KeyRing, *, now: datetime) -> StatusList:
    """A list of 65,536 places, one in a hundred revoked; none of the first eight."""
    bits = bytearray(BITS_MOST_BYTES)
    bits[1::100] = b"\x80" * len(bits[1::100])
    now_s = seconds(now)
    return StatusList(
        number=0,
        issued_at_s=now_s,
        until_s=now_s + 7 * 86_400,
        ttl_s=60,
        seq=ring.key_set.seq,
        bits=bytes(bits),
    )


def sign_once() -> Callable[[], object]:
    """The bare signature that a presentation cannot do without."""
    key, message = make_private_key(), bytes(250)
    return lambda: sign_es256(key, message)


def verify_once() -> Callable[[], object]:
    """The bare verification that a decision cannot do without; the key is at hand."""
    key, message = make_private_key(), bytes(250)
    check = SignatureCheck(message, sign_es256(key, message), point_of(key))
    return lambda: verify_es256(check)
