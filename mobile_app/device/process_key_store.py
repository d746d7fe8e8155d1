"""Keys made and used by this very process, with the `cryptography` library."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from mobile_app.device.store import Store
from shared.token.cose import PublicPoint, SignatureCheck
from shared.wire import from_base64url, to_base64url

_CURVE = ec.SECP256R1()
_ES256 = ec.ECDSA(hashes.SHA256())
_HALF_BYTES = 32


class ProcessKeyStore:
    """Keys held by this process in its Store: in the live preview, that is the server.

    A phone keeps them in its secure storage instead; the live preview tells its user so.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._held: dict[str, ec.EllipticCurvePrivateKey] = {}

    async def make_key(self, name: str) -> PublicPoint:
        """See `KeyStore`."""
        key = ec.generate_private_key(_CURVE)
        pkcs8 = key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        await self._store.put(_record_of(name), {"pkcs8": to_base64url(pkcs8)})
        self._held[name] = key
        return _point(key)

    async def point_of(self, name: str) -> PublicPoint | None:
        """See `KeyStore`."""
        key = await self._load(name)
        return None if key is None else _point(key)

    async def sign(self, name: str, data: bytes) -> bytes:
        """See `KeyStore`."""
        key = await self._load(name)
        if key is None:
            raise KeyError(name)
        r, s = decode_dss_signature(key.sign(data, _ES256))
        return r.to_bytes(_HALF_BYTES, "big") + s.to_bytes(_HALF_BYTES, "big")

    async def forget(self, name: str) -> None:
        """See `KeyStore`."""
        self._held.pop(name, None)
        await self._store.put_all({_record_of(name): None})

    async def verify(self, check: SignatureCheck) -> bool:
        """See `KeyStore`."""
        compressed = (b"\x03" if check.point.odd else b"\x02") + check.point.x
        r = int.from_bytes(check.signature[:_HALF_BYTES], "big")
        s = int.from_bytes(check.signature[_HALF_BYTES:], "big")
        try:
            key = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, compressed)
            key.verify(encode_dss_signature(r, s), check.signed, _ES256)
        except (InvalidSignature, ValueError):  # ValueError: the point is not on the curve
            return False
        return True

    async def _load(self, name: str) -> ec.EllipticCurvePrivateKey | None:
        if name in self._held:
            return self._held[name]
        record = await self._store.get(_record_of(name))
        if record is None:
            return None
        key = serialization.load_der_private_key(from_base64url(record["pkcs8"]), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError("a key of another kind stands under this name")
        self._held[name] = key
        return key


def _record_of(name: str) -> str:
    return f"key/{name}"


def _point(key: ec.EllipticCurvePrivateKey) -> PublicPoint:
    numbers = key.public_key().public_numbers()
    return PublicPoint(x=numbers.x.to_bytes(_HALF_BYTES, "big"), odd=bool(numbers.y & 1))
