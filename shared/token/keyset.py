"""The key set: which issuer keys a verifier believes, signed by a root.

Source: K1 §7.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

from shared.token import cbor, form
from shared.token.cose import (
    SIGNATURE_BYTES,
    Checks,
    Envelope,
    PublicPoint,
    Unsigned,
    holds,
    open_document,
)
from shared.token.errors import Refusal, TokenRefused
from shared.token.fields import (
    ALG,
    CRV,
    EC2,
    ES256,
    EXP,
    IAT,
    ISS,
    KID,
    KID_BYTES,
    KTY,
    SCHEME,
    SEQ,
    SEQ_MOST,
    TYP,
    X,
    Y,
    checked_draft,
    curve_point,
    kid_of,
    point_of,
)

KEY_SET_TYP = "application/k1-keyset+cwt"
KEY_SET_MOST_BYTES = 65_536
AHEAD_MOST_S = 300
"""How far ahead of this clock a signed document may have been issued."""
ROOT_IDS_FROM = bytes.fromhex("ff00")
"""Ids from here on belong to roots and are not given to keys in a set."""

_KEYS = -65539
_KEY_KID, _KEY_ALG, _KEY_OPS, _KEY_USE = 2, 3, 4, -65537
_VERIFY = 2


class KeyRole(IntEnum):
    """What a key may sign."""

    MOBILE = 1
    STATUS = 2
    PAPER = 3


@dataclass(frozen=True, slots=True)
class IssuerKey:
    """A public key of an issuer; what it signed counts while `not_before_s <= now < until_s`."""

    kid: bytes
    point: PublicPoint
    role: KeyRole
    not_before_s: int
    until_s: int

    def is_in_use(self, at_s: int) -> bool:
        """Whether the key's time includes this second."""
        return self.not_before_s <= at_s < self.until_s


@dataclass(frozen=True, slots=True)
class KeySet:
    """All keys a verifier believes, by `kid`. No keys at all is legal and closes every door.

    `raw` is the accepted bytes: keep them with `seq`, also over sign-out.
    """

    seq: int
    issued_at_s: int
    until_s: int
    keys: Mapping[bytes, IssuerKey]
    raw: bytes


def draft_key_set(
    *, seq: int, issued_at_s: int, until_s: int, keys: Sequence[IssuerKey], root_kid: bytes
) -> Unsigned:
    """Write a key set for a root to sign. *seq* is higher than of any set before.

    Raises:
        ValueError: A value is out of range, a `kid` stands twice or belongs to roots, or it is
            too long.
    """
    claims: dict[int | str, cbor.Item] = {
        ISS: SCHEME,
        EXP: until_s,
        IAT: issued_at_s,
        SEQ: seq,
        _KEYS: [_written(key) for key in keys],
    }
    header: dict[int | str, cbor.Item] = {ALG: ES256, KID: root_kid, TYP: KEY_SET_TYP}
    unsigned = checked_draft(header, claims, lambda envelope: _key_set(envelope, b""))
    if len(unsigned.seal(bytes(SIGNATURE_BYTES))) > KEY_SET_MOST_BYTES:
        raise ValueError(f"a key set has at most {KEY_SET_MOST_BYTES} bytes")
    return unsigned


def accept_key_set(
    raw: bytes,
    *,
    roots: Mapping[bytes, PublicPoint],
    held: tuple[int, bytes] | None,
    now_s: int,
) -> Checks[KeySet]:
    """Judge a downloaded key set; returns it when it may replace the held one.

    *roots* are the pinned root keys by `kid`; *held* is the highest `seq` ever accepted with the
    bytes of that set. Nothing is judged before the first step of the generator.

    Raises:
        TokenError: `form`.
        TokenRefused: unknown_key, forged, rollback, future, expired; looked for in this order.
    """
    envelope, key_set = open_document(
        raw, longest=KEY_SET_MOST_BYTES, read=lambda envelope: _key_set(envelope, raw)
    )
    root = roots.get(kid_of(envelope.header, typ=KEY_SET_TYP))
    if root is None:
        raise TokenRefused(Refusal.UNKNOWN_KEY)
    if not (yield from holds(envelope.check(root))):
        raise TokenRefused(Refusal.FORGED)
    if held is not None and key_set.seq <= held[0] and (key_set.seq, raw) != held:
        raise TokenRefused(Refusal.ROLLBACK)
    check_times(issued_at_s=key_set.issued_at_s, until_s=key_set.until_s, now_s=now_s)
    return key_set


def check_times(*, issued_at_s: int, until_s: int, now_s: int) -> None:
    """A signed document is neither from the future nor over.

    Raises:
        TokenRefused: future, expired; looked for in this order.
    """
    if issued_at_s - now_s > AHEAD_MOST_S:
        raise TokenRefused(Refusal.FUTURE)
    if now_s >= until_s:
        raise TokenRefused(Refusal.EXPIRED)


def _key_set(envelope: Envelope, raw: bytes) -> KeySet:
    kid_of(envelope.header, typ=KEY_SET_TYP)
    claims = form.map_of(envelope.claims, {ISS, EXP, IAT, SEQ, _KEYS})
    form.check_same(claims[ISS], SCHEME)
    issued_at_s, until_s = form.instant(claims[IAT]), form.instant(claims[EXP])
    if issued_at_s >= until_s:
        form.refuse("ends before it begins")
    listed = claims[_KEYS]
    if not isinstance(listed, list):
        form.refuse("keys are not a list")
    keys = {key.kid: key for key in map(_issuer_key, listed)}
    if len(keys) != len(listed):
        form.refuse("a kid stands twice")
    seq = form.whole(claims[SEQ], 1, SEQ_MOST)
    return KeySet(seq, issued_at_s, until_s, MappingProxyType(keys), raw)


def _issuer_key(item: cbor.Item) -> IssuerKey:
    key = form.map_of(item, {KTY, _KEY_KID, _KEY_ALG, _KEY_OPS, CRV, X, Y, _KEY_USE})
    form.check_same(key[KTY], EC2)
    form.check_same(key[_KEY_ALG], ES256)
    form.check_same(form.array_of(key[_KEY_OPS], 1)[0], _VERIFY)
    kid = form.octets(key[_KEY_KID], KID_BYTES)
    if kid >= ROOT_IDS_FROM:
        form.refuse("this id belongs to roots")
    role, not_before, until = form.array_of(key[_KEY_USE], 3)
    not_before_s, until_s = form.instant(not_before), form.instant(until)
    if not_before_s >= until_s:
        form.refuse("a key ends before it begins")
    role_of_key = KeyRole(form.whole(role, min(KeyRole), max(KeyRole)))
    return IssuerKey(kid, point_of(key), role_of_key, not_before_s, until_s)


def _written(key: IssuerKey) -> cbor.Item:
    return {
        KTY: EC2,
        _KEY_KID: key.kid,
        _KEY_ALG: ES256,
        _KEY_OPS: [_VERIFY],
        **curve_point(key.point),
        _KEY_USE: [int(key.role), key.not_before_s, key.until_s],
    }
