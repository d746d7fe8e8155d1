"""Visits as the venue that recorded them and its coordinator list them: nothing of the card."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, extract, select, tuple_
from sqlalchemy.orm import Session, contains_eager, joinedload

from server.clock import beginning_of
from server.scan.models import Scan
from server.venue.models import Venue
from server.visit.counting import counts
from server.visit.models import RECORDED_WITHIN, Visit, Voiding
from server.visit.service import event_names, read_cursor, write_cursor
from shared.scan import Category


class Remark(StrEnum):
    """What may be worth a look about a visit."""

    UNDONE = "undone"
    LATE = "late"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFilter:
    """Which visits are wanted; the days are calendar days in Helsinki, both counted in."""

    first_on: date | None = None
    last_on: date | None = None
    category: Category | None = None
    venue_id: UUID | None = None
    only: Remark | None = None
    oldest_first: bool = False


@dataclass(frozen=True, slots=True)
class RecordedVisit:
    """A visit, whether it counts, and whether the register says otherwise than the door did."""

    visit: Visit
    counted: bool
    differs: bool
    event_name: str | None

    @property
    def late(self) -> bool:
        """Whether it was recorded later than it should have been."""
        return self.visit.recorded_at - self.visit.visited_at > RECORDED_WITHIN


def list_visits_of_venue(
    db: Session, venue_id: UUID, wanted: VisitFilter, *, limit: int, cursor: str | None
) -> tuple[list[RecordedVisit], str | None]:
    """List what a venue has recorded, with the cursor of the next page.

    Raises:
        MalformedCursor.
    """
    return _list(db, [Visit.venue_id == venue_id], wanted, limit=limit, cursor=cursor)


def list_visits_of_area(
    db: Session, area_id: UUID, wanted: VisitFilter, *, limit: int, cursor: str | None
) -> tuple[list[RecordedVisit], str | None]:
    """List what the venues of an area have recorded, with the cursor of the next page.

    Raises:
        MalformedCursor.
    """
    in_area = Visit.venue_id.in_(select(Venue.id).where(Venue.area_id == area_id))
    return _list(db, [in_area], wanted, limit=limit, cursor=cursor)


def _list(
    db: Session,
    which: Sequence[ColumnElement[bool]],
    wanted: VisitFilter,
    *,
    limit: int,
    cursor: str | None,
) -> tuple[list[RecordedVisit], str | None]:
    in_order = tuple_(Visit.visited_at, Visit.id)
    order = [Visit.visited_at, Visit.id]
    listing = (
        select(Visit, counts(), Scan.differs)
        .join(Scan, Scan.id == Visit.scan_id)
        .outerjoin(Voiding, Voiding.visit_id == Visit.id)
        .where(*which, *conditions_of(wanted))
        .order_by(*(order if wanted.oldest_first else [one.desc() for one in order]))
        .options(contains_eager(Visit.voiding), joinedload(Visit.venue))
        .limit(limit + 1)
    )
    if cursor is not None:
        last = read_cursor(cursor)
        listing = listing.where(in_order > last if wanted.oldest_first else in_order < last)
    rows = db.execute(listing).all()
    names = event_names(db, [visit for visit, *_ in rows[:limit]])
    listed = [
        RecordedVisit(visit, counted, differs, names.get(visit.event_id))
        for visit, counted, differs in rows[:limit]
    ]
    return listed, write_cursor(rows[limit - 1][0]) if len(rows) > limit else None


def conditions_of(wanted: VisitFilter) -> list[ColumnElement[bool]]:
    """Select what is wanted, for a query that has joined `Scan` and `Voiding`."""
    found: list[ColumnElement[bool]] = []
    if wanted.first_on is not None:
        found.append(Visit.visited_at >= beginning_of(wanted.first_on))
    if wanted.last_on is not None:
        found.append(Visit.visited_at < beginning_of(wanted.last_on + timedelta(days=1)))
    if wanted.category is not None:
        found.append(Visit.category == wanted.category)
    if wanted.venue_id is not None:
        found.append(Visit.venue_id == wanted.venue_id)
    if wanted.only is not None:
        found.append(_REMARKED[wanted.only])
    return found


_REMARKED: dict[Remark, ColumnElement[bool]] = {
    Remark.UNDONE: Voiding.visit_id.is_not(None),
    # In seconds: SQLite keeps instants as text, which knows no difference.
    Remark.LATE: extract("epoch", Visit.recorded_at) - extract("epoch", Visit.visited_at)
    > RECORDED_WITHIN.total_seconds(),
    Remark.DIFFERS: Scan.differs.is_(True),
}
