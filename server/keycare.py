"""How long keys serve, and when it is time to bring new ones. Knows no private key.

Source: K1 §11.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from server.signing import KeyRing
from shared.token.keyset import IssuerKey, KeyRole

DAY_S = 86_400
KEY_LIFE_S = 400 * DAY_S
"""How long a new key should sign: `rotate_key` well before. It is accepted for longer."""
LAST_CREDENTIAL_S = {
    KeyRole.MOBILE: 40 * DAY_S,
    KeyRole.STATUS: 14 * DAY_S,
    KeyRole.PAPER: 430 * DAY_S,
}
"""How much longer than it signs a key is accepted: the life of what it signed last (K1 §11)."""
ANNOUNCED_S = 14 * DAY_S
"""So long a new key stands in the key set before it signs: doors without network learn of it."""
KEY_SET_LIFE_S = 90 * DAY_S
"""How long a signed key set is good; sign it anew well before."""
RESIGN_BEFORE_S = 30 * DAY_S
"""So long before its end a key set should be followed: doors may be without network meanwhile."""
SOON_S = 14 * DAY_S


class Due(StrEnum):
    """How soon something has to be done about keys."""

    LATER = "later"
    SOON = "soon"
    NOW = "now"


class KeyUse(StrEnum):
    """What the server does with a key."""

    SIGNS = "signs"
    ANNOUNCED = "announced"
    VERIFIES = "verifies"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class CaredKey:
    """A key of the key set."""

    kid: str
    role: KeyRole
    use: KeyUse
    not_before_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True)
class RoleCare:
    """When the newest key of a role must be followed by another; without a signer, at once."""

    role: KeyRole
    rotate_by: datetime | None
    due: Due


@dataclass(frozen=True, slots=True)
class KeyCare:
    """A key set, its keys, and what has to be done when."""

    seq: int
    signed_at: datetime
    until_at: datetime
    sign_anew_by: datetime
    due: Due
    keys: Sequence[CaredKey]
    roles: Sequence[RoleCare]


def key_care(ring: KeyRing, *, now_s: int) -> KeyCare:
    """Tell what doors have been told of our keys, and when to renew what."""
    key_set = ring.key_set
    signers = {role: ring.signing_kid(role, now_s=now_s, until_s=now_s + 1) for role in KeyRole}
    keys = sorted(key_set.keys.values(), key=lambda key: (key.role, -key.not_before_s))
    sign_anew_by_s = key_set.until_s - RESIGN_BEFORE_S
    return KeyCare(
        seq=key_set.seq,
        signed_at=_at(key_set.issued_at_s),
        until_at=_at(key_set.until_s),
        sign_anew_by=_at(sign_anew_by_s),
        due=_due(sign_anew_by_s, now_s=now_s),
        keys=[
            CaredKey(
                kid=key.kid.hex(),
                role=key.role,
                use=_use(key, signers, now_s=now_s),
                not_before_at=_at(key.not_before_s),
                until_at=_at(key.until_s),
            )
            for key in keys
        ],
        roles=[_role_care(ring, role, signers[role], now_s=now_s) for role in KeyRole],
    )


def _role_care(ring: KeyRing, role: KeyRole, signer: bytes | None, *, now_s: int) -> RoleCare:
    ours = [key for key in ring.key_set.keys.values() if key.role is role and ring.can_sign(key)]
    if signer is None or not ours:
        return RoleCare(role, None, Due.NOW)
    newest = max(ours, key=lambda key: key.not_before_s)
    rotate_by_s = newest.until_s - LAST_CREDENTIAL_S[role] - ANNOUNCED_S
    return RoleCare(role, _at(rotate_by_s), _due(rotate_by_s, now_s=now_s))


def _use(key: IssuerKey, signers: dict[KeyRole, bytes | None], *, now_s: int) -> KeyUse:
    if key.kid == signers[key.role]:
        return KeyUse.SIGNS
    if now_s < key.not_before_s:
        return KeyUse.ANNOUNCED
    return KeyUse.VERIFIES if now_s < key.until_s else KeyUse.OVER


def _due(by_s: int, *, now_s: int) -> Due:
    if now_s >= by_s:
        return Due.NOW
    return Due.SOON if now_s >= by_s - SOON_S else Due.LATER


def _at(at_s: int) -> datetime:
    return datetime.fromtimestamp(at_s, UTC)
