"""Publishes the figures of a year: a fixed list of tables that share totals, hidden as one.

    uses    country ─▶ counties ─▶ areas, each by category; country and counties by month
    cards   country ─▶ counties ─▶ areas: granted = used + unused in the year of the grant
    used    country and counties by age group, gender and life situation

What the whole country did in a year, by category, and how many cards it granted and used, are open:
these figures have always been published, small or not (`server.report.service.national_years`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import extract, insert, select
from sqlalchemy.orm import Session

from server.clock import seconds
from server.distributor.models import Distributor
from server.grant.classes import GENDERS, LIFE_SITUATIONS
from server.report.cells import (
    AGE_GROUPS,
    NATION,
    age_group,
    area_scope,
    county_scope,
    months_of,
)
from server.report.disclosure import Cell, Total
from server.report.errors import AlreadyPublished, YearStillOpen
from server.report.models import (
    FigureKind,
    Publication,
    PublishedFigure,
    ReportCard,
    ReportUse,
)
from server.report.places import read_places
from server.venue.models import Venue
from shared.rules.validity import local_day
from shared.scan import Category

UNTOLD = "untold"
"""The class of those who did not tell."""

WHOLE = "all"
FigureKey = tuple[FigureKind, str, str]
"""Kind, scope, slice."""


@dataclass(slots=True)
class _Sum:
    """A figure while it is counted, one holder after the other."""

    value: int = 0
    holders: int = 0
    largest: int = 0
    second: int = 0

    def add(self, n: int, *, known: bool) -> None:
        self.value += n
        if not known:  # visits of erased holders make a cell no safer
            return
        self.holders += 1
        self.second = sorted((self.largest, self.second, n))[1]
        self.largest = max(self.largest, n)


@dataclass(slots=True)
class _Network:
    """What there is to count: areas under counties, and what is possible there."""

    county: dict[UUID, str | None]
    granting: set[str] = field(default_factory=set)
    """Scopes with a distributor."""
    offers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Categories that somebody in a scope admits for."""


def publish_year(db: Session, year: int, *, now: datetime) -> int:
    """Publish *year*; gives how many figures stay hidden. Minutes, with millions of visits.

    Raises:
        YearStillOpen, AlreadyPublished.
    """
    from server.report.linked import hide  # noqa: PLC0415 - a solver that servers need not carry

    if local_day(seconds(now)) < date(year + 1, 2, 1):
        raise YearStillOpen
    name = str(year)
    if db.get(Publication, name) is not None:
        raise AlreadyPublished
    cells, totals = draw_up(db, name)
    hidden = hide(cells, totals)
    db.add(Publication(year=name, made_at=now))
    db.flush()
    rows = [
        {"year": name, "kind": kind, "scope": scope, "slice": part}
        | {"value": None if (kind, scope, part) in hidden else cell.value}
        for (kind, scope, part), cell in cells.items()
    ]
    db.execute(insert(PublishedFigure), rows)
    return len(hidden)


def draw_up(db: Session, year: str) -> tuple[dict[FigureKey, Cell], list[Total[FigureKey]]]:
    """Count the tables of a year, and say which figures are sums of which."""
    network = _network(db)
    cells = _cells(db, year, network)
    return cells, list(_totals(cells, network, year))


def _network(db: Session) -> _Network:
    county = read_places(db).county_of_area
    network = _Network(dict(county))
    for area_id in db.scalars(select(Distributor.area_id).distinct()):
        network.granting.update(_scopes(network, area_id))
    for area_id, categories in db.execute(select(Venue.area_id, Venue.categories)):
        for scope in _scopes(network, area_id):
            network.offers[scope].update(categories)
    return network


def _scopes(network: _Network, area_id: UUID) -> list[str]:
    county = network.county[area_id]
    above = [] if county is None else [county_scope(county)]
    return [NATION, *above, area_scope(area_id)]


def _cells(db: Session, year: str, network: _Network) -> dict[FigureKey, Cell]:
    sums: dict[FigureKey, _Sum] = defaultdict(_Sum)
    for known, adds in _by_holder(db, year, network):
        for key, n in adds.items():
            sums[key].add(n, known=known)
    return {key: _cell(key, sums.get(key, _Sum()), network) for key in _keys(network, year)}


def _cell(key: FigureKey, counted: _Sum, network: _Network) -> Cell:
    kind, scope, part = key
    open_ = scope == NATION and (part == WHOLE or part.startswith("cat:"))
    if kind is FigureKind.USES:
        offers = network.offers[scope]
        possible = part.removeprefix("cat:") in offers if part.startswith("cat:") else bool(offers)
    else:
        possible = scope in network.granting
    return Cell(
        counted.value, counted.holders, counted.largest, counted.second,
        possible=possible or counted.value > 0, open=open_,
    )  # fmt: skip


