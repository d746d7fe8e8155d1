"""COSE_Sign1, without any cryptography: what must be verified is yielded to the caller.

A function that needs signatures is a generator of `SignatureCheck`s. Its caller verifies each with
whatever the platform has (OpenSSL, WebCrypto, a phone's key store), also asynchronously, and sends
the answer back; the function goes on and returns the truth. `settle` and `settle_async` do that.

Source: K1 §2.3, §6; RFC 9052 section 4.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass
from typing import TypeAlias, TypeVar, cast

from shared.token import cbor
from shared.token.errors import FormCode, TokenError

T = TypeVar("T")

SIGNATURE_BYTES = 64
REMEMBERED_MOST = 512
"""Credentials whose issuer signature may be remembered (K1 §6.3)."""

_HALF = 32
_ORDER_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True, slots=True)
class PublicPoint:
    """A P-256 public key: x as 32 bytes big endian, and whether y is odd.

    Not known to lie on the curve; a verifier that finds it does not answers False.
    """

    x: bytes
    odd: bool


@dataclass(frozen=True, slots=True)
class SignatureCheck:
    """Verify ECDSA P-256 SHA-256 of *signed*; *signature* is r then s, 32 bytes each."""

    signed: bytes
    signature: bytes
    point: PublicPoint


Checks: TypeAlias = Generator[SignatureCheck, bool, T]


def settle(checks: Checks[T], verify: Callable[[SignatureCheck], bool]) -> T:
    """Run *checks* to its end, asking *verify* about every signature."""
    try:
        check = next(checks)
        while True:
            check = checks.send(verify(check))
    except StopIteration as done:
        return cast("T", done.value)


async def settle_async(checks: Checks[T], verify: Callable[[SignatureCheck], Awaitable[bool]]) -> T:
    """Run *checks* to its end, awaiting *verify* for every signature."""
    try:
        check = next(checks)
        while True:
            check = checks.send(await verify(check))
    except StopIteration as done:
        return cast("T", done.value)


def holds(check: SignatureCheck) -> Checks[bool]:
    """Ask whether one signature is good; r and s outside 1…n-1 are not even asked about.

    Only an answer that is exactly True counts: a verifier that forgot to await or to return must
    not open a door.
    """
    r, s = (int.from_bytes(half, "big") for half in _halves(check.signature))
    if not (0 < r < _ORDER_P256 and 0 < s < _ORDER_P256):
        return False
    return (yield check) is True


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A COSE_Sign1 that waits for its signature."""

    protected: bytes
    payload: bytes

    def bytes_to_sign(self) -> bytes:
        """The Sig_structure to sign with ECDSA P-256 SHA-256."""
        return cbor.encode(["Signature1", self.protected, b"", self.payload])

    def seal(self, signature: bytes) -> bytes:
        """Put the signature (r then s, 64 bytes) in; returns the COSE_Sign1 bytes with tag 18.

        Raises:
            ValueError: The signature is not 64 bytes long (DER, for example).
        """
        if len(signature) != SIGNATURE_BYTES:
            raise ValueError("a signature is r and s, 32 bytes each, not DER")
        return cbor.encode(cbor.Tagged([self.protected, {}, self.payload, signature]))


@dataclass(frozen=True, slots=True)
class Envelope:
    """A COSE_Sign1 of right form: its two maps, and the bytes that were signed."""

    header: cbor.Item
    claims: cbor.Item
    unsigned: Unsigned
    signature: bytes

    def check(self, point: PublicPoint) -> SignatureCheck:
        """What to verify if *point* is the signer's."""
        return SignatureCheck(self.unsigned.bytes_to_sign(), self.signature, point)


def open_envelope(item: cbor.Item) -> Envelope:
    """Take a COSE_Sign1 apart; header and claims are decoded, not yet judged.

    Raises:
        TokenError: `form` for another shape, `cbor` for a header or payload that is not CBOR.
    """
    if not isinstance(item, cbor.Tagged):
        raise TokenError(FormCode.FORM, "no tag 18")
    protected, unprotected, payload, signature = item.content
    if not (isinstance(protected, bytes) and isinstance(payload, bytes) and unprotected == {}):
        raise TokenError(FormCode.FORM, "not a COSE_Sign1 with empty unprotected header")
    if not isinstance(signature, bytes) or len(signature) != SIGNATURE_BYTES:
        raise TokenError(FormCode.FORM, "a signature has 64 bytes")
    header, claims = cbor.decode(protected), cbor.decode(payload)
    return Envelope(header, claims, Unsigned(protected, payload), signature)


def open_document(raw: bytes, *, longest: int, read: Callable[[Envelope], T]) -> tuple[Envelope, T]:
    """Open the bytes of a key set, a status list or a proof and *read* what is inside.

    Raises:
        TokenError: `form`, whatever was wrong: these have one code only (K1 §7, §8, §9). The
            cause keeps the finer one.
    """
    if not isinstance(raw, bytes):
        raise TokenError(FormCode.FORM, "not bytes")
    if len(raw) > longest:
        raise TokenError(FormCode.FORM, f"longer than {longest} bytes")
    try:
        envelope = open_envelope(cbor.decode(raw))
        return envelope, read(envelope)
    except TokenError as error:
        raise TokenError(FormCode.FORM, str(error)) from error


class GoodSignatures:
    """Remembers which credentials' issuer signatures were good.

    Keyed by the exact credential bytes and the issuer's public key, only for success, at most 512;
    the least recently seen goes first. Empty it whenever a new key set is accepted. The phone's
    own signature is never remembered.

    Source: K1 §6.3.
    """

    def __init__(self) -> None:
        self._good: OrderedDict[tuple[bytes, PublicPoint], None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._good)

    def knows(self, credential_raw: bytes, issuer: PublicPoint) -> bool:
        """Was this signature good before?"""
        if (credential_raw, issuer) not in self._good:
            return False
        self._good.move_to_end((credential_raw, issuer))
        return True

    def add(self, credential_raw: bytes, issuer: PublicPoint) -> None:
        """Remember a signature that was just verified."""
        self._good[(credential_raw, issuer)] = None
        while len(self._good) > REMEMBERED_MOST:
            self._good.popitem(last=False)

    def forget(self) -> None:
        """Forget all: a new key set was accepted."""
        self._good.clear()


def _halves(signature: bytes) -> tuple[bytes, bytes]:
    return signature[:_HALF], signature[_HALF:]
