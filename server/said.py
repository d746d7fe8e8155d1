"""What one process told a moment ago, to tell it again: everybody may ask, and it costs much."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeVar, cast

from fastapi import Depends, Request

Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class _Told:
    at: datetime
    until: datetime
    of: Hashable
    told: Any


class Said:
    """Answers, by what was asked; how many questions there are is for others to bound."""

    def __init__(self) -> None:
        self._said: dict[Hashable, _Told] = {}

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
        before = self._said.get(asked)
        if before is not None and before.of == of and before.at <= now < before.until:
            return cast("Told", before.told)
        told = tell()
        kept = {what: one for what, one in self._said.items() if one.at <= now < one.until}
        self._said = kept | {asked: _Told(now, now + within, of, told)}
        return told


async def _said(request: Request) -> Said:
    return cast("Said", request.app.state.said)


SaidBefore = Annotated[Said, Depends(_said)]
"""What this process has told, to whomever."""
