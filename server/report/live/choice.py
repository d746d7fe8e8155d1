"""Figures of some months, of a venue and a category if asked for, for an area's coordinator.

From month cells and year cells, so that the cost does not depend on how many visits there were.
Choices can be subtracted from each other: see ADR 0029 on why coordinators may.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.problems import Problem
from server.report.errors import (
    MalformedMonth,
    PeriodEndsTooSoon,
    PeriodToCome,
    PeriodTooLong,
)
from server.report.live.lines import Line, make_line, this_month
from server.report.models import ReportCell
from server.report.publishing.disclosure import FEWEST
from server.report.rollup.cells import YEAR_LENGTH, area_scope, venue_scope
from shared.scan import Category

MONTHS_MOST = 120
_MONTH = re.compile(r"(?P<month>0?[1-9]|1[0-2])[./](?P<year>[12][0-9]{3})")
_WRITTEN_BACKWARDS = re.compile(r"(?P<year>[12][0-9]{3})-(?P<month>0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is asked for; the months are named as cells name them, both counted in."""

    first: str
    last: str
    venue_id: UUID | None = None
    category: Category | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the choice comes to."""

    uses: int
    children: int
    months: Line


def read_month(typed: str) -> str:
    """Read a month as people write it, "2.2027" or "2027-02", and name it as cells do.

    Raises:
        MalformedMonth.
    """
    compact = "".join(typed.split())
    found = _MONTH.fullmatch(compact) or _WRITTEN_BACKWARDS.fullmatch(compact)
    if found is None or not compact.isascii():
        raise MalformedMonth
    return f"{found['year']}-{int(found['month']):02}"


def months_between(first: str, last: str) -> list[str]:
    """Name the months of a period, both ends counted in."""
    return [f"{n // 12}-{n % 12 + 1:02}" for n in range(_number(first), _number(last) + 1)]


def problems_of_period(first: str, last: str, *, now: datetime) -> Iterator[Problem]:
    """Give what stands in the way of a period."""
    if first > this_month(now):
        yield PeriodToCome()
    elif last < first:
        yield PeriodEndsTooSoon()
    elif _number(last) - _number(first) >= MONTHS_MOST:
        yield PeriodTooLong()


def count_chosen(db: Session, area_id: UUID, choice: Choice, *, now: datetime) -> Chosen | None:
    """Count what was chosen; nothing if of fewer than `FEWEST` holders, or nobody knows of more.

    Cells do not say how many distinct holders several months have; at least as many as the month or
    year within them that has most.
    """
    venue_id = choice.venue_id
    scope = area_scope(area_id) if venue_id is None else venue_scope(venue_id)
    part = "all" if choice.category is None else f"cat:{choice.category}"
    months = months_between(choice.first, min(choice.last, this_month(now)))
    years = {month[:YEAR_LENGTH] for month in months}
    whole = {year for year in years if {f"{year}-01", f"{year}-12"} <= {*months}}
    cell = ReportCell
    wanted = select(cell).where(
        cell.scope == scope, cell.slice == part, cell.period.in_([*months, *whole])
    )
    found = {one.period: one for one in db.scalars(wanted)}
    if max((one.holders for one in found.values()), default=0) < FEWEST:
        return None
    counted = {period: one for period, one in found.items() if period not in whole}
    return Chosen(
        uses=sum(one.adults + one.children for one in counted.values()),
        children=sum(one.children for one in counted.values()),
        months=make_line(
            {month: (one.adults + one.children, one.holders) for month, one in counted.items()},
            months,
        ),
    )


def _number(month: str) -> int:
    return int(month[:YEAR_LENGTH]) * 12 + int(month[-2:]) - 1
