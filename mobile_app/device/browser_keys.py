"""Keys in the browser's WebCrypto: P-256, not extractable, kept in IndexedDB."""

from collections.abc import Awaitable
from typing import TypeVar

from mobile_app.device.bridge import Phone, to_octets
from mobile_app.device.key_store import KeyLost, KeysAway
from shared.token.cose import PublicPoint, SignatureCheck

T = TypeVar("T")

_ODD = 3
"""First byte of a compressed point whose y is odd (SEC 1)."""


class BrowserKeyStore:
    """Keys that sign here and can be copied by nobody, not even by this page."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone

    async def make_key(self, name: str) -> PublicPoint:
        """See `KeyStore`."""
        return _read((await _answer(self._phone.makeKey(name))).to_bytes())

    async def point_of(self, name: str) -> PublicPoint | None:
        """See `KeyStore`."""
        point = await _answer(self._phone.pointOf(name))
        return None if point is None else _read(point.to_bytes())

    async def sign(self, name: str, data: bytes) -> bytes:
        """See `KeyStore`."""
        signature = await _answer(self._phone.sign(name, to_octets(data)))
        if signature is None:
            raise KeyLost(name)
        return signature.to_bytes()

    async def forget(self, name: str) -> None:
        """See `KeyStore`."""
        await _answer(self._phone.forget(name))

    async def verify(self, check: SignatureCheck) -> bool:
        """See `KeyStore`."""
        point = bytes([_ODD if check.point.odd else _ODD - 1]) + check.point.x
        parts = (point, check.signature, check.signed)
        return await self._phone.verify(*map(to_octets, parts)) is True


def _read(compressed: bytes) -> PublicPoint:
    return PublicPoint(x=compressed[1:], odd=compressed[0] == _ODD)


async def _answer(asked: Awaitable[T]) -> T:
    try:
        return await asked
    except Exception as error:  # JavaScript's: no database, private browsing
        raise KeysAway(str(error)) from error
