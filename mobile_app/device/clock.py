"""The phone's clock, corrected by what the server said. The only place that asks the system."""

import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

CLOCK = "clock"
"""The name of the record of how wrong the phone's clock is; it outlives a restart."""

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

    def error(self) -> timedelta:
        """Give how far the phone runs ahead of the server; zero while the server is unheard."""


class SystemClock:
    """The operating system's clock plus a correction; `correction` survives restarts by the Store.

    Args:
        correction: What an earlier run of the app learnt: server minus phone.
    """

    def __init__(self, correction: timedelta = timedelta()) -> None:
        self._correction = correction
        self._learnt: tuple[datetime, float] | None = None

    def now(self) -> datetime:
        """See `Clock`."""
        return _wall() + self._correction

    def learn(self, server_time: datetime) -> None:
        """See `Clock`."""
        wall = _wall()
        self._correction = server_time - wall
        self._learnt = (wall, _steady_s())

    def is_sure(self) -> bool:
        """See `Clock`."""
        if self._learnt is None:
            return False
        wall, steady_s = self._learnt
        steadily = timedelta(seconds=_steady_s() - steady_s)
        return steadily <= SURE_FOR and abs(_wall() - wall - steadily) <= SURE_WITHIN

    def error(self) -> timedelta:
        """See `Clock`."""
        return -self._correction


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
