"""The app lock: a PIN that keeps out who looks at this phone. It hides, and encrypts nothing."""

import asyncio
import logging
import re
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from hmac import compare_digest
from math import ceil
from typing import Self

import flet as ft

from mobile_app.card.held import PRIVATE
from mobile_app.device.device import Device
from mobile_app.device.store import Record

LOCK = f"{PRIVATE}lock"
"""The name of the record in the Store: it goes when the card is removed from the phone. The page's
JavaScript reads `everything` of it (assets/pwa/page/card.js)."""

PIN_FORM = re.compile(r"[0-9]{4,8}")

AWAY_MOST = timedelta(minutes=5)
"""How long the app may be out of sight before it asks again."""

FREE_TRIES = 5
"""Wrong PINs before the first wait."""

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
"""Each further wrong PIN doubles the wait."""

ROUNDS = 600_000
"""Of PBKDF2 with SHA-256, as OWASP advises (2023): half a second on a phone."""

_SALT_BYTES = 16

OPEN_TO_ALL = ("door", "pair", "app/pair")
"""Screens of a venue's staff: nothing of a holder is on them."""

OPEN_WITH_THE_CARD = ("", "show", "more", "settings", "settings/lock", "activate", "app/activate")
"""Screens that a lock which leaves the card out leaves out, too. What is not named is locked."""

_log = logging.getLogger(__name__)


class Answer(Enum):
    """What became of a PIN."""

    RIGHT = "right"
    WRONG = "wrong"
    TOO_SOON = "too_soon"


@dataclass(frozen=True, slots=True)
class Bolt:
    """What is kept of the lock. `waits_until` is when the next PIN may be tried, after `wrong`."""

    salt: bytes
    digest: bytes
    rounds: int
    everything: bool = False
    wrong: int = 0
    waits_until: datetime | None = None

    def wait_of(self) -> timedelta:
        """Give the whole wait that so many wrong PINs bring."""
        over = self.wrong - FREE_TRIES
        return timedelta() if over < 0 else min(FIRST_WAIT * 2 ** min(over, 20), LONGEST_WAIT)

    def missed(self, now: datetime) -> Self:
        """Count one more wrong PIN."""
        more = replace(self, wrong=self.wrong + 1)
        wait = more.wait_of()
        return replace(more, waits_until=now + wait if wait else None)

    def to_record(self) -> Record:
        """Write it down."""
        until = self.waits_until
        return {
            "salt": self.salt.hex(),
            "digest": self.digest.hex(),
            "rounds": self.rounds,
            "everything": self.everything,
            "wrong": self.wrong,
            "waits_until_s": None if until is None else until.timestamp(),
        }

    @classmethod
    def from_record(cls, record: Record) -> Self:
        """Read it.

        Raises:
            ValueError, KeyError, TypeError: It is damaged.
        """
        until_s = record["waits_until_s"]
        return cls(
            salt=bytes.fromhex(record["salt"]),
            digest=bytes.fromhex(record["digest"]),
            rounds=int(record["rounds"]),
            everything=bool(record["everything"]),
            wrong=int(record["wrong"]),
            waits_until=None if until_s is None else datetime.fromtimestamp(until_s, UTC),
        )


@ft.observable
@dataclass
class Lock:
    """One per session. `bolt` is nothing while no PIN is set; `shut` while one is asked for.

    For so many seconds no PIN is taken.
    """

    device: Device
    bolt: Bolt | None = None
    shut: bool = False
    seconds: int = 0

    def __post_init__(self) -> None:
        self._away_since: datetime | None = None
        self._one_at_a_time = asyncio.Lock()

    async def load(self) -> None:
        """Take the lock out of the Store: at a start it is shut."""
        self.bolt = await self._read()
        self.shut = self.bolt is not None

    def covers(self, route: str) -> bool:
        """Tell whether a screen may not be seen just now."""
        if self.bolt is None or not self.shut:
            return False
        path = route.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0].strip("/")
        free = OPEN_TO_ALL if self.bolt.everything else OPEN_TO_ALL + OPEN_WITH_THE_CARD
        return path not in free

    async def set_pin(self, pin: str, *, everything: bool) -> None:
        """Lock with this PIN from now on; it is open until the app is away."""
        salt = secrets.token_bytes(_SALT_BYTES)
        digest = await self.device.stretcher.stretch(pin, salt=salt, rounds=ROUNDS)
        await self._keep(Bolt(salt, digest, ROUNDS, everything=everything))
        self.shut = False

    async def cover_everything(self, everything: bool) -> None:  # noqa: FBT001 - one of two
        """Lock the card itself, too, or leave it out."""
        if self.bolt is not None:
            await self._keep(replace(self.bolt, everything=everything))

    async def take_off(self) -> None:
        """Ask for no PIN any more."""
        await self.device.store.put_all({LOCK: None})
        self.bolt, self.shut = None, False

    async def open(self, pin: str) -> Answer:
        """Try a PIN. It is counted as wrong before it is looked at: nothing is tried for free.

        What can be no PIN, as an empty field, costs nothing.
        """
        async with self._one_at_a_time:
            self.bolt = bolt = await self._read()  # another tab may have counted, too
            if bolt is None:
                return Answer.RIGHT
            if not PIN_FORM.fullmatch(pin):
                return Answer.WRONG
            await self.tick()
            if self.seconds:
                return Answer.TOO_SOON
            await self._keep(bolt.missed(self.device.clock.now()))
            if not await self._fits(bolt, pin):
                await self.tick()
                return Answer.WRONG
            await self._keep(replace(bolt, wrong=0, waits_until=None))
            self.shut = False
            return Answer.RIGHT

    def tries_left(self) -> int:
        """Give how many wrong PINs there may be before a wait."""
        return max(0, FREE_TRIES - (0 if self.bolt is None else self.bolt.wrong))

    async def tick(self) -> None:
        """Count how long no PIN is taken; a clock that was put back makes no wait longer."""
        left, now = timedelta(), self.device.clock.now()
        if self.bolt is not None and self.bolt.waits_until is not None:
            left, whole = self.bolt.waits_until - now, self.bolt.wait_of()
            if left > whole:
                left = whole
                await self._keep(replace(self.bolt, waits_until=now + whole))
        seconds = max(0, ceil(left.total_seconds()))
        if seconds != self.seconds:
            self.seconds = seconds

    def leave(self) -> None:
        """Note that the app went out of sight."""
        self._away_since = self.device.clock.now()

    def come_back(self) -> None:
        """Shut if the app was away for long, or if the clock cannot tell."""
        since, self._away_since = self._away_since, None
        if self.bolt is None or since is None:
            return
        if not timedelta() <= self.device.clock.now() - since < AWAY_MOST:
            self.shut = True

    async def _read(self) -> Bolt | None:
        """Give what is kept; a damaged lock opens to no PIN."""
        record = await self.device.store.get(LOCK)
        try:
            return None if record is None else Bolt.from_record(record)
        except (ValueError, KeyError, TypeError):
            _log.warning("the lock cannot be read: it stays shut until the card is removed")
            return Bolt(b"", b"", rounds=1, everything=True)

    async def _fits(self, bolt: Bolt, pin: str) -> bool:
        if not bolt.digest:
            return False
        found = await self.device.stretcher.stretch(pin, salt=bolt.salt, rounds=bolt.rounds)
        return compare_digest(found, bolt.digest)

    async def _keep(self, bolt: Bolt) -> None:
        await self.device.store.put(LOCK, bolt.to_record())
        self.bolt = bolt
