"""Reads the figures that reports show, from cells and publications; never from visits."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.clock import seconds
from server.grant.classes import GENDERS, LIFE_SITUATIONS
from server.report.cells import AGE_GROUPS, FIRSTS, NATION, NEVER, area_scope, months_of
from server.report.disclosure import FEWEST, Cell, hide_line
from server.report.errors import NotPublished
from server.report.models import Publication, PublishedFigure, ReportCell
from server.report.years import NationalYear
from server.venue.models import Venue
from shared.rules.validity import local_day
from shared.scan import Category

YEAR_LENGTH = 4

Figures = Mapping[tuple[str, str, str], int | None]
"""What is published, by kind, scope and slice; None where it is hidden."""

_CellsOfYear = Mapping[tuple[str, str], ReportCell]
"""By period and slice."""

_CLASSES = {
    "age": AGE_GROUPS,
    "gender": list(GENDERS),
    "life": list(LIFE_SITUATIONS),
    "first": [*(name for _, name in FIRSTS), NEVER],
}


def national_years(db: Session) -> list[NationalYear]:
    """Read the national yearly table, the newest year first."""
    cell = ReportCell
    yearly = func.length(cell.period) == YEAR_LENGTH
    parts: dict[str, dict[str, ReportCell]] = {}
    wanted = ["home", *(f"cat:{category}" for category in Category)]
    for row in db.scalars(select(cell).where(cell.scope == NATION, cell.slice.in_(wanted), yearly)):
        parts.setdefault(row.period, {})[row.slice] = row
    areas = dict(
        db.execute(
            select(cell.period, func.count(cell.scope.distinct()))
            .where(
                yearly,
                cell.scope.startswith("area:"),
                cell.slice.in_(["all", "home"]),
                (cell.adults > 0) | (cell.cards > 0),
            )
            .group_by(cell.period)
        ).all()
    )
    return [
        NationalYear(
            year=int(year),
            cards=row["home"].cards if "home" in row else 0,
            used=row["home"].cards_used if "home" in row else 0,
            adults={c: row[f"cat:{c}"].adults if f"cat:{c}" in row else 0 for c in Category},
            children={c: row[f"cat:{c}"].children if f"cat:{c}" in row else 0 for c in Category},
            municipalities=areas.get(year, 0),
        )
        for year, row in sorted(parts.items(), reverse=True)
    ]


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
class AreaYear:
    """What an area did in a year, for those who answer for it.

    Each line is parts of a sum that is known, and nothing is told of two parts at once (a category
    in a month): so that what is hidden stays hidden. None of a figure: fewer than `FEWEST` holders.
    """

    year: str
    uses: int | None = None
    children: int | None = None
    holders: int | None = None
    late: int | None = None
    cards: int | None = None
    cards_used: int | None = None
    lines: Mapping[str, Line] = field(default_factory=dict)


def area_years(db: Session, area_id: UUID) -> list[str]:
    """Name the years of which there are figures of the area, the newest first."""
    years = select(ReportCell.period).where(
        ReportCell.scope == area_scope(area_id),
        func.length(ReportCell.period) == YEAR_LENGTH,
    )
    return sorted(set(db.scalars(years)), reverse=True)


def area_year(db: Session, area_id: UUID, year: str, *, now: datetime) -> AreaYear:
    """Read what an area did in a year; disclosure control is the last step, and the only way out.

    The cost does not depend on how many visits there were.
    """
    scope = area_scope(area_id)
    cells = {
        (cell.period, cell.slice): cell
        for cell in db.scalars(
            select(ReportCell).where(
                ReportCell.scope == scope, ReportCell.period.between(year, f"{year}-12")
            )
        )
    }
    whole, home = cells.get((year, "all")), cells.get((year, "home"))
    if whole is None or whole.holders < FEWEST:
        whole = None
    if home is None or home.cards < FEWEST:
        home = None
    lines = {}
    if whole is not None:
        for name, possible in (("month", _months(year, now)), ("cat", _offered(db, area_id))):
            lines[name] = _line(_uses(cells, year, name), possible)
        # Of so many areas most are never heard of: which of them are nothing is not told either.
        told = _line(_uses(cells, year, "from"), [])
        lines["from"] = Line({part: n for part, n in told.parts.items() if n is not None})
    if home is not None:
        for name, possible in _CLASSES.items():
            cards = {part: cell.cards for part, cell in _parts(cells, year, name)}
            lines[name] = _line({part: (n, n) for part, n in cards.items()}, possible)
    return AreaYear(
        year=year,
        uses=None if whole is None else whole.adults + whole.children,
        children=None if whole is None else whole.children,
        holders=None if whole is None else whole.holders,
        late=None if whole is None else whole.late,
        cards=None if home is None else home.cards,
        cards_used=None if home is None or _is_telling_half(home) else home.cards_used,
        lines=lines,
    )


def _parts(cells: _CellsOfYear, year: str, name: str) -> Iterator[tuple[str, ReportCell]]:
    for (period, part), cell in cells.items():
        if name == "month" and part == "all" and period != year:
            yield period, cell
        if period == year and part.startswith(f"{name}:"):
            yield part.removeprefix(f"{name}:"), cell


def _uses(cells: _CellsOfYear, year: str, name: str) -> dict[str, tuple[int, int]]:
    parts = _parts(cells, year, name)
    return {part: (cell.adults + cell.children, cell.holders) for part, cell in parts}


def _line(counted: Mapping[str, tuple[int, int]], possible: Iterable[str]) -> Line:
    """Hide what a line would tell; what could be and is not is a small figure like any other.

    Who contributed most is not kept beside cells: see ADR 0029.
    """
    everything = sorted({*possible, *(part for part, (n, _) in counted.items() if n)})
    cells = {part: Cell(*counted.get(part, (0, 0)), 0, 0) for part in everything}
    hidden = hide_line(cells)
    return Line({part: None if part in hidden else cells[part].value for part in everything})


def _months(year: str, now: datetime) -> list[str]:
    """Name the months of a year that have begun."""
    this = local_day(seconds(now)).isoformat()[:7]
    return [month for month in months_of(year) if month <= this]


def _offered(db: Session, area_id: UUID) -> set[str]:
    """Name what somebody in the area admits for."""
    found = db.scalars(select(Venue.categories).where(Venue.area_id == area_id))
    return {category for categories in found for category in categories}


def _is_telling_half(home: ReportCell) -> bool:
    """Tell whether used and unused cards would give few holders away."""
    halves = (home.cards_used, home.cards - home.cards_used)
    return any(half < FEWEST for half in halves)


def publications(db: Session) -> list[Publication]:
    """List what is published, the newest year first."""
    return list(db.scalars(select(Publication).order_by(Publication.year.desc())))


def published_year(
    db: Session, year: str
) -> tuple[Publication, Mapping[tuple[str, str, str], int | None]]:
    """Read all published figures of a year: kind, scope and slice, and None for a hidden one.

    Raises:
        NotPublished.
    """
    found = db.get(Publication, year)
    if found is None:
        raise NotPublished
    figures = db.scalars(select(PublishedFigure).where(PublishedFigure.year == year))
    return found, {(one.kind, one.scope, one.slice): one.value for one in figures}
