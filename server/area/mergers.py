"""Municipalities that merge: what happens from a day on is the new one's, what was before stays.

The venues, distributors and postcodes of the area go over at once, so that its new coordinator
looks after them; figures count for the new area from the first of a coming month on.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.area.errors import AreaNotInNetwork, MergedAlready, MergerInThePast, MergesIntoItself
from server.area.models import Area, AreaMerger, AreaPostcode, MovedPlace
from server.area.service import find_municipality
from server.distributor.models import Distributor
from server.problems import Problem
from server.venue.models import Venue

DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Merger:
    """What was asked for: two areas of the network, and from when on."""

    former: Area
    area: Area
    since_on: date


def next_months(today: date) -> list[date]:
    """Give the days on which a merger can take effect: the firsts of the next twelve months."""
    days = []
    year, month = today.year, today.month
    for _ in range(DECEMBER):
        year, month = (year + 1, 1) if month == DECEMBER else (year, month + 1)
        days.append(date(year, month, 1))
    return days


def problems_of_merger(
    db: Session, *, former: str, into: str, since_on: date | None, today: date
) -> Iterator[tuple[str, Problem]]:
    """Give everything that stands in the way, each with the name of what it is about."""
    found: dict[str, Area] = {}
    for name, typed in (("former", former), ("into", into)):
        try:
            found[name] = find_area(db, typed)
        except Problem as problem:
            yield name, problem
    if found.get("former") is not None and found.get("former") is found.get("into"):
        yield "into", MergesIntoItself()
    gone = merged_away(db, {area.id for area in found.values()})
    for name, area in found.items():
        if area.id in gone:
            yield name, MergedAlready()
    if since_on not in next_months(today):
        yield "since", MergerInThePast()


def find_area(db: Session, typed: str) -> Area:
    """Find an area of the network by its municipality, as somebody typed or chose it.

    Raises:
        UnknownMunicipality, IncompleteMunicipalityCode, AreaNotInNetwork.
    """
    code = find_municipality(typed).code
    area = db.scalar(select(Area).where(Area.municipality_code == code))
    if area is None:
        raise AreaNotInNetwork
    return area


def merge_areas(db: Session, merger: Merger) -> None:
    """Let one area become a part of another; `problems_of_merger` has found nothing."""
    former, area = merger.former, merger.area
    became_former = select(AreaMerger.former_id).where(AreaMerger.area_id == former.id)
    for one in {former.id, *db.scalars(became_former)}:
        db.add(AreaMerger(former_id=one, since_on=merger.since_on, area_id=area.id))
    moving: set[UUID] = set()
    for kind in (Venue, Distributor):
        moving.update(db.scalars(select(kind.id).where(kind.area_id == former.id)))
    moved = set(db.scalars(select(MovedPlace.place_id).where(MovedPlace.place_id.in_(moving))))
    db.add_all([MovedPlace(place_id=one, origin_id=former.id) for one in moving - moved])
    for table in (Venue, Distributor, AreaPostcode):
        of_it = table.area_id == former.id
        db.execute(update(table).where(of_it).values(area_id=area.id))


def merged_away(db: Session, area_ids: Collection[UUID]) -> dict[UUID, AreaMerger]:
    """Give what became of those of the areas that merged into another, the last time."""
    found = db.scalars(
        select(AreaMerger).where(AreaMerger.former_id.in_(area_ids)).order_by(AreaMerger.since_on)
    )
    return {merger.former_id: merger for merger in found}
