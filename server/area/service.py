"""Areas and the locations in them: add them, and see who has access."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.area.errors import (
    AreaTaken,
    MalformedPostcodes,
    PostcodeTaken,
    UnknownMunicipality,
)
from server.area.models import Area, AreaPostcode
from server.ids import new_id
from server.problems import Problem

_MUNICIPALITY = re.compile(r"[0-9]{3}")
_POSTCODE = re.compile(r"[0-9]{5}")
POSTCODES_MOST = 500


@dataclass(frozen=True, slots=True)
class ListedArea:
    """An area with the number of its postcodes."""

    area: Area
    postcodes: int


def add_area(
    db: Session, *, name: str, municipality_code: str, postcodes: Collection[str], now: datetime
) -> Area:
    """Add a municipality with the postcodes whose inhabitants live in it.

    Raises:
        UnknownMunicipality, AreaTaken, MalformedPostcodes, PostcodeTaken.
    """
    wanted = set(postcodes)
    for problem in problems_of_area(db, municipality_code=municipality_code, postcodes=wanted):
        raise problem
    area = Area(id=new_id(now), municipality_code=municipality_code, name=name)
    db.add(area)
    db.flush()
    db.add_all([AreaPostcode(postcode=postcode, area_id=area.id) for postcode in sorted(wanted)])
    return area


def problems_of_area(
    db: Session, *, municipality_code: str, postcodes: Collection[str]
) -> Iterator[Problem]:
    """Give everything that stands in the way of an area, so that a form can tell it all at once."""
    if not _MUNICIPALITY.fullmatch(municipality_code):
        yield UnknownMunicipality()
    elif db.scalar(select(Area.id).where(Area.municipality_code == municipality_code)):
        yield AreaTaken()
    if not 0 < len(postcodes) <= POSTCODES_MOST or not all(map(_POSTCODE.fullmatch, postcodes)):
        yield MalformedPostcodes()
    elif db.scalar(
        select(AreaPostcode.postcode).where(AreaPostcode.postcode.in_(postcodes)).limit(1)
    ):
        yield PostcodeTaken()


def list_areas(db: Session, *, after: str = "", limit: int = 100) -> list[ListedArea]:
    """List the areas by municipality code. *after* is the last code of the list before."""
    in_order = (
        select(Area, func.count(AreaPostcode.postcode))
        .outerjoin(AreaPostcode, AreaPostcode.area_id == Area.id)
        .where(Area.municipality_code > after)
        .group_by(Area.id)
        .order_by(Area.municipality_code)
        .limit(limit)
    )
    return [ListedArea(area, postcodes) for area, postcodes in db.execute(in_order)]
