"""The Store in the browser's IndexedDB."""

import json
from collections.abc import Awaitable, Mapping
from typing import TypeVar

from mobile_app.device.bridge import Phone
from mobile_app.device.store import Record, StoreRefused

T = TypeVar("T")


class BrowserStore:
    """Records in IndexedDB; every write is one transaction, on disk when the call returns."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone

    async def get(self, key: str) -> Record | None:
        """See `Store`."""
        text = await _answer(self._phone.get(key))
        return None if text is None else _read(text)

    async def put(self, key: str, value: Record) -> None:
        """See `Store`."""
        await self.put_all({key: value})

    async def put_all(self, records: Mapping[str, Record | None]) -> None:
        """See `Store`."""
        pairs = [
            (key, None if value is None else json.dumps(value, ensure_ascii=False))
            for key, value in records.items()
        ]
        await _answer(self._phone.putAll(json.dumps(pairs)))

    async def under(self, prefix: str) -> list[tuple[str, Record]]:
        """See `Store`."""
        pairs = json.loads(await _answer(self._phone.under(prefix)))
        return [(key, _read(text)) for key, text in pairs]

    async def is_lasting(self) -> bool:
        """See `Store`."""
        return await _answer(self._phone.isLasting())


async def _answer(asked: Awaitable[T]) -> T:
    try:
        return await asked
    except Exception as error:  # JavaScript's: no space left, no database, private browsing
        raise StoreRefused(str(error)) from error


def _read(text: str) -> Record:
    """Give what was written; what cannot be read is no record that anybody knows."""
    try:
        record = json.loads(text)
    except ValueError:
        record = None
    return record if isinstance(record, dict) else {"unreadable": True}
