"""Places that published figures are of: the country, counties, municipalities, venues.

To the outside a place has a code that reads well and lasts: `fi`, `county-06`, `837`, and for a
venue `venue-` with its id.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from server.area.codes import COUNTIES, MERGERS, MUNICIPALITIES, Municipality
from server.area.errors import IncompleteMunicipalityCode, UnknownMunicipality
from server.area.models import Area, AreaMerger
from server.area.service import find_municipality
from server.problems import Problem
from server.report.errors import (
    PlaceMergedAway,
    PlaceMiswritten,
    PlaceNotInNetwork,
    PlaceNotPublished,
    PlaceUnknown,
)
from server.report.rollup.cells import NATION, area_scope, county_scope, venue_scope
from server.texts import N_, Language, Texts
from server.venue.models import Venue

_COUNTY = re.compile(r"county[- ]?(\d{1,2})")
WHOLE_COUNTRY = N_("The whole country")


class PlaceKind(StrEnum):
    """How large a place is."""

    COUNTRY = "country"
    COUNTY = "county"
    MUNICIPALITY = "municipality"
    VENUE = "venue"


@dataclass(frozen=True, slots=True)
class Place:
    """A place, as everybody may name it.

    Attributes:
        scope: What its figures are kept under.
        within: The code of the place that it is part of.
        own_name: As the register has it; official names come from the code lists.
    """

    code: str
    kind: PlaceKind
    scope: str
    within: str | None = None
    own_name: str = ""

    def name(self, language: str) -> str:
        """Give its name as readers of *language* know it."""
        if self.kind is PlaceKind.COUNTRY:
            return Texts(language)(WHOLE_COUNTRY)
        if self.kind is PlaceKind.COUNTY:
            return COUNTIES[self.code.removeprefix("county-")].name(Language(language))
        listed = MUNICIPALITIES.get(self.code)
        return self.own_name if listed is None else listed.name(language)


COUNTRY = Place(NATION, PlaceKind.COUNTRY, NATION)


def county_place(code: str) -> Place:
    """Give a county by its official code."""
    return Place(f"county-{code}", PlaceKind.COUNTY, county_scope(code), COUNTRY.code)


def read_atlas(db: Session) -> Mapping[str, Place]:
    """Give all places of the network by scope: the country, each county before its municipalities.

    Each municipality is followed by its venues.
    """
    venues: dict[object, list[Venue]] = {}
    for venue in db.scalars(select(Venue).order_by(Venue.name, Venue.id)):
        venues.setdefault(venue.area_id, []).append(venue)
    places = {COUNTRY.scope: COUNTRY}
    areas = select(Area).order_by(Area.county_code.is_(None), Area.county_code, Area.name)
    for area in db.scalars(areas):
        if area.county_code is not None:
            county = county_place(area.county_code)
            places.setdefault(county.scope, county)
        place = municipality_place(area)
        places[place.scope] = place
        for venue in venues.get(area.id, ()):
            scope = venue_scope(venue.id)
            places[scope] = Place(
                f"venue-{venue.id}", PlaceKind.VENUE, scope, place.code, venue.name
            )
    return places


def municipality_place(area: Area) -> Place:
    """Give an area as a place; one that has merged away keeps its name, and is in no county."""
    within = (COUNTRY if area.county_code is None else county_place(area.county_code)).code
    return Place(
        area.municipality_code, PlaceKind.MUNICIPALITY, area_scope(area.id), within, area.name
    )


def find_place(places: Mapping[str, Place], code: str, language: str) -> Place:
    """Find a place by the code that somebody wrote; a refusal names places in *language*.

    Raises:
        PlaceUnknown, PlaceMiswritten, PlaceNotInNetwork, PlaceMergedAway.
    """
    for place in places.values():
        if place.code == code:
            return place
    if county := _COUNTY.fullmatch(code.strip().lower()):
        _refuse_county(code, county[1].zfill(2), language)
    if code in MERGERS:
        merger = MERGERS[code]
        into = MUNICIPALITIES[merger.into]
        raise PlaceMergedAway(f"{into.code} {into.name(language)}, {merger.year}")
    found = _meant(code)
    named = f"{found.code} {found.name(language)}"
    raise PlaceNotInNetwork(named) if code == found.code else PlaceMiswritten(named)


def why_nothing(db: Session, place: Place, year: str, language: str) -> Problem:
    """Say why a place of the network has no figures in a year: it merged away, or came later."""
    area, successor = aliased(Area), aliased(Area)
    merged = db.execute(
        select(AreaMerger.since_on, successor)
        .join(area, area.id == AreaMerger.former_id)
        .join(successor, successor.id == AreaMerger.area_id)
        .where(area.municipality_code == place.code, AreaMerger.since_on <= date(int(year), 12, 31))
        .order_by(AreaMerger.since_on.desc())
    ).first()
    if merged is None:
        return PlaceNotPublished(place.name(language))
    since_on, into = merged
    name = municipality_place(into).name(language)
    return PlaceMergedAway(f"{into.municipality_code} {name}, {since_on.year}")


def _refuse_county(code: str, county: str, language: str) -> None:
    if county not in COUNTIES:
        raise PlaceUnknown
    name = COUNTIES[county].name(language)
    if code != f"county-{county}":
        raise PlaceMiswritten(f"county-{county} {name}")
    raise PlaceNotInNetwork(name)


def _meant(code: str) -> Municipality:
    try:
        return find_municipality(code)
    except IncompleteMunicipalityCode as incomplete:
        return MUNICIPALITIES[(incomplete.detail or "")[:3]]
    except UnknownMunicipality as unknown:
        raise PlaceUnknown from unknown
