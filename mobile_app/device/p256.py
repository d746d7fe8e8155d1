"""P-256 by the `cryptography` library: phones, desks and the live preview."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from shared.token.cose import PublicPoint, SignatureCheck
from shared.wire import from_base64url, to_base64url

PrivateKey = ec.EllipticCurvePrivateKey

_CURVE = ec.SECP256R1()
_ES256 = ec.ECDSA(hashes.SHA256())
_HALF_BYTES = 32


def make_private_key() -> PrivateKey:
    """Make a new key."""
    return ec.generate_private_key(_CURVE)


def write_private_key(key: PrivateKey) -> str:
    """Write a key as text: PKCS #8, not encrypted, base64url."""
    return to_base64url(
        key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def read_private_key(text: str) -> PrivateKey:
    """Read what `write_private_key` wrote.

    Raises:
        ValueError: It is anything else.
    """
    key = serialization.load_der_private_key(from_base64url(text), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != _CURVE.name:
        raise ValueError("a key of another kind")
    return key


def public_point(key: PrivateKey) -> PublicPoint:
    """Give the public half of a key."""
    numbers = key.public_key().public_numbers()
    return PublicPoint(x=numbers.x.to_bytes(_HALF_BYTES, "big"), odd=bool(numbers.y & 1))


def sign_es256(key: PrivateKey, data: bytes) -> bytes:
    """Sign; r then s, 32 bytes each."""
    r, s = decode_dss_signature(key.sign(data, _ES256))
    return r.to_bytes(_HALF_BYTES, "big") + s.to_bytes(_HALF_BYTES, "big")


def is_signed(check: SignatureCheck) -> bool:
    """Tell whether a signature holds."""
    compressed = (b"\x03" if check.point.odd else b"\x02") + check.point.x
    r = int.from_bytes(check.signature[:_HALF_BYTES], "big")
    s = int.from_bytes(check.signature[_HALF_BYTES:], "big")
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, compressed)
        key.verify(encode_dss_signature(r, s), check.signed, _ES256)
    except (InvalidSignature, ValueError):  # ValueError: the point is not on the curve
        return False
    return True
