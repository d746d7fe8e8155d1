"""The server's clock: the only place of the server that asks the system for the time."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, cast

from fastapi import Depends, Request

Clock = Callable[[], datetime]
Pause = Callable[[float], Awaitable[None]]
"""Waits so many seconds."""


def utc_now() -> datetime:
    """Give the present instant; aware, UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the one place


def seconds(instant: datetime) -> int:
    """Give the NumericDate of an aware instant: whole seconds since 1970, rounded down."""
    return int(instant.timestamp())


def _now(request: Request) -> datetime:
    return cast("Clock", request.app.state.clock)()


Now = Annotated[datetime, Depends(_now)]
"""The time of this request: read once, the same for everything the request does."""
