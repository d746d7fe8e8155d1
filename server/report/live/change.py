"""How a year compares with the year before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from server.clock import seconds
from server.report.live.lines import YearOfCells
from server.report.publishing.disclosure import FEWEST, Cell
from server.report.rollup.cells import months_of
from server.report.service import Line
from shared.rules.validity import local_day


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
        """By how much it grew, rounded; nothing grows from nothing."""
        return round(100 * (self.n - self.before) / self.before) if self.before else None


def months_over(year: str, now: datetime) -> list[str]:
    """Name the months of a year that are over."""
    this = local_day(seconds(now)).isoformat()[:7]
    return [month for month in months_of(year) if month < this]


def changes_of_years(
    told: Mapping[str, int | None], before: Mapping[str, int | None]
) -> dict[str, Change]:
    """Compare two whole years by what is told of both."""
    return {
        name: Change(n, then)
        for name, n in told.items()
        if n is not None and (then := before.get(name)) is not None
    }


def changes_of_months(
    cells: YearOfCells, line: Line, before: YearOfCells, line_before: Line, months: Sequence[str]
) -> dict[str, Change]:
    """Compare the months that are over with the same months of the year before.

    Only where neither those months nor the others together would give one away that the lines of
    the two years hide.
    """
    then = [f"{before.year}{month[4:]}" for month in months]
    found = {}
    if months and _is_safe(cells, line, months) and _is_safe(before, line_before, then):
        for name, of in (("uses", _uses), ("children", _children)):
            found[name] = Change(of(cells, months), of(before, then), months)
    if months and _are_enough(cells, months) and _are_enough(before, then):
        found["cards"] = Change(_cards(cells, months), _cards(before, then), months)
    return found


def _is_safe(cells: YearOfCells, line: Line, told: Sequence[str]) -> bool:
    """Tell whether what some months are together can be told beside the line.

    Whoever knows the year then knows what the others are together, too.
    """
    months = cells.months()
    counted = {
        month: Cell(cell.adults + cell.children, cell.holders, 0, 0)
        for month, cell in months.items()
    }
    nothing = Cell(0, 0, 0, 0)
    for half in (set(told), set(line.parts) - set(told)):
        hidden = [counted.get(month, nothing) for month in half if line.parts.get(month) is None]
        needed = max((cell.value + cell.width for cell in hidden if cell.tells), default=0)
        if sum(cell.value for cell in hidden) < needed:
            return False
    return any(months[month].holders >= FEWEST for month in told if month in months)


def _uses(cells: YearOfCells, months: Sequence[str]) -> int:
    counted = cells.months()
    return sum(counted[m].adults + counted[m].children for m in months if m in counted)


def _children(cells: YearOfCells, months: Sequence[str]) -> int:
    counted = cells.months()
    return sum(counted[m].children for m in months if m in counted)


def _cards(cells: YearOfCells, months: Iterable[str]) -> int:
    homes = (cells.cells.get((month, "home")) for month in months)
    return sum(home.cards for home in homes if home is not None)


def _are_enough(cells: YearOfCells, told: Sequence[str]) -> bool:
    """Tell whether cards granted in some months can be told beside those of the year."""
    others = [month for month in months_of(cells.year) if month not in told]
    rest = _cards(cells, others)
    return _cards(cells, told) >= FEWEST and (rest >= FEWEST or (rest == 0 and not others))
