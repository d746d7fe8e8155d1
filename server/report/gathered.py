"""Answers about all places of a year: they take a while to gather, and everybody may ask."""

from collections.abc import Callable, Hashable
from datetime import timedelta
from typing import Annotated, TypeVar

from fastapi import Depends

from server.clock import Now
from server.db import Db
from server.report.published.edition import published_years
from server.said import SaidBefore

SAID_AGAIN = timedelta(minutes=10)
"""So long one process says the same, unless one more year is published."""

Told = TypeVar("Told")


class Gathering:
    """Gathers, or tells what was gathered a moment ago."""

    def __init__(self, db: Db, now: Now, said: SaidBefore) -> None:
        self._db, self._now, self._said = db, now, said

    def __call__(self, asked: Hashable, gather: Callable[[], Told]) -> Told:
        """Answer what was *asked*."""
        years = tuple(one.year for one in published_years(self._db))
        return self._said.again(asked, gather, now=self._now, within=SAID_AGAIN, of=years)


Gathered = Annotated[Gathering, Depends()]
