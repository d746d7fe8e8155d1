"""Which cards came in at this scanner in the last 48 hours, without saying which.

A row stands under a hash of the card's `sub`, keyed with a key of the day that is thrown away with
the day's rows: whoever finds an old scanner learns nothing about anybody (token specification,
sections 10.1 and 12).
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mobile_app.device.store import Record, Store
from mobile_app.sync.record import as_record, readable
from shared.rules.admission import LedgerRow
from shared.rules.ledger import LEDGER_KEEPS_S
from shared.rules.validity import local_day
from shared.wire import from_base64url, to_base64url

KEPT_S = LEDGER_KEEPS_S

_ROWS = "door/ledger/"
_DAY_KEYS = "door/ledger-key/"
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class _Row:
    """A ledger row without its card."""

    shown_at_s: int | None
    event: str
    venue: str
    device: str
    at_s: int


class Ledger:
    """Rows by card, on disk."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def rows_of(self, sub: str, *, now_s: int) -> list[LedgerRow]:
        """Give what is known about one card, at most 48 hours back."""
        rows = []
        for name, record in await self._store.under(_DAY_KEYS):
            day = date.fromisoformat(name.removeprefix(_DAY_KEYS))
            under = _folder(day, from_base64url(record["key"]), sub)
            found = [row for _, row in readable(_Row, await self._store.under(under))]
            rows += [
                LedgerRow(
                    sub=sub,
                    shown_at_s=row.shown_at_s,
                    event=row.event,
                    venue=row.venue,
                    device=row.device,
                    at_s=row.at_s,
                )
                for row in found
                if now_s - row.at_s <= KEPT_S
            ]
        return sorted(rows, key=lambda row: row.at_s)

    async def entry(self, row: LedgerRow, scan_id: UUID) -> tuple[str, dict[str, Record | None]]:
        """Give the row's name, and what to write in the same moment as the visit."""
        day = local_day(row.at_s)
        held = await self._store.get(f"{_DAY_KEYS}{day}")
        key = secrets.token_bytes(_KEY_BYTES) if held is None else from_base64url(held["key"])
        kept = _Row(row.shown_at_s, row.event, row.venue, row.device, row.at_s)
        name = f"{_folder(day, key, row.sub)}{scan_id}"
        return name, {name: as_record(kept), f"{_DAY_KEYS}{day}": {"key": to_base64url(key)}}

    async def forget_old(self, *, now_s: int) -> None:
        """Throw away the rows and keys of days that are over for more than 48 hours."""
        first = local_day(now_s - KEPT_S).isoformat()
        old: dict[str, Record | None] = {}
        for name, _ in await self._store.under(_DAY_KEYS):
            day = name.removeprefix(_DAY_KEYS)
            if day < first:  # only these days are read: today's rows may be many
                rows = await self._store.under(f"{_ROWS}{day}/")
                old |= dict.fromkeys([name, *(row for row, _ in rows)])
        if old:
            await self._store.put_all(old)


def _folder(day: date, key: bytes, sub: str) -> str:
    return f"{_ROWS}{day}/{hmac.new(key, sub.encode(), hashlib.sha256).hexdigest()}/"
