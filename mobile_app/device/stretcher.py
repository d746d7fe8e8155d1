"""Slow hashes: what makes trying ten thousand PINs take hours instead of a blink."""

import asyncio
import hashlib
from typing import Protocol


class Stretcher(Protocol):
    """PBKDF2 with HMAC-SHA-256 (RFC 8018)."""

    async def stretch(self, secret: str, *, salt: bytes, rounds: int) -> bytes:
        """Give the 32 bytes that *secret* becomes."""


class HashlibStretcher:
    """OpenSSL's, where Python has it: servers, desks, Android and iOS."""

    async def stretch(self, secret: str, *, salt: bytes, rounds: int) -> bytes:
        """See `Stretcher`."""
        return await asyncio.to_thread(hashlib.pbkdf2_hmac, "sha256", secret.encode(), salt, rounds)
