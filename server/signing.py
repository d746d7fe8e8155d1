"""The server's signing keys: three roles, the newest of a role signs, all of them verify.

The folder holds one PEM file per private key, `keys.json` (every public key there ever was, so
that an old phone can still prove itself), `key-set.cose` (what doors accept, signed by a root that
is not here) and `roots.json` (the roots that apps pin).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from shared.token import cbor, form
from shared.token.cose import PublicPoint, SignatureCheck, Unsigned, open_envelope, settle
from shared.token.fields import IAT
from shared.token.keyset import IssuerKey, KeyRole, KeySet, accept_key_set

KEYS_FILE = "keys.json"
KEY_SET_FILE = "key-set.cose"
ROOTS_FILE = "roots.json"

_ES256 = ec.ECDSA(SHA256())
_HALF = 32


class NoSigningKey(RuntimeError):
    """No key of this role may sign now: make or rotate keys with `keygen`."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A signed object and the id of the key that signed it."""

    raw: bytes
    kid: bytes


class KeyRing:
    """The keys of one server."""

    def __init__(
        self,
        *,
        private: Mapping[bytes, ec.EllipticCurvePrivateKey],
        keys: Mapping[bytes, IssuerKey],
        key_set: KeySet,
        roots: Mapping[bytes, PublicPoint],
    ) -> None:
        self.keys = keys
        self.key_set = key_set
        self.roots = roots
        self._private = private

    def seal(
        self, role: KeyRole, draft: Callable[[bytes], Unsigned], *, now_s: int, until_s: int
    ) -> Sealed:
        """Sign what *draft* makes for a key id, with the newest key of *role*.

        What is good until *until_s* is signed by no key that doors stop to accept before.

        Raises:
            NoSigningKey: None may sign that at *now_s*: it is time for `keygen --rotate`.
        """
        kid = self.signing_kid(role, now_s=now_s, until_s=until_s)
        if kid is None:
            raise NoSigningKey(role.name.lower())
        unsigned = draft(kid)
        return Sealed(unsigned.seal(sign_es256(self._private[kid], unsigned.bytes_to_sign())), kid)

    def signing_kid(self, role: KeyRole, *, now_s: int, until_s: int) -> bytes | None:
        """Name the key that would sign for *role* what is good until *until_s*, if there is one."""
        usable = [
            key
            for key in self.key_set.keys.values()  # what doors have been told, and nothing else
            if key.role is role
            and key.not_before_s <= now_s < until_s <= key.until_s
            and self.can_sign(key)
        ]
        return max(usable, key=lambda key: key.not_before_s).kid if usable else None

    def can_sign(self, key: IssuerKey) -> bool:
        """Tell whether the private half of a key is here."""
        return key.kid in self._private


def load_key_ring(folder: Path, *, now_s: int | None) -> KeyRing:
    """Read the keys of *folder* and check that its key set is one that doors would accept.

    *now_s* is None for who signs the set anew: it is then judged as of when it was signed.

    Raises:
        OSError: A file is missing; `keygen` makes them.
        TokenError, TokenRefused: The key set is malformed, forged or has run out.
    """
    roots = {
        bytes.fromhex(row["kid"]): PublicPoint(bytes.fromhex(row["x"]), row["odd"])
        for row in json.loads((folder / ROOTS_FILE).read_text())
    }
    keys = [_issuer_key(row) for row in json.loads((folder / KEYS_FILE).read_text())]
    private = {
        bytes.fromhex(path.stem): read_private_key(path) for path in sorted(folder.glob("*.pem"))
    }
    raw = (folder / KEY_SET_FILE).read_bytes()
    at_s = _signed_at_s(raw) if now_s is None else now_s
    key_set = settle(accept_key_set(raw, roots=roots, held=None, now_s=at_s), verify_es256)
    return KeyRing(
        private=private, keys={key.kid: key for key in keys}, key_set=key_set, roots=roots
    )


def read_private_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """Read a P-256 private key in PEM."""
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise ValueError(f"{path.name} is not a P-256 key")
    return key


def write_private_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    """Write a private key that only its owner can read."""
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def make_private_key() -> ec.EllipticCurvePrivateKey:
    """Make a P-256 key pair."""
    return ec.generate_private_key(ec.SECP256R1())


def point_of(key: ec.EllipticCurvePrivateKey) -> PublicPoint:
    """Give the public half as K1 writes it: x, and whether y is odd."""
    compressed = key.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    return PublicPoint(compressed[1:], compressed[0] == 3)  # noqa: PLR2004 - SEC 1: 03 is odd


def sign_es256(key: ec.EllipticCurvePrivateKey, signed: bytes) -> bytes:
    """Sign *signed*; 64 bytes, r and s big endian."""
    r, s = decode_dss_signature(key.sign(signed, _ES256))
    return r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")


def verify_es256(check: SignatureCheck) -> bool:
    """Tell whether a signature holds; a point off the curve verifies nothing."""
    try:
        public = _public_key(check.point)
        r, s = (
            int.from_bytes(half, "big")
            for half in (check.signature[:_HALF], check.signature[_HALF:])
        )
        public.verify(encode_dss_signature(r, s), check.signed, _ES256)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=1024)
def _public_key(point: PublicPoint) -> ec.EllipticCurvePublicKey:
    prefix = b"\x03" if point.odd else b"\x02"
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), prefix + point.x)


def _signed_at_s(key_set: bytes) -> int:
    claims = open_envelope(cbor.decode(key_set)).claims
    return form.instant(claims.get(IAT, 0) if isinstance(claims, dict) else 0)


def _issuer_key(row: dict[str, object]) -> IssuerKey:
    return IssuerKey(
        kid=bytes.fromhex(str(row["kid"])),
        point=PublicPoint(bytes.fromhex(str(row["x"])), bool(row["odd"])),
        role=KeyRole(int(str(row["role"]))),
        not_before_s=int(str(row["nbf"])),
        until_s=int(str(row["exp"])),
    )
