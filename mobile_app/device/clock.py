"""The phone's clock, corrected by what the server said. The only place that asks the system."""

import math
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

from mobile_app.device.store import Record

CLOCK = "clock"
"""The name of the record of what is known about the phone's clock; it outlives a restart."""

SURE_FOR = timedelta(hours=24)
"""How long one look at the server's time counts (token specification, section 10.1)."""

SURE_WITHIN = timedelta(seconds=5)
"""How far wall clock and steady clock may drift apart before we stop believing the wall clock."""


class Clock(Protocol):
    """The present instant, and how well it is known."""

    def now(self) -> datetime:
        """Give the present instant; aware, UTC, corrected by what was learnt."""

    def learn(self, server_time: datetime) -> None:
        """Take note of the server's time; call it the moment an answer arrives."""

    def is_sure(self) -> bool:
        """Tell whether the server was heard within a day and nobody has turned the clock since."""

    def is_likely(self) -> bool:
        """Tell whether only an earlier run of the app was sure, and nothing speaks against it.

        Nobody could see the clock being turned while the app was closed, except backwards.
        """

    def error(self) -> timedelta:
        """Give how far the phone runs ahead of the server; zero while the server is unheard."""

    def record(self) -> Record:
        """Give what the next run should know; keep it as `CLOCK`."""


class SystemClock:
    """The operating system's clock plus a correction, which survives restarts by the Store.

    Args:
        record: What an earlier run of the app learnt: `error_s`, phone minus server; `heard_s` and
            `seen_s`, when by the phone's clock the server was heard and the app last ran, in Unix
            seconds.
    """

    def __init__(self, record: Record | None = None) -> None:
        known = record or {}
        self._correction = -timedelta(seconds=known.get("error_s", 0))
        self._heard_s: float | None = known.get("heard_s")
        self._seen_s: float = known.get("seen_s", math.inf)
        self._start = _wall(), _steady_s()
        self._learnt: tuple[datetime, float] | None = None

    def now(self) -> datetime:
        """See `Clock`."""
        return _wall() + self._correction

    def learn(self, server_time: datetime) -> None:
        """See `Clock`."""
        wall = _wall()
        self._correction = server_time - wall
        self._learnt = (wall, _steady_s())
        self._heard_s = self._seen_s = wall.timestamp()

    def is_sure(self) -> bool:
        """See `Clock`."""
        if self._learnt is None:
            return False
        wall, steady_s = self._learnt
        steadily = timedelta(seconds=_steady_s() - steady_s)
        return steadily <= SURE_FOR and abs(_wall() - wall - steadily) <= SURE_WITHIN

    def is_likely(self) -> bool:
        """See `Clock`."""
        if self._learnt is not None or self._heard_s is None:
            return False
        wall, steady_s = self._start
        steadily = timedelta(seconds=_steady_s() - steady_s)
        if abs(_wall() - wall - steadily) > SURE_WITHIN:
            return False
        latest_s = self._heard_s + SURE_FOR.total_seconds()
        return self._seen_s - SURE_WITHIN.total_seconds() <= _wall().timestamp() <= latest_s

    def error(self) -> timedelta:
        """See `Clock`."""
        return -self._correction

    def record(self) -> Record:
        """See `Clock`."""
        known: Record = {"error_s": self.error().total_seconds()}
        if self._heard_s is not None:
            known |= {"heard_s": self._heard_s}
            known |= {"seen_s": max(self._seen_s, _wall().timestamp())}
        return known


def _wall() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - this is the clock module


def _steady_s() -> float:
    # Android and Linux stop the monotonic clock while the phone sleeps; the boot clock goes on.
    # Apple's goes on, too, but Python's `monotonic` asks another one there, which stops.
    # A browser's Python knows the boot clock by name only.
    if sys.platform in {"ios", "darwin"}:
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    if sys.platform != "emscripten" and hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()
