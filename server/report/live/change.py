"""How a year compares with the year before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from server.report.live.lines import Line, this_month
from server.report.percent import growth
from server.report.rollup.cells import YEAR_LENGTH, months_of


@dataclass(frozen=True, slots=True)
class Change:
    """A figure now and in the year before.

    Attributes:
        months: Which months of both years are meant; none: the whole years.
    """

    n: int
    before: int
    months: Sequence[str] = ()

    @property
    def percent(self) -> int | None:
        """By how much it grew, if it was something."""
        return growth(self.n, self.before)


def months_over(year: str, now: datetime) -> list[str]:
    """Name the months of a year that are over."""
    return [month for month in months_of(year) if month < this_month(now)]


def changes_of_years(
    told: Mapping[str, int | None], before: Mapping[str, int | None]
) -> dict[str, Change]:
    """Compare two whole years by what is told of both."""
    return {
        name: Change(n, then)
        for name, n in told.items()
        if n is not None and (then := before.get(name)) is not None
    }


def changes_of_months(line: Line, before: Line, months: Sequence[str]) -> dict[str, Change]:
    """Compare the uses of some months with those of the same months of the year before.

    Only where every one of them is told: so it says nothing that the lines of the two years do not.
    """
    now = [line.parts.get(month) for month in months]
    then = [before.parts.get(_year_before(month)) for month in months]
    n, before_n = ([one for one in some if one is not None] for some in (now, then))
    if not months or len(n) < len(now) or len(before_n) < len(then):
        return {}
    return {"uses": Change(sum(n), sum(before_n), months)}


def _year_before(month: str) -> str:
    return f"{int(month[:YEAR_LENGTH]) - 1}{month[YEAR_LENGTH:]}"
