"""Made-up keys, signing and verifying for tests. OpenSSL does the cryptography."""

from dataclasses import dataclass
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256

from shared.token.cose import PublicPoint, SignatureCheck, Unsigned

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True)
class TestKey:
    """A P-256 key pair made from a number, so that every run has the same keys."""

    __test__ = False

    secret: int

    @property
    def point(self) -> PublicPoint:
        numbers = _private(self.secret).public_key().public_numbers()
        return PublicPoint(x=numbers.x.to_bytes(32, "big"), odd=bool(numbers.y & 1))

    def sign(self, signed: bytes) -> bytes:
        """Sign deterministically (RFC 6979); r then s, 64 bytes."""
        algorithm = ec.ECDSA(SHA256(), deterministic_signing=True)
        r, s = decode_dss_signature(_private(self.secret).sign(signed, algorithm))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def seal(self, unsigned: Unsigned) -> bytes:
        """Sign a draft; the bytes of the COSE_Sign1."""
        return unsigned.seal(self.sign(unsigned.bytes_to_sign()))


ROOT, ISSUER, PAPER_PRESS, STATUS, PHONE, OTHER_PHONE, SCANNER, ROGUE = (
    TestKey(secret) for secret in range(1001, 1009)
)


def verify(check: SignatureCheck) -> bool:
    """Verify with OpenSSL; False also for a point that is not on the curve."""
    r, s = int.from_bytes(check.signature[:32], "big"), int.from_bytes(check.signature[32:], "big")
    try:
        public_key(check.point).verify(encode_dss_signature(r, s), check.signed, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def exchange_s(signature: bytes) -> bytes:
    """The other signature that is just as good: s → n-s."""
    s = ORDER - int.from_bytes(signature[32:], "big")
    return signature[:32] + s.to_bytes(32, "big")


@cache
def public_key(point: PublicPoint) -> ec.EllipticCurvePublicKey:
    """Decompress a point; ValueError when it is not on the curve."""
    prefix = b"\x03" if point.odd else b"\x02"
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), prefix + point.x)


@cache
def _private(secret: int) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(secret, ec.SECP256R1())
