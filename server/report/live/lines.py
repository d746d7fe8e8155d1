"""Lines of live figures: parts of one known sum, of which what would tell too much is hidden."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from server.clock import seconds
from server.grant.classes import GENDERS, LIFE_SITUATIONS
from server.report.live.reach import Reach, other_areas, places_within
from server.report.models import ReportCell
from server.report.publishing.disclosure import FEWEST, Cell, hide_line
from server.report.rollup.cells import AGE_GROUPS, FIRSTS, NEVER, months_of
from server.report.service import Line
from server.venue.models import Venue
from shared.rules.validity import local_day
from shared.scan import Category

Counted = Mapping[str, tuple[int, int]]
"""What is told of each part, and how many holders it is of."""

_HOLDERS = {"age": AGE_GROUPS, "gender": list(GENDERS), "life": list(LIFE_SITUATIONS)}
_SOON = [name for _, name in FIRSTS]


@dataclass(frozen=True, slots=True)
class YearOfCells:
    """A year's cells of one scope, by period and slice: all of the year, the sums of its months."""

    year: str
    cells: Mapping[tuple[str, str], ReportCell]

    @property
    def whole(self) -> ReportCell | None:
        """All visits of the year, if of enough holders."""
        found = self.cells.get((self.year, "all"))
        return None if found is None or found.holders < FEWEST else found

    @property
    def home(self) -> ReportCell | None:
        """What the scope's own cards are about, if enough were granted."""
        found = self.cells.get((self.year, "home"))
        return None if found is None or found.cards < FEWEST else found

    def months(self) -> dict[str, ReportCell]:
        """Give the visits of each month that had any."""
        return {
            period: cell
            for (period, part), cell in self.cells.items()
            if part == "all" and period != self.year
        }

    def parts(self, name: str) -> Iterator[tuple[str, ReportCell]]:
        """Give the year's cells of a kind of slices, by what distinguishes them."""
        for (period, part), cell in self.cells.items():
            if period == self.year and part.startswith(f"{name}:"):
                yield part.removeprefix(f"{name}:"), cell


def read_year(db: Session, reach: Reach, year: str) -> YearOfCells:
    """Read a year's cells. The cost does not depend on how many visits there were."""
    cell = ReportCell
    found = db.scalars(
        select(cell).where(
            cell.scope == reach.scope,
            cell.period.between(year, f"{year}-12"),
            or_(cell.period == year, cell.slice.in_(["all", "home"])),
        )
    )
    return YearOfCells(year, {(one.period, one.slice): one for one in found})


def lines_of_uses(
    db: Session, reach: Reach, cells: YearOfCells, *, now: datetime
) -> dict[str, Line]:
    """Tell the uses of a year by one thing at a time."""
    places = places_within(db, reach, cells.year)
    lines = {
        "month": make_line(_uses(cells.months().items()), months_begun(cells.year, now)),
        "cat": make_line(_uses(cells.parts("cat")), _offered(db, reach)),
        "place": make_line(_uses(_cells_at(db, places, cells.year, "all")), places),
    }
    if reach.area_id is not None:
        elsewhere = _cells_at(
            db, other_areas(db, reach.area_id), cells.year, f"from:{reach.area_id}"
        )
        lines["from"] = _heard_of(_uses(cells.parts("from")))
        lines["elsewhere"] = _heard_of(_uses(elsewhere))
    return lines


def lines_of_cards(cells: YearOfCells, home: ReportCell) -> dict[str, Line]:
    """Tell whose the scope's own cards are, and how soon they were used."""
    lines = {}
    if home.holders >= FEWEST:
        for name, possible in _HOLDERS.items():
            counted = {part: (cell.holders, cell.holders) for part, cell in cells.parts(name)}
            lines[name] = make_line(counted, possible)
    lines["first"] = _how_soon(cells, home)
    return lines


def _how_soon(cells: YearOfCells, home: ReportCell) -> Line:
    """Where it is told how many cards were used, those never used are no place to hide behind."""
    counted = {part: (cell.cards, cell.cards) for part, cell in cells.parts("first")}
    if tells_unused(cells, home):
        return make_line(counted, [*_SOON, NEVER])
    never, _ = counted.pop(NEVER, (0, 0))
    return Line({**make_line(counted, _SOON).parts, NEVER: never})


def tells_unused(cells: YearOfCells, home: ReportCell) -> bool:
    """Tell whether the number of used cards would give few holders away.

    Beside how soon cards were used it tells which were used in a later year, too.
    """
    never = cells.cells.get((cells.year, f"first:{NEVER}"))
    unused = home.cards - home.cards_used
    later = unused - (0 if never is None else never.cards)
    return min(home.cards_used, unused) < FEWEST or 0 < later < FEWEST


def make_line(counted: Counted, possible: Iterable[str]) -> Line:
    """Hide what a line would tell; what could be and is not is a small figure like any other.

    Who contributed most is not kept beside cells: see ADR 0029.
    """
    everything = sorted({*possible, *(part for part, (n, _) in counted.items() if n)})
    cells = {part: Cell(*counted.get(part, (0, 0)), 0, 0) for part in everything}
    hidden = hide_line(cells)
    return Line({part: None if part in hidden else cells[part].value for part in everything})


def months_begun(year: str, now: datetime) -> list[str]:
    """Name the months of a year that have begun."""
    this = local_day(seconds(now)).isoformat()[:7]
    return [month for month in months_of(year) if month <= this]


def _heard_of(counted: Counted) -> Line:
    """Of so many areas most are never heard of: which of them are nothing is not told either."""
    told = make_line(counted, [])
    return Line({part: n for part, n in told.parts.items() if n is not None})


def _uses(parts: Iterable[tuple[str, ReportCell]]) -> dict[str, tuple[int, int]]:
    return {part: (cell.adults + cell.children, cell.holders) for part, cell in parts}


def _cells_at(
    db: Session, scopes: list[str], year: str, part: str
) -> Iterator[tuple[str, ReportCell]]:
    cell = ReportCell
    wanted = select(cell).where(cell.scope.in_(scopes), cell.slice == part, cell.period == year)
    for found in db.scalars(wanted):
        yield found.scope, found


def _offered(db: Session, reach: Reach) -> set[str]:
    """Name what somebody within reach admits for; the country has everything."""
    if reach.area_id is None:
        return {*Category}
    found = db.scalars(select(Venue.categories).where(Venue.area_id == reach.area_id))
    return {category for categories in found for category in categories}
