"""What somebody answers for, and the places within it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.area.models import Area
from server.report.cells import NATION, area_scope, county_scope, venue_scope
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


def places_within(db: Session, reach: Reach) -> list[str]:
    """Name the scopes that a reach is the sum of: venues of an area, areas, counties."""
    if reach.area_id is not None:
        venues = select(Venue.id).where(Venue.area_id == reach.area_id)
        return [venue_scope(venue_id) for venue_id in db.scalars(venues)]
    areas = db.execute(select(Area.id, Area.county_code)).all()
    if reach.county_code is not None:
        return [area_scope(area_id) for area_id, code in areas if code == reach.county_code]
    counties = sorted({code for _, code in areas if code is not None})
    alone = [area_scope(area_id) for area_id, code in areas if code is None]
    return [*(county_scope(code) for code in counties), *alone]


def other_areas(db: Session, area_id: UUID) -> list[str]:
    """Name the scopes of all areas but one."""
    return [area_scope(one) for one in db.scalars(select(Area.id).where(Area.id != area_id))]
