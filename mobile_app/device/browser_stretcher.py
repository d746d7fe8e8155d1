"""Slow hashes by the browser's WebCrypto: Python there comes without OpenSSL, so without any."""

from mobile_app.device.bridge import Phone, to_octets


class BrowserStretcher:
    """The browser hashes beside Python: nothing stands still."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone

    async def stretch(self, secret: str, *, salt: bytes, rounds: int) -> bytes:
        """See `Stretcher`."""
        return (await self._phone.stretch(secret, to_octets(salt), rounds)).to_bytes()
