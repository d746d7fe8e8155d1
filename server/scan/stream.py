"""All visits of some venues, one after the other, however many there are: nothing of the card."""

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from server.area.models import Area
from server.db import READS
from server.scan.listing import VisitFilter, conditions_of
from server.scan.models import Scan
from server.venue.models import Venue
from server.visit.counting import counts
from server.visit.models import RECORDED_WITHIN, Visit, Voiding
from shared.rules.validity import HELSINKI
from shared.scan import Category

AT_ONCE = 1000
"""Rows that are in memory together."""


@dataclass(frozen=True, slots=True)
class StreamedVisit:
    """A visit as a row of a table; the day is the one in Finland."""

    visited_on: date
    venue: str
    area: str
    category: Category
    children: int
    late: bool
    undone: bool
    counted: bool


def stream_visits(
    sessions: "sessionmaker[Session]", wanted: VisitFilter, *, area_id: UUID | None = None
) -> Generator[StreamedVisit, None, None]:
    """Read visits venue by venue, each oldest first; of an area, or of the whole network.

    In a transaction of its own, which ends with the iterator: an answer that is still going out
    when the request's transaction is over needs one. Rows come from the database as they are asked
    for, by an index, so that neither memory nor the first row depends on how many there are.
    """
    venues = (
        select(Venue.id, Venue.name, Area.name)
        .join(Area, Area.id == Venue.area_id)
        .order_by(Area.name, Venue.name, Venue.id)
    )
    if area_id is not None:
        venues = venues.where(Venue.area_id == area_id)
    if wanted.venue_id is not None:
        venues = venues.where(Venue.id == wanted.venue_id)
    with sessions() as db:
        db.connection(execution_options={READS: True})
        for venue_id, venue, area in db.execute(venues).all():
            yield from _visits_of(db, wanted, venue_id, venue, area)


def _visits_of(
    db: Session, wanted: VisitFilter, venue_id: UUID, venue: str, area: str
) -> Generator[StreamedVisit, None, None]:
    rows = (
        select(
            Visit.visited_at,
            Visit.category,
            Visit.children,
            Visit.recorded_at,
            Voiding.visit_id.is_not(None),
            counts(),
        )
        .join(Scan, Scan.id == Visit.scan_id)
        .outerjoin(Voiding, Voiding.visit_id == Visit.id)
        .where(Visit.venue_id == venue_id, *conditions_of(wanted))
        .order_by(Visit.visited_at)
        .execution_options(yield_per=AT_ONCE)
    )
    with closing(db.execute(rows)) as found:
        for visited_at, category, children, recorded_at, undone, counted in found:
            yield StreamedVisit(
                visited_on=visited_at.astimezone(HELSINKI).date(),
                venue=venue,
                area=area,
                category=category,
                children=children,
                late=recorded_at - visited_at > RECORDED_WITHIN,
                undone=bool(undone),
                counted=bool(counted),
            )
