"""What somebody answers for, and the places within it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.area.models import Area
from server.report.rollup.cells import NATION, area_scope, county_scope, months_of, venue_scope
from server.report.rollup.places import origin_of, read_places
from server.venue.models import Venue


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """An area, or a wellbeing county, or else the whole country."""

    area_id: UUID | None = None
    county_code: str | None = None

    @property
    def scope(self) -> str:
        """How cells name it."""
        if self.area_id is not None:
            return area_scope(self.area_id)
        return NATION if self.county_code is None else county_scope(self.county_code)


def places_within(db: Session, reach: Reach, year: str) -> list[str]:
    """Name the scopes that a reach is the sum of in a year: venues of an area, areas, counties."""
    if reach.area_id is not None:
        return [venue_scope(venue_id) for venue_id in _venues_of(db, reach.area_id, year)]
    areas = db.execute(select(Area.id, Area.county_code)).all()
    if reach.county_code is not None:
        return [area_scope(area_id) for area_id, code in areas if code == reach.county_code]
    counties = sorted({code for _, code in areas if code is not None})
    alone = [area_scope(area_id) for area_id, code in areas if code is None]
    return [*(county_scope(code) for code in counties), *alone]


def other_areas(db: Session, area_id: UUID) -> list[str]:
    """Name the scopes of all areas but one."""
    return [area_scope(one) for one in db.scalars(select(Area.id).where(Area.id != area_id))]


def _venues_of(db: Session, area_id: UUID, year: str) -> list[UUID]:
    """List the venues of an area; one that came with a merged area once all its year was here."""
    begun = select(Venue.id, origin_of(Venue.id, Venue.area_id)).where(Venue.area_id == area_id)
    found = db.execute(begun).all()
    if all(origin_id == area_id for _, origin_id in found):
        return [venue_id for venue_id, _ in found]
    places = read_places(db)
    return [
        venue_id
        for venue_id, origin_id in found
        if all(places.area_in(origin_id, month) == area_id for month in months_of(year))
    ]
