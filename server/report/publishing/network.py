"""What there is to count in a year: areas under counties, and what is possible there.

A merged area counts as what it became, month by month (`server.report.rollup.cells.Places`).
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from server.access.models import Access
from server.clock import day_of
from server.distributor.models import Distributor
from server.report.models import ReportCard, ReportUse
from server.report.rollup.cells import NATION, Places, area_scope, county_scope, month_of, months_of
from server.report.rollup.places import origin_of, read_places
from server.venue.models import Scanner, Venue
from shared.rules.validity import HELSINKI


@dataclass(slots=True)
class Network:
    """The places of a year.

    Attributes:
        areas: Scopes of the areas with a venue or a distributor, in order.
        counties: Their counties' codes, in order.
        alone: Scopes of those that are in no county.
        county_of: The county of each area's scope.
        areas_of_venue: In which areas a venue was in the year: one, unless its area merged.
        offers: Categories that somebody in a scope admitted for.
        admits_for: Categories that a venue admits for.
        granting: Scopes with a distributor.
    """

    places: Places
    county_of: Mapping[str, str | None] = field(default_factory=dict)
    areas_of_venue: dict[UUID, list[str]] = field(default_factory=dict)
    offers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    admits_for: dict[UUID, frozenset[str]] = field(default_factory=dict)
    granting: set[str] = field(default_factory=set)
    _above: dict[UUID, list[str]] = field(default_factory=dict)

    def above(self, area_id: UUID) -> list[str]:
        """Give the scopes that an area counts in, the largest first and its own last."""
        if area_id not in self._above:
            nation, own, *county = self.places.above(area_id)
            self._above[area_id] = [nation, *county, own]
        return self._above[area_id]

    @property
    def areas(self) -> list[str]:
        """Scopes of areas, in order."""
        return sorted(self.county_of)

    @property
    def counties(self) -> list[str]:
        """Codes of counties, in order."""
        return sorted({code for code in self.county_of.values() if code is not None})

    @property
    def alone(self) -> list[str]:
        """Scopes of areas that are in no county."""
        return [scope for scope in self.areas if self.county_of[scope] is None]

    @property
    def large(self) -> list[str]:
        """Scopes of the country and its counties."""
        return [NATION, *(county_scope(code) for code in self.counties)]

    @property
    def venues(self) -> list[UUID]:
        """Venues, in order."""
        return sorted(self.areas_of_venue)

    def below(self, scope: str) -> list[str]:
        """Name the scopes that make up this one."""
        if scope == NATION:
            return [*self.large[1:], *self.alone]
        if scope.startswith("county:"):
            code = scope.removeprefix("county:")
            return [area for area in self.areas if self.county_of[area] == code]
        return []

    def grants_home(self, home: str) -> bool:
        """Tell whether cards are granted in a county, or where there is none."""
        if scope := county_scope(home) if home in self.counties else "":
            return scope in self.granting
        return any(scope in self.granting for scope in self.alone)

    def grants_near(self, area: str, part: str) -> bool:
        """Tell whether cards are granted so near to an area: in it, in its county, elsewhere."""
        others = [one for one in self.areas if one in self.granting and one != area]
        county = self.county_of[area]
        if part == "near:own":
            return area in self.granting
        in_county = [one for one in others if county and self.county_of[one] == county]
        return bool(in_county) if part == "near:county" else len(in_county) < len(others)


def read_network(db: Session, year: str) -> Network:
    """Read the places of a year.

    A venue that had no scanner before the year was over and no visits was none yet, nor was a
    distributor that nobody had access for.
    """
    network = Network(read_places(db))
    county_of = {}
    over = datetime.combine(date(int(year) + 1, 1, 1), time(0), HELSINKI)
    for area_id in _granting(db, network.places, year, over=over):
        county_of[area_scope(area_id)] = network.places.county_of_area[area_id]
        network.granting.update(network.places.above(area_id))
    known = _venues_of(db, year, over=over)
    for venue_id, categories in db.execute(select(Venue.id, Venue.categories)):
        if venue_id not in known:
            continue
        areas = _areas_in(network.places, network.places.area_of_venue[venue_id], year)
        network.areas_of_venue[venue_id] = [area_scope(area_id) for area_id in areas]
        network.admits_for[venue_id] = frozenset(categories)
        for area_id in areas:
            county_of[area_scope(area_id)] = network.places.county_of_area[area_id]
            for scope in network.places.above(area_id):
                network.offers[scope].update(categories)
    network.county_of = county_of
    return network


def _granting(db: Session, places: Places, year: str, *, over: datetime) -> set[UUID]:
    """Give the areas where cards could be granted, or that cards are from which are in figures.

    Whether an area has granted one is nobody's to know; that it could is no secret. A visit may be
    dated before its card was granted, when it was written on paper.
    """
    given = select(func.min(Access.granted_at)).where(Access.distributor_id == Distributor.id)
    desks: Any = select(origin_of(Distributor.id, Distributor.area_id), given.scalar_subquery())
    found: set[UUID] = set()
    for origin, since in db.execute(desks):
        if since is None or since < over:
            found.update(_areas_in(places, origin, year, since=since))
    days = date(int(year), 1, 1), date(int(year), 12, 31)
    granted = select(ReportCard.area_id, ReportCard.granted_on)
    for origin, on in db.execute(granted.where(ReportCard.granted_on.between(*days)).distinct()):
        found.add(places.area_in(origin, month_of(on)))
    used = select(ReportCard.area_id, ReportUse.month).join(
        ReportUse,
        and_(ReportUse.holder_id == ReportCard.holder_id, ReportUse.card_id == ReportCard.card_id),
    )
    for origin, month in db.execute(used.where(ReportUse.month.startswith(year)).distinct()):
        found.add(places.area_in(origin, month))
    return found


def _venues_of(db: Session, year: str, *, over: datetime) -> set[UUID]:
    with_scanner = select(Scanner.venue_id).where(Scanner.enrolled_at < over)
    visited = select(ReportUse.venue_id).where(ReportUse.month.startswith(year)).distinct()
    return {*db.scalars(with_scanner), *db.scalars(visited)}


def _areas_in(
    places: Places, origin: UUID, year: str, *, since: datetime | None = None
) -> list[UUID]:
    """Give what an area counted as in the months of a year, from that of an instant on."""
    first = "" if since is None else month_of(day_of(since))
    months = [month for month in months_of(year) if month >= first]
    return list(dict.fromkeys(places.area_in(origin, month) for month in months))
