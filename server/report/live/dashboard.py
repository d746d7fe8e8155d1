"""Live figures of a year, for those who answer for an area, a wellbeing county or the country.

Disclosure control is the last step, and the only way out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.report.live.change import Change, changes_of_months, changes_of_years, months_over
from server.report.live.lines import (
    Line,
    YearOfCells,
    lines_of_cards,
    lines_of_uses,
    read_year,
    tells_used,
)
from server.report.live.reach import Reach, places_within
from server.report.models import FigureKind, Publication, ReportCell
from server.report.published.edition import read_figures
from server.report.publishing.tables import CHILDREN, IN_TIME, LATE, WHOLE
from server.report.rollup.cells import SOON, YEAR_LENGTH, months_of
from shared.scan import Category


@dataclass(frozen=True, slots=True)
class LiveYear:
    """What happened in a year within somebody's reach.

    Each line is parts of a sum that is known, and nothing is told of two parts at once (a category
    in a month): so that what is hidden stays hidden. None of a figure: fewer than `FEWEST` holders.

    Attributes:
        late_share: Of the visits, 0 to 1: recorded more than a day after they happened.
        lines: Parts of the uses by `month`, `cat`, `place` and, of an area, `from` where the card
            is; of holders with cards from here by `age`, `gender` and `life`; of cards granted by
            `first`. And of an area `elsewhere`: where else its cards were used.
        changes: Since the year before, by the name of the figure; only of what both years tell.
        published_at: Of a county or the country: since when the year is told as it was published.
        untold: Names of figures that are not told at all, however many holders they are of.
    """

    year: str
    uses: int | None = None
    children: int | None = None
    holders: int | None = None
    late_share: float | None = None
    cards: int | None = None
    cards_used: int | None = None
    lines: Mapping[str, Line] = field(default_factory=dict)
    changes: Mapping[str, Change] = field(default_factory=dict)
    published_at: datetime | None = None
    untold: frozenset[str] = frozenset()

    @property
    def cards_unused(self) -> int | None:
        """Cards granted in the year and not used in it."""
        if self.cards is None or self.cards_used is None:
            return None
        return self.cards - self.cards_used

    @property
    def uses_each(self) -> float | None:
        """Uses for each holder who came."""
        return self.uses / self.holders if self.uses is not None and self.holders else None

    @property
    def counts(self) -> dict[str, int | None]:
        """The figures that can be compared, by their names."""
        names = ("uses", "children", "holders", "cards", "cards_used")
        return {name: getattr(self, name) for name in names}


def live_years(db: Session, reach: Reach) -> list[str]:
    """Name the years of which there are figures, the newest first."""
    years = select(ReportCell.period).where(
        ReportCell.scope == reach.scope,
        ReportCell.slice.in_(["all", "home"]),
        func.length(ReportCell.period) == YEAR_LENGTH,
    )
    return sorted(set(db.scalars(years)), reverse=True)


def live_year(db: Session, reach: Reach, year: str, *, now: datetime) -> LiveYear:
    """Read what happened in a year, and how that compares with the year before."""
    cells, before = (read_year(db, reach, one) for one in (year, str(int(year) - 1)))
    live, then = (_told(db, reach, one, now=now) for one in (cells, before))
    over = months_over(year, now)
    if len(over) == len(months_of(year)):
        return replace(live, changes=changes_of_years(live.counts, then.counts))
    if "month" not in live.lines or "month" not in then.lines:
        return live
    return replace(live, changes=changes_of_months(live.lines["month"], then.lines["month"], over))


def _told(db: Session, reach: Reach, cells: YearOfCells, *, now: datetime) -> LiveYear:
    """Hide what of a year must be hidden.

    A county or the country is told as it was published, once it was: of what is told in two ways,
    one would give away what the other hides.
    """
    whole, home = cells.whole, cells.home
    # Cells do not know how many brought children, or were recorded late.
    untold = frozenset({"children", "late_share"} if reach.county_code else ())
    lines = {} if whole is None else lines_of_uses(db, reach, cells, now=now)
    lines |= {} if home is None else lines_of_cards(cells, home)
    live = LiveYear(
        year=cells.year,
        uses=None if whole is None else whole.adults + whole.children,
        children=None if whole is None or untold else whole.children,
        holders=None if whole is None else whole.holders,
        late_share=None if whole is None or untold else whole.late / whole.adults,
        cards=None if home is None else home.cards,
        cards_used=None if home is None or tells_used(home) else home.cards_used,
        lines=lines,
        untold=untold,
    )
    publication = None if reach.area_id is not None else db.get(Publication, cells.year)
    if publication is not None:
        return replace(_as_published(db, reach, live), published_at=publication.made_at)
    return live


def _as_published(db: Session, reach: Reach, live: LiveYear) -> LiveYear:
    """Put what is published in the place of what cells say; leave out what it tells otherwise."""
    within = places_within(db, reach, live.year)
    figures = read_figures(db, live.year, [reach.scope, *within])

    def told(kind: FigureKind, part: str) -> int | None:
        return figures.get((kind, reach.scope, part))

    uses, late, in_time = (told(FigureKind.USES, part) for part in (WHOLE, LATE, IN_TIME))
    keys = {
        "month": {month: (FigureKind.USES, reach.scope, month) for month in months_of(live.year)},
        "cat": {str(one): (FigureKind.USES, reach.scope, f"cat:{one}") for one in Category},
        "place": {place: (FigureKind.USES, place, WHOLE) for place in within},
        "first": {one: (FigureKind.CARDS, reach.scope, f"first:{one}") for one in SOON},
    }
    return replace(
        live,
        uses=uses,
        children=told(FigureKind.USES, CHILDREN),
        holders=None if uses is None else live.holders,
        late_share=late / (late + in_time) if late is not None and in_time else None,
        untold=frozenset(),
        cards=told(FigureKind.CARDS, WHOLE),
        cards_used=told(FigureKind.USED, WHOLE),
        lines={
            name: Line({part: figures[key] for part, key in wanted.items() if key in figures})
            for name, wanted in keys.items()
        },
    )
