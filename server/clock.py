"""The server's clock: the only place of the server that asks the system for the time."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Annotated, cast

from fastapi import Depends, Request

from shared.rules.validity import day_begins_s, local_day

Clock = Callable[[], datetime]
Pause = Callable[[float], Awaitable[None]]
"""Waits so many seconds."""


def utc_now() -> datetime:
    """Give the present instant; aware, UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the one place


def seconds(instant: datetime) -> int:
    """Give the NumericDate of an aware instant: whole seconds since 1970, rounded down."""
    return int(instant.timestamp())


def day_of(instant: datetime) -> date:
    """Give the day of an aware instant in Finland."""
    return local_day(seconds(instant))


def beginning_of(day: date) -> datetime:
    """Give the midnight with which a day begins in Finland; aware, UTC."""
    return datetime.fromtimestamp(day_begins_s(day), UTC)


def _now(request: Request) -> datetime:
    return cast("Clock", request.app.state.clock)()


Now = Annotated[datetime, Depends(_now)]
"""The time of this request: read once, the same for everything the request does."""
