"""Keys that this very process keeps, where there is no phone: the live preview, and desks."""

from mobile_app.device.key_store import KeyLost
from mobile_app.device.p256 import (
    PrivateKey,
    is_signed,
    make_private_key,
    public_point,
    read_private_key,
    sign_es256,
    write_private_key,
)
from mobile_app.device.store import Store
from shared.token.cose import PublicPoint, SignatureCheck


class ProcessKeyStore:
    """Keys held by this process in its Store: in the live preview, that is the server.

    A phone keeps them in its secure storage instead; the live preview tells its user so.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._held: dict[str, PrivateKey] = {}

    async def make_key(self, name: str) -> PublicPoint:
        """See `KeyStore`."""
        key = make_private_key()
        await self._store.put(_record_of(name), {"pkcs8": write_private_key(key)})
        self._held[name] = key
        return public_point(key)

    async def point_of(self, name: str) -> PublicPoint | None:
        """See `KeyStore`."""
        key = await self._load(name)
        return None if key is None else public_point(key)

    async def sign(self, name: str, data: bytes) -> bytes:
        """See `KeyStore`."""
        key = await self._load(name)
        if key is None:
            raise KeyLost(name)
        return sign_es256(key, data)

    async def forget(self, name: str) -> None:
        """See `KeyStore`."""
        self._held.pop(name, None)
        await self._store.put_all({_record_of(name): None})

    async def verify(self, check: SignatureCheck) -> bool:
        """See `KeyStore`."""
        return is_signed(check)

    async def _load(self, name: str) -> PrivateKey | None:
        if name in self._held:
            return self._held[name]
        record = await self._store.get(_record_of(name))
        if record is None:
            return None
        self._held[name] = read_private_key(record["pkcs8"])
        return self._held[name]


def _record_of(name: str) -> str:
    return f"key/{name}"
