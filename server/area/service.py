"""Areas and the locations in them: add them, and see who has access."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.area.codes import BY_NAME, MUNICIPALITIES, Municipality
from server.area.errors import (
    AreaTaken,
    IncompleteMunicipalityCode,
    MalformedPostcodes,
    PostcodeTaken,
    UnknownMunicipality,
)
from server.area.models import Area, AreaPostcode
from server.ids import new_id
from server.problems import Problem

_MUNICIPALITY = re.compile(r"(?P<code>[0-9]{1,3})?[\s,-]*(?P<name>.*)")
_CODE_DIGITS = 3
_POSTCODE = re.compile(r"[0-9]{5}")
POSTCODES_MOST = 500


@dataclass(frozen=True, slots=True)
class ListedArea:
    """An area with the number of its postcodes."""

    area: Area
    postcodes: int


def add_area(db: Session, *, municipality: str, postcodes: Collection[str], now: datetime) -> Area:
    """Add a municipality of the code list with the postcodes whose inhabitants live in it.

    *municipality* is its code or name, as somebody typed or chose it.

    Raises:
        UnknownMunicipality, IncompleteMunicipalityCode, AreaTaken, MalformedPostcodes,
        PostcodeTaken.
    """
    wanted = set(postcodes)
    for problem in problems_of_area(db, municipality=municipality, postcodes=wanted):
        raise problem
    found = find_municipality(municipality)
    area = Area(id=new_id(now), municipality_code=found.code, name=found.name_fi)
    db.add(area)
    db.flush()
    db.add_all([AreaPostcode(postcode=postcode, area_id=area.id) for postcode in sorted(wanted)])
    return area


def problems_of_area(
    db: Session, *, municipality: str, postcodes: Collection[str]
) -> Iterator[Problem]:
    """Give everything that stands in the way of an area, so that a form can tell it all at once."""
    try:
        found = find_municipality(municipality)
    except Problem as problem:
        yield problem
    else:
        if db.scalar(select(Area.id).where(Area.municipality_code == found.code)):
            yield AreaTaken()
    if not 0 < len(postcodes) <= POSTCODES_MOST or not all(map(_POSTCODE.fullmatch, postcodes)):
        yield MalformedPostcodes()
    elif db.scalar(
        select(AreaPostcode.postcode).where(AreaPostcode.postcode.in_(postcodes)).limit(1)
    ):
        yield PostcodeTaken()


def find_municipality(typed: str) -> Municipality:
    """Find a municipality by what somebody typed or chose: "049", "Esbo", "049 Espoo".

    Raises:
        IncompleteMunicipalityCode: A code without its zeros; the detail tells the whole one.
        UnknownMunicipality: There is none, or the code is one's and the name another's.
    """
    read = _MUNICIPALITY.fullmatch(" ".join(typed.split()))
    code, name = (read["code"], read["name"].casefold()) if read is not None else (None, "")
    by_name = BY_NAME.get(name)
    found = by_name if code is None else MUNICIPALITIES.get(code.zfill(_CODE_DIGITS))
    if found is None or (name and by_name is not found):
        raise UnknownMunicipality
    if code is not None and code != found.code:
        raise IncompleteMunicipalityCode(f"{found.code} {found.name_fi}")
    return found


def list_areas(
    db: Session, *, county_code: str | None = None, after: str = "", limit: int = 100
) -> list[ListedArea]:
    """List the areas by municipality code. *after* is the last code of the list before."""
    in_order = (
        select(Area, func.count(AreaPostcode.postcode))
        .outerjoin(AreaPostcode, AreaPostcode.area_id == Area.id)
        .where(Area.municipality_code > after)
        .group_by(Area.id)
        .order_by(Area.municipality_code)
        .limit(limit)
    )
    if county_code is not None:
        in_order = in_order.where(Area.county_code == county_code)
    return [ListedArea(area, postcodes) for area, postcodes in db.execute(in_order)]