def _by_holder(
    db: Session, year: str, network: _Network
) -> Iterator[tuple[bool, dict[FigureKey, int]]]:
    """Give what each holder adds to which figure, and whether it is anybody, in turn."""
    places = read_places(db)
    uses = (
        select(
            ReportUse.holder_id,
            ReportUse.month,
            ReportUse.venue_id,
            ReportUse.category,
            ReportUse.adults + ReportUse.children,
        )
        .where(ReportUse.month.startswith(year))
        .order_by(ReportUse.holder_id)
        .execution_options(yield_per=2000)
    )
    adds: dict[FigureKey, int] = defaultdict(int)
    last = None
    for holder, month, venue_id, category, n in db.execute(uses):
        if last is not None and holder != last and adds:
            yield not places.is_venue(last), adds
            adds = defaultdict(int)
        last = holder
        for scope in _scopes(network, places.area_of_venue[venue_id]):
            adds[FigureKind.USES, scope, WHOLE] += n
            adds[FigureKind.USES, scope, f"cat:{category}"] += n
            if not scope.startswith("area:"):
                adds[FigureKind.USES, scope, month] += n
    if adds and last is not None:
        yield not places.is_venue(last), adds
    for added in _cards_by_holder(db, int(year), network):
        yield True, added


def _cards_by_holder(db: Session, year: int, network: _Network) -> Iterator[dict[FigureKey, int]]:
    cards = (
        select(ReportCard)
        .where(extract("year", ReportCard.granted_on) == year)
        .order_by(ReportCard.holder_id)
        .execution_options(yield_per=2000)
    )
    adds: dict[FigureKey, int] = defaultdict(int)
    last = None
    for card in db.scalars(cards):
        if card.holder_id != last and adds:
            yield adds
            adds = defaultdict(int)
        last = card.holder_id
        used = card.first_used_on is not None and card.first_used_on.year == year
        for scope in _scopes(network, card.area_id):
            adds[FigureKind.CARDS, scope, WHOLE] += 1
            adds[FigureKind.USED if used else FigureKind.UNUSED, scope, WHOLE] += 1
            if used and not scope.startswith("area:"):
                for part in _classes(card):
                    adds[FigureKind.USED, scope, part] += 1
    if adds:
        yield adds


def _classes(card: ReportCard) -> list[str]:
    age = UNTOLD if card.age is None else age_group(card.age)
    return [
        f"age:{age}",
        f"gender:{card.gender or UNTOLD}",
        f"life:{card.life_situation or UNTOLD}",
    ]


CLASSES = {
    "age": [*AGE_GROUPS, UNTOLD],
    "gender": [*GENDERS, UNTOLD],
    "life": [*LIFE_SITUATIONS, UNTOLD],
}
"""What used cards are told by, and the classes of each."""


def _keys(network: _Network, year: str) -> Iterator[FigureKey]:
    counties = sorted({code for code in network.county.values() if code is not None})
    large = [NATION, *(county_scope(code) for code in counties)]
    areas = [area_scope(area_id) for area_id in sorted(network.county, key=str)]
    for scope in (*large, *areas):
        yield FigureKind.USES, scope, WHOLE
        for category in Category:
            yield FigureKind.USES, scope, f"cat:{category}"
        for kind in (FigureKind.CARDS, FigureKind.USED, FigureKind.UNUSED):
            yield kind, scope, WHOLE
    for scope in large:
        for month in months_of(year):
            yield FigureKind.USES, scope, month
        for of, classes in CLASSES.items():
            for name in classes:
                yield FigureKind.USED, scope, f"{of}:{name}"


def _totals(cells: Iterable[FigureKey], network: _Network, year: str) -> Iterator[Total[FigureKey]]:
    """Say which figures are sums of which."""
    kinds = FigureKind
    for kind, scope, part in cells:
        if part == WHOLE and kind is kinds.USES:
            by_category = [(kind, scope, f"cat:{category}") for category in Category]
            yield Total((kind, scope, part), by_category)
            if not scope.startswith("area:"):
                by_month = [(kind, scope, month) for month in months_of(year)]
                yield Total((kind, scope, part), by_month)
        if kind is kinds.CARDS:
            halves = [(kinds.USED, scope, WHOLE), (kinds.UNUSED, scope, WHOLE)]
            yield Total((kind, scope, part), halves)
        if (kind, part) == (kinds.USED, WHOLE) and not scope.startswith("area:"):
            for of, classes in CLASSES.items():
                by_class = [(kind, scope, f"{of}:{name}") for name in classes]
                yield Total((kind, scope, part), by_class)
        if below := _below(scope, network):
            inside = [(kind, place, part) for place in below if _is_told(place, part)]
            if inside:
                yield Total((kind, scope, part), inside)


def _is_told(scope: str, part: str) -> bool:
    """Tell whether areas have this slice; months and classes are for counties and the country."""
    return not scope.startswith("area:") or part == WHOLE or part.startswith("cat:")


def _below(scope: str, network: _Network) -> list[str]:
    """Name the scopes that make up this one."""
    if scope == NATION:
        counties = sorted({code for code in network.county.values() if code is not None})
        alone = [area_scope(area) for area, county in network.county.items() if county is None]
        return [county_scope(code) for code in counties] + alone
    if scope.startswith("county:"):
        code = scope.removeprefix("county:")
        return [area_scope(area) for area, county in network.county.items() if county == code]
    return []
