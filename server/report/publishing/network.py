"""What there is to count in a year: areas under counties, and what is possible there.

A merged area counts as what it became, month by month (`server.report.rollup.cells.Places`).
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.card.models import Card
from server.distributor.models import Distributor
from server.report.models import ReportUse
from server.report.rollup.cells import NATION, Places, area_scope, county_scope, months_of
from server.report.rollup.places import origin_of, read_places
from server.venue.models import Scanner, Venue
from shared.rules.validity import HELSINKI


@dataclass(slots=True)
class Network:
    """The places of a year.

    Attributes:
        areas: Scopes of the areas with a venue, or a distributor that granted cards, in order.
        counties: Their counties' codes, in order.
        alone: Scopes of those that are in no county.
        county_of: The county of each area's scope.
        areas_of_venue: In which areas a venue was in the year: one, unless its area merged.
        offers: Categories that somebody in a scope admitted for.
        admits_for: Categories that a venue admits for.
        granting: Scopes where cards had been granted before the year was over.
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
    distributor that had granted nobody a card.
    """
    network = Network(read_places(db))
    county_of = {}
    over = datetime.combine(date(int(year) + 1, 1, 1), time(0), HELSINKI)
    granted = select(Card.id).where(Card.distributor_id == Distributor.id, Card.granted_at < over)
    origins = select(origin_of(Distributor.id, Distributor.area_id)).where(granted.exists())
    for origin in db.scalars(origins.distinct()):
        for area_id in _areas_in(network.places, origin, year):
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


def _venues_of(db: Session, year: str, *, over: datetime) -> set[UUID]:
    with_scanner = select(Scanner.venue_id).where(Scanner.enrolled_at < over)
    visited = select(ReportUse.venue_id).where(ReportUse.month.startswith(year)).distinct()
    return {*db.scalars(with_scanner), *db.scalars(visited)}


def _areas_in(places: Places, origin: UUID, year: str) -> list[UUID]:
    """Give what an area counted as in the months of a year."""
    return list(dict.fromkeys(places.area_in(origin, month) for month in months_of(year)))
