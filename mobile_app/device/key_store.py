"""The phone's private keys: made here, used here, never handed out."""

from typing import Protocol

from shared.token.cose import PublicPoint, SignatureCheck


class KeyLost(KeyError):
    """There is no such key; if there ever was one, it cannot be had back."""


class KeysAway(Exception):
    """The place where the keys are does not answer, or keeps nothing. It may do so later."""


class KeyStore(Protocol):
    """P-256 keys by name. Signatures are raw r||s, 64 bytes.

    Every method but `verify` raises `KeysAway` when the place of the keys cannot be used just now.
    """

    async def make_key(self, name: str) -> PublicPoint:
        """Make a new key, in place of any old one of this name; give its public half."""

    async def point_of(self, name: str) -> PublicPoint | None:
        """Give the public half of a key, or nothing when there is no such key."""

    async def sign(self, name: str, data: bytes) -> bytes:
        """Sign with ES256.

        Raises:
            KeyLost: There is no such key.
        """

    async def forget(self, name: str) -> None:
        """Destroy a key; harmless when there is none."""

    async def verify(self, check: SignatureCheck) -> bool:
        """Tell whether a signature holds."""
