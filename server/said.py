"""What one process told a moment ago, to tell it again: everybody may ask, and it costs much."""

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeVar, cast

from fastapi import Depends, Request

Told = TypeVar("Told")


class Said:
    """Answers, by what was asked; how many questions there are is for others to bound."""

    def __init__(self) -> None:
        self._said: dict[Hashable, tuple[datetime, Hashable, Any]] = {}

    def again(
        self,
        asked: Hashable,
        tell: Callable[[], Told],
        *,
        now: datetime,
        within: timedelta,
        of: Hashable = None,
    ) -> Told:
        """Tell what was told less than *within* ago *of* the same; else *tell* it anew."""
        if asked in self._said:
            at, was_of, told = self._said[asked]
            if was_of == of and at <= now < at + within:
                return cast("Told", told)
        told = tell()
        self._said[asked] = now, of, told
        return told


async def _said(request: Request) -> Said:
    return cast("Said", request.app.state.said)


SaidBefore = Annotated[Said, Depends(_said)]
"""What this process has told, to whomever."""
