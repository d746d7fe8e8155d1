"""Lines of live figures: parts of one known sum, of which what would tell too much is hidden."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from server.area.models import Area
from server.clock import day_of
from server.grant.classes import GENDERS, LIFE_SITUATIONS
from server.report.live.reach import Reach, other_areas, places_within
from server.report.models import ReportCell
from server.report.publishing.disclosure import FEWEST, Cell, Key
from server.report.rollup.cells import AGE_GROUPS, NEVER, SOON, month_of, months_of
from server.venue.models import Venue
from shared.scan import Category

Counted = Mapping[str, tuple[int, int]]
"""What is told of each part, and how many holders it is of."""

_COUNTIES = select(Area.id, Area.county_code)
_HOLDERS = {"age": AGE_GROUPS, "gender": list(GENDERS), "life": list(LIFE_SITUATIONS)}


@dataclass(frozen=True, slots=True)
class Line:
    """Parts of one sum, in order; a part of None is hidden, an absent one is nothing that can be.

    Attributes:
        parts: Slice or month, and its figure.
    """

    parts: Mapping[str, int | None]

    @property
    def most(self) -> int:
        """The largest figure that is shown: how long the longest bar is."""
        return max((n for n in self.parts.values() if n is not None), default=0)


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
        there = _cells_at(db, other_areas(db, reach.area_id), cells.year, f"from:{reach.area_id}")
        county_of = {str(area_id): code for area_id, code in db.execute(_COUNTIES)}
        own = str(reach.area_id)

        def near(area: str) -> tuple[bool, bool]:
            return area == own, county_of[area] is not None and county_of[area] == county_of[own]

        lines["from"] = _heard_of(_uses(cells.parts("from")), near)
        lines["elsewhere"] = _heard_of(
            _uses(there), lambda scope: county_of[scope.removeprefix("area:")]
        )
    if reach.county_code is not None and _hides(lines["place"], lines["cat"]):
        del lines["cat"]  # places with one category each are in both lines
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
    """Where it is told how many cards were used, those never used are no place to hide behind.

    Beside how many were not used in the year, those never used tell which were used later.
    """
    counted = {part: (cell.cards, cell.cards) for part, cell in cells.parts("first")}
    never, _ = counted.get(NEVER, (0, 0))
    later = home.cards - home.cards_used - never
    if 0 < later < FEWEST:
        counted[NEVER] = never, 0
    if 0 < later < FEWEST or never < FEWEST or tells_used(home):
        parts = make_line(counted, SOON).parts
    else:
        del counted[NEVER]
        parts = {**make_line(counted, SOON[:-1]).parts, NEVER: never}
    return Line({part: parts[part] for part in SOON})


def tells_used(home: ReportCell) -> bool:
    """Tell whether the number of used cards, or of the others, would give few holders away."""
    return min(home.cards_used, home.cards - home.cards_used) < FEWEST


def make_line(counted: Counted, possible: Iterable[str]) -> Line:
    """Hide what a line would tell; what could be and is not is a small figure like any other.

    Who contributed most is not kept beside cells: see ADR 0029.
    """
    everything = sorted({*possible, *(part for part, (n, _) in counted.items() if n)})
    cells = {part: Cell(*counted.get(part, (0, 0)), 0, 0) for part in everything}
    hidden = hide_line(cells)
    return Line({part: None if part in hidden else cells[part].value for part in everything})


def hide_line(cells: Mapping[Key, Cell]) -> frozenset[Key]:
    """Choose what to hide of parts whose sum is known, and of which nothing else is.

    A reader knows what the hidden ones are together: each small one must be able to be nothing, or
    larger by its width.
    """
    hidden = {key for key, cell in cells.items() if cell.tells}
    needed = max((cells[key].value + cells[key].width for key in hidden), default=0)
    others = sorted(
        (key for key, cell in cells.items() if key not in hidden and cell.possible),
        key=lambda key: cells[key].value,
    )
    for key in others:
        if sum(cells[one].value for one in hidden) >= needed:
            break
        hidden.add(key)
    if sum(cells[one].value for one in hidden) < needed:  # nothing is large enough to hide behind
        return frozenset(key for key, cell in cells.items() if cell.possible)
    return frozenset(hidden)


def months_begun(year: str, now: datetime) -> list[str]:
    """Name the months of a year that have begun."""
    return [month for month in months_of(year) if month <= this_month(now)]


def this_month(now: datetime) -> str:
    """Name the month that it is in Finland."""
    return month_of(day_of(now))


def _heard_of(counted: Counted, group: Callable[[str], object]) -> Line:
    """Of so many areas most are never heard of: which of them are nothing is not told either.

    What a group of them is together is published, so that each is a line of its own.
    """
    groups: dict[object, dict[str, tuple[int, int]]] = {}
    for part, numbers in counted.items():
        groups.setdefault(group(part), {})[part] = numbers
    hidden = {part for some in groups.values() for part, n in _parts(some) if n is None}
    of_few = {part: (n, 0 if part in hidden else many) for part, (n, many) in counted.items()}
    return Line({part: n for part, n in _parts(of_few) if n is not None})


def _parts(counted: Counted) -> Iterable[tuple[str, int | None]]:
    return make_line(counted, []).parts.items()


def _hides(*lines: Line) -> bool:
    return any(n is None for line in lines for n in line.parts.values())


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
    if reach == Reach():
        return {*Category}
    within = (
        Area.county_code == reach.county_code if reach.area_id is None else Area.id == reach.area_id
    )
    found = db.scalars(select(Venue.categories).join(Area, Area.id == Venue.area_id).where(within))
    return {category for categories in found for category in categories}
