"""Conflicts: find them whatever order the reports arrive in, settle those that are no more.

The scanners of a venue share no ledger, so two of them may both say green to one card. Both visits
are kept, one counts, and the coordinator hears about it once. The same scanner again is no
conflict, and neither is a door that knew: there, staff have let somebody back in.

Source: K1 §10.2; ADR 0009.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager

from server.conflict.models import Conflict
from server.ids import new_id
from server.venue.models import Scanner, Venue
from server.visit.counting import counts
from server.visit.models import Visit, Voiding

T = TypeVar("T")

_CONFLICTS = cast("Table", Conflict.__table__)
_FOUND_AGAIN = {
    name: inserted.on_conflict_do_update(
        index_elements=["card_id", "event"], set_={"settled_at": inserted.excluded.settled_at}
    )
    for name, inserted in (
        ("postgresql", postgresql.insert(_CONFLICTS)),
        ("sqlite", sqlite.insert(_CONFLICTS)),
    )
}


@dataclass(frozen=True, slots=True)
class CardAtEvent:
    """Where a conflict may be."""

    card_id: UUID
    event: str


@dataclass(frozen=True, slots=True)
class Admission:
    """One visit that stands, as conflicts see it."""

    scan_id: UUID
    scanner_id: UUID
    venue_id: UUID
    visited_at: datetime
    door_knew: bool


@dataclass(frozen=True, slots=True)
class ConflictingVisit:
    """A visit of a conflict, as the coordinator sees it. Of all of them, one counts."""

    visit_id: UUID
    scanner_name: str
    visited_at: datetime
    children: int
    counted: bool


@dataclass(frozen=True, slots=True)
class OpenConflict:
    """A conflict that nobody has settled, with the visits that stand, earliest first."""

    conflict_id: UUID
    venue_name: str
    event: str
    found_at: datetime
    visits: Sequence[ConflictingVisit]


def are_in_conflict(admissions: Iterable[Admission]) -> bool:
    """Tell whether two scanners let the card in and the later one did not know of the earlier."""
    in_order = sorted(admissions, key=lambda one: (one.visited_at, one.scan_id))
    return any(
        earlier.scanner_id != later.scanner_id and not later.door_knew
        for earlier, later in combinations(in_order, 2)
    )


def note_conflicts(db: Session, places: Collection[CardAtEvent], *, now: datetime) -> None:
    """Write down which of *places* are in conflict, each once. Call it with the cards locked."""
    found = [
        {
            "id": new_id(now),
            "card_id": place.card_id,
            "event": place.event,
            "venue_id": admissions[0].venue_id,
            "found_at": now,
            "settled_at": None,  # one that was settled by undoing is open again
        }
        for place, admissions in _admissions_at(db, places).items()
        if are_in_conflict(admissions)
    ]
    if found:
        db.execute(_FOUND_AGAIN[db.get_bind().dialect.name], found)


def settle_if_over(db: Session, place: CardAtEvent, *, now: datetime) -> None:
    """Settle the conflict at *place* if what stands is none. Call it with the card locked."""
    if are_in_conflict(_admissions_at(db, [place]).get(place, [])):
        return
    db.execute(
        update(Conflict)
        .where(
            Conflict.card_id == place.card_id,
            Conflict.event == place.event,
            Conflict.settled_at.is_(None),
        )
        .values(settled_at=now)
    )


def settle_conflict(db: Session, area_id: UUID, conflict_id: UUID, *, now: datetime) -> bool:
    """Let the visits of a conflict stand, as its coordinator has decided; tell if it was open.

    A door that reports another visit of the card at the event later opens it again.
    """
    of_area = select(Venue.id).where(Venue.area_id == area_id)
    settled = (
        update(Conflict)
        .where(
            Conflict.id == conflict_id,
            Conflict.settled_at.is_(None),
            Conflict.venue_id.in_(of_area),
        )
        .values(settled_at=now)
        .returning(Conflict.id)
    )
    return db.scalar(settled) is not None


def list_open_conflicts(
    db: Session, area_id: UUID, *, limit: int = 50, after: UUID | None = None
) -> list[OpenConflict]:
    """List the open conflicts of an area's venues, oldest first.

    *after* is the last `conflict_id` of the list before.
    """
    oldest_first = (
        select(Conflict)
        .join(Conflict.venue)
        .where(Venue.area_id == area_id, Conflict.settled_at.is_(None))
        .options(contains_eager(Conflict.venue))
        .order_by(Conflict.id)
        .limit(limit)
    )
    if after is not None:
        oldest_first = oldest_first.where(Conflict.id > after)
    conflicts = db.scalars(oldest_first).all()
    visits = _visits_at(db, [CardAtEvent(one.card_id, one.event) for one in conflicts])
    return [
        OpenConflict(
            conflict_id=one.id,
            venue_name=one.venue.name,
            event=one.event,
            found_at=one.found_at,
            visits=visits.get(CardAtEvent(one.card_id, one.event), []),
        )
        for one in conflicts
    ]


def _admissions_at(
    db: Session, places: Collection[CardAtEvent]
) -> dict[CardAtEvent, list[Admission]]:
    columns = (Visit.scan_id, Visit.scanner_id, Visit.venue_id, Visit.visited_at, Visit.door_knew)
    return _standing_at(db, places, columns, Admission)


def _visits_at(
    db: Session, places: Collection[CardAtEvent]
) -> dict[CardAtEvent, list[ConflictingVisit]]:
    columns = (Visit.id, Scanner.name, Visit.visited_at, Visit.children, counts())
    return _standing_at(db, places, columns, ConflictingVisit)


def _standing_at(
    db: Session,
    places: Collection[CardAtEvent],
    columns: Iterable[ColumnElement[Any] | InstrumentedAttribute[Any]],
    made: Callable[..., T],
) -> dict[CardAtEvent, list[T]]:
    """Give what stands at each place, earliest first, each visit as *made* from its *columns*."""
    standing = (
        select(Visit.card_id, Visit.event, *columns)
        .join(Scanner, Scanner.id == Visit.scanner_id)
        .outerjoin(Voiding, Voiding.visit_id == Visit.id)
        .where(Voiding.visit_id.is_(None), _is_at(places))
        .order_by(Visit.visited_at, Visit.scan_id)
    )
    found: dict[CardAtEvent, list[T]] = {}
    for row in db.execute(standing):
        found.setdefault(CardAtEvent(*row[:2]), []).append(made(*row[2:]))
    return found


def _is_at(places: Collection[CardAtEvent]) -> ColumnElement[bool]:
    pairs = [(place.card_id, place.event) for place in places]
    return tuple_(Visit.card_id, Visit.event).in_(pairs)
