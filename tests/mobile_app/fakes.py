"""Stand-ins for the parts of a phone: a clock that is set by hand, a memory without a disk."""

import copy
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from mobile_app.device.store import Record

NOON = datetime(2026, 11, 22, 10, 0, 0, tzinfo=UTC)
"""Noon in Helsinki, on a whole half-minute."""


class FakeClock:
    """Stands still until it is told to move."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at
        self.sure = True
        self.likely = False
        self.ahead = timedelta()
        self.learnt: list[datetime] = []

    def now(self) -> datetime:
        return self.at

    def learn(self, server_time: datetime) -> None:
        self.learnt.append(server_time)

    def is_sure(self) -> bool:
        return self.sure

    def is_likely(self) -> bool:
        return self.likely

    def error(self) -> timedelta:
        return self.ahead

    def record(self) -> Record:
        return {"error_s": self.ahead.total_seconds()}

    def pass_time(self, **duration: float) -> None:
        self.at += timedelta(**duration)


class MemoryStore:
    """Forgets everything when the test is over."""

    def __init__(self, records: Mapping[str, Record] | None = None) -> None:
        self.records: dict[str, Record] = dict(records or {})
        self.lasting = True

    async def get(self, key: str) -> Record | None:
        return copy.deepcopy(self.records.get(key))

    async def put(self, key: str, value: Record) -> None:
        await self.put_all({key: value})

    async def put_all(self, records: Mapping[str, Record | None]) -> None:
        for key, value in records.items():
            if value is None:
                self.records.pop(key, None)
            else:
                self.records[key] = copy.deepcopy(value)

    async def is_lasting(self) -> bool:
        return self.lasting

    async def under(self, prefix: str) -> list[tuple[str, Record]]:
        return sorted(
            (key, copy.deepcopy(value))
            for key, value in self.records.items()
            if key.startswith(prefix)
        )


class BlindDecoder:
    """Finds nothing in any picture, or what the test put there."""

    def __init__(self, *texts: str) -> None:
        self.texts = list(texts)

    async def decode(self, image: bytes) -> list[str]:
        return self.texts if image else []


class QuickStretcher:
    """Hashes as slow ones do, in no time; counts how often."""

    def __init__(self) -> None:
        self.asked = 0

    async def stretch(self, secret: str, *, salt: bytes, rounds: int) -> bytes:
        self.asked += 1
        return hashlib.sha256(salt + secret.encode() + bytes([rounds % 251])).digest()


class MemoryVault:
    """A phone's secure storage: works, or fails as the platforms do."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {}
        self.failing: Exception | None = None
        self.keeps = True

    async def get(self, key: str) -> str | None:
        self._fail()
        return self.secrets.get(key)

    async def set(self, key: str, value: str) -> None:
        self._fail()
        if self.keeps:
            self.secrets[key] = value

    async def remove(self, key: str) -> None:
        self._fail()
        self.secrets.pop(key, None)

    def _fail(self) -> None:
        if self.failing is not None:
            raise self.failing
