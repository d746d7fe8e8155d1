"""The Store as one SQLite file: phones, desks and the live preview."""

import asyncio
import json
import sqlite3
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from mobile_app.device.store import Record

T = TypeVar("T")

_TABLE = "CREATE TABLE IF NOT EXISTS record (key TEXT PRIMARY KEY, value TEXT NOT NULL)"
_PUT = (
    "INSERT INTO record (key, value) VALUES (?, ?)"
    " ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)

_LAST_CHARACTER = chr(sys.maxunicode)
_SURROGATES = 0xD800, 0xDFFF


class SqliteStore:
    """Records in one SQLite file. Every write is on disk before the call returns."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        # isolation_level=None: transactions are begun and ended by hand below.
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")  # NORMAL may lose the last writes with power
        self._db.execute(_TABLE)

    async def get(self, key: str) -> Record | None:
        """See `Store`."""
        return await self._run(lambda db: _get(db, key))

    async def put(self, key: str, value: Record) -> None:
        """See `Store`."""
        await self.put_all({key: value})

    async def put_all(self, records: Mapping[str, Record | None]) -> None:
        """See `Store`."""
        written = {key: None if value is None else _write(value) for key, value in records.items()}
        await self._run(lambda db: _put_all(db, written))

    async def under(self, prefix: str) -> list[tuple[str, Record]]:
        """See `Store`."""
        return await self._run(lambda db: _under(db, prefix))

    async def is_lasting(self) -> bool:
        """See `Store`."""
        return True

    def close(self) -> None:
        """Close the file; the store cannot be used afterwards."""
        with self._lock:
            self._db.close()

    async def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        def locked() -> T:
            with self._lock:
                return work(self._db)

        return await asyncio.to_thread(locked)


def _write(value: Record) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _get(db: sqlite3.Connection, key: str) -> Record | None:
    row = db.execute("SELECT value FROM record WHERE key = ?", (key,)).fetchone()
    return None if row is None else json.loads(row[0])


def _put_all(db: sqlite3.Connection, written: Mapping[str, str | None]) -> None:
    db.execute("BEGIN IMMEDIATE")
    try:
        for key, value in written.items():
            if value is None:
                db.execute("DELETE FROM record WHERE key = ?", (key,))
            else:
                db.execute(_PUT, (key, value))
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def _under(db: sqlite3.Connection, prefix: str) -> list[tuple[str, Record]]:
    # A range of keys, which the primary key's index answers; a function of the key would read all.
    rows = db.execute(
        "SELECT key, value FROM record WHERE key >= ? AND key < ? ORDER BY key",
        (prefix, _end_of(prefix)),
    )
    return [(key, json.loads(value)) for key, value in rows]


def _end_of(prefix: str) -> str | bytes:
    """Give what comes right after every text that begins with *prefix*."""
    rest = prefix.rstrip(_LAST_CHARACTER)
    if not rest:
        return b""  # nothing does; SQLite sorts bytes behind all texts
    after = ord(rest[-1]) + 1
    if after == _SURROGATES[0]:  # no characters: UTF-8 cannot write them
        after = _SURROGATES[1] + 1
    return rest[:-1] + chr(after)
