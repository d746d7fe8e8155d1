"""Reads where venues and areas are, and what merged areas became."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.elements import ColumnElement

from server.area.models import Area, AreaMerger, MovedPlace
from server.report.rollup.cells import Places, month_of
from server.venue.models import Venue


def read_places(db: Session) -> Places:
    """Read where venues began and areas are."""
    became: dict[UUID, list[tuple[str, UUID]]] = defaultdict(list)
    for merger in db.scalars(select(AreaMerger).order_by(AreaMerger.since_on)):
        became[merger.former_id].append((month_of(merger.since_on), merger.area_id))
    return Places(
        area_of_venue=_pairs(db, select(Venue.id, origin_of(Venue.id, Venue.area_id))),
        county_of_area=_pairs(db, select(Area.id, Area.county_code)),
        became=became,
    )


def origin_of(
    place_id: InstrumentedAttribute[UUID], area_id: InstrumentedAttribute[UUID]
) -> ColumnElement[UUID]:
    """Give the area that a venue or distributor began in, as a column of its query."""
    moved = select(MovedPlace.origin_id).where(MovedPlace.place_id == place_id).scalar_subquery()
    return func.coalesce(moved, area_id)


def _pairs(db: Session, wanted: Any) -> dict[UUID, Any]:
    return dict(db.execute(wanted).all())
