"""Keys in the phone's secure storage: the Keychain on iOS, sealed by the Keystore on Android."""

import asyncio
import logging
from collections.abc import Awaitable
from typing import Protocol, TypeVar

import flet_secure_storage as fss  # type: ignore[import-untyped]

from mobile_app.device.key_store import KeyLost, KeysAway
from mobile_app.device.p256 import (
    PrivateKey,
    is_signed,
    make_private_key,
    public_point,
    read_private_key,
    sign_es256,
    write_private_key,
)
from shared.token.cose import PublicPoint, SignatureCheck

T = TypeVar("T")

_ANSWER_WITHIN_S = 10.0

_log = logging.getLogger(__name__)


class Vault(Protocol):
    """Small secrets by name, as a phone keeps them. Failures are RuntimeError."""

    async def get(self, key: str) -> str | None:
        """Give one secret, or nothing."""

    async def set(self, key: str, value: str) -> None:
        """Keep one secret, in place of an older one."""

    async def remove(self, key: str) -> None:
        """Destroy one secret; harmless when there is none."""


def open_vault() -> Vault:
    """Give this phone's secure storage. What is kept there stays on this phone.

    iOS: never in iCloud, in no backup that another phone could read, and readable from the first
    unlocking after a restart on. Android: what another phone got by a transfer is sealed by a key
    that it has not; it is then thrown away (`reset_on_error`), or no new key could ever be kept.
    """
    vault: Vault = fss.SecureStorage(
        ios_options=fss.IOSOptions(
            accessibility=fss.KeychainAccessibility.FIRST_UNLOCK_THIS_DEVICE,
            synchronizable=False,
        ),
        android_options=fss.AndroidOptions(reset_on_error=True),
    )
    return vault


class SecureKeyStore:
    """Keys that are in this process's memory only while it signs."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def make_key(self, name: str) -> PublicPoint:
        """See `KeyStore`."""
        key = make_private_key()
        text = write_private_key(key)
        await _answer(self._vault.set(_place_of(name), text))
        # Android reports success also when it has thrown everything away instead of keeping it.
        if await _answer(self._vault.get(_place_of(name))) != text:
            raise KeysAway("the phone did not keep the key")
        return public_point(key)

    async def point_of(self, name: str) -> PublicPoint | None:
        """See `KeyStore`."""
        key = await self._take(name)
        return None if key is None else public_point(key)

    async def sign(self, name: str, data: bytes) -> bytes:
        """See `KeyStore`."""
        key = await self._take(name)
        if key is None:
            raise KeyLost(name)
        return sign_es256(key, data)

    async def forget(self, name: str) -> None:
        """See `KeyStore`."""
        await _answer(self._vault.remove(_place_of(name)))

    async def verify(self, check: SignatureCheck) -> bool:
        """See `KeyStore`."""
        return is_signed(check)

    async def _take(self, name: str) -> PrivateKey | None:
        text = await _answer(self._vault.get(_place_of(name)))
        if text is None:
            return None
        try:
            return read_private_key(text)
        except ValueError:  # Android says in words, in place of the secret, that it was destroyed
            _log.warning("what stands in the place of %s is no key", name)
            return None


async def _answer(call: Awaitable[T]) -> T:
    try:
        return await asyncio.wait_for(call, _ANSWER_WITHIN_S)
    except (RuntimeError, TimeoutError) as error:
        raise KeysAway from error


def _place_of(name: str) -> str:
    return f"kaiku.key.{name}"
