"""What the phone remembers: small JSON records by name, durable when a call returns."""

from collections.abc import Mapping
from typing import Any, Protocol

Record = dict[str, Any]


class StoreRefused(Exception):
    """The device takes or gives no records: its storage is full, closed or broken."""


class Store(Protocol):
    """Records by name; names are paths such as `visit/2026-11`. Every call may be refused."""

    async def get(self, key: str) -> Record | None:
        """Give one record, or nothing."""

    async def put(self, key: str, value: Record) -> None:
        """Write one record."""

    async def put_all(self, records: Mapping[str, Record | None]) -> None:
        """Write all or none of *records*; `None` deletes."""

    async def under(self, prefix: str) -> list[tuple[str, Record]]:
        """Give every record whose name begins with *prefix*, ordered by name."""

    async def is_lasting(self) -> bool:
        """Tell whether the platform promises not to clear this away by itself.

        A browser promises nothing in private mode, nor to a page it hardly knows.
        """
