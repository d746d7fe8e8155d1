"""Keeps the cells up to date: a change at a time, many holders in one short transaction.

What was counted of a holder is kept, so that the change is what differs: counting again changes
nothing, whatever came twice, late, or was undone.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.card.models import Card
from server.db import is_postgres
from server.distributor.models import Distributor
from server.report.models import ReportCard, ReportCell, ReportChange, ReportUse
from server.report.rollup.cells import (
    Cells,
    Facts,
    Granted,
    Measure,
    Use,
    count_uses,
    difference,
    month_of,
)
from server.report.rollup.places import origin_of, read_places
from server.visit.counting import counts
from server.visit.models import RECORDED_WITHIN, Visit
from shared.rules.validity import HELSINKI
from shared.scan import Category

AT_ONCE = 100
"""Changes that one transaction settles while doors scan; SQLite's writers wait for it."""

_LOCK = 7_205_110
"""PostgreSQL's advisory lock: one process at a time keeps the cells."""


def catch_up(db: Session, *, most: int = AT_ONCE) -> int:
    """Count anew the holders that changed, *most* of them; gives how many changes that settled.

    None is left when it gives 0, or somebody else is at it.
    """
    if is_postgres(db) and not db.scalar(select(func.pg_try_advisory_xact_lock(_LOCK))):
        return 0
    changes = db.execute(
        select(ReportChange.id, ReportChange.holder_id).order_by(ReportChange.id).limit(most)
    ).all()
    if not changes:
        return 0
    _count_anew(db, {change.holder_id for change in changes})
    settled = [change.id for change in changes]
    db.execute(delete(ReportChange).where(ReportChange.id.in_(settled)))
    return len(changes)


def keep_up(db: Session, *, now: datetime) -> bool:  # noqa: ARG001 - chores are told the time
    """Catch up a little; tells whether there was anything."""
    return catch_up(db) > 0


def is_behind(db: Session, *, now: datetime) -> bool:  # noqa: ARG001
    """Tell whether there is anything to catch up with."""
    return db.scalar(select(ReportChange.id).limit(1)) is not None


def settle(db: Session, holders: set[UUID]) -> None:
    """Count these holders anew now, in the transaction that changed them; wait for one's turn."""
    take_turn(db)
    db.flush()
    _count_anew(db, holders)
    db.execute(delete(ReportChange).where(ReportChange.holder_id.in_(holders)))


def take_turn(db: Session) -> None:
    """Wait until nobody else counts, until this transaction is over; SQLite has one writer."""
    if is_postgres(db):
        db.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def waiting(db: Session) -> int:
    """Tell how many changes are not in the cells yet."""
    return db.scalar(select(func.count()).select_from(ReportChange)) or 0


def _count_anew(db: Session, holders: set[UUID]) -> None:
    places = read_places(db)
    before, after = _counted(db, holders), _true(db, holders)
    changed = [holder for holder in holders if before[holder] != after[holder]]
    total: Cells = {}
    for holder in changed:
        known = not places.is_venue(holder)
        changes = difference(before[holder], after[holder], places, known=known)
        for key, numbers in changes.items():
            sums = total.setdefault(key, [0] * len(numbers))
            for place, n in enumerate(numbers):
                sums[place] += n
    for table in (ReportUse, ReportCard):
        db.execute(delete(table).where(table.holder_id.in_(changed)))
    _insert(db, ReportUse, (_row(h, use) for h in changed for use in after[h][0]))
    _insert(db, ReportCard, (_row(h, card) for h in changed for card in after[h][1]))
    _add(db, total)


def _row(holder: UUID, fact: Use | Granted) -> dict[str, Any]:
    return {"holder_id": holder} | {name: getattr(fact, name) for name in fact.__slots__}


def _insert(db: Session, table: Any, rows: Iterable[dict[str, Any]]) -> None:
    if listed := list(rows):
        db.execute(insert(table), listed)


def _add(db: Session, changes: Cells) -> None:
    dialect = postgresql if is_postgres(db) else sqlite
    names = [measure.name.lower() for measure in Measure]
    statement = dialect.insert(ReportCell)
    statement = statement.on_conflict_do_update(
        index_elements=["period", "scope", "slice"],
        set_={name: getattr(ReportCell, name) + statement.excluded[name] for name in names},
    )
    rows = [
        {"period": key[0], "scope": key[1], "slice": key[2]}
        | dict(zip(names, numbers, strict=True))
        for key, numbers in sorted(changes.items())
        if any(numbers)
    ]
    if rows:
        db.execute(statement, rows)


def _counted(db: Session, holders: set[UUID]) -> dict[UUID, Facts]:
    """Read what the cells count of these holders now."""
    facts = _empty(holders)
    uses = [getattr(ReportUse, name) for name in Use.__slots__]
    cards = [getattr(ReportCard, name) for name in Granted.__slots__]
    for holder, *values in db.execute(_of(ReportUse.holder_id, holders, uses)):
        facts[holder][0].add(Use(*values))
    for holder, *values in db.execute(_of(ReportCard.holder_id, holders, cards)):
        facts[holder][1].add(Granted(*values))
    return facts


def _of(whose: Any, holders: set[UUID], columns: list[Any]) -> Select[Any]:
    return select(whose, *columns).where(whose.in_(holders))


def _true(db: Session, holders: set[UUID]) -> dict[UUID, Facts]:
    """Read what visits and cards say of these holders now."""
    facts = _empty(holders)
    of_theirs = Visit.holder_id.in_(holders)
    of_nobody = Visit.holder_id.is_(None) & Visit.venue_id.in_(holders)
    visits = select(
        # Of an erased holder's visit the venue stands in for holder and card, as in the triggers.
        func.coalesce(Visit.holder_id, Visit.venue_id),
        func.coalesce(Visit.card_id, Visit.venue_id),
        Visit.visited_at,
        Visit.venue_id,
        Visit.category,
        Visit.children,
        Visit.recorded_at,
    ).where(of_theirs | of_nobody, counts())
    of_holder: dict[UUID, list[tuple[UUID, str, UUID, Category, int, bool]]] = defaultdict(list)
    first_used: dict[UUID, date] = {}
    for holder, card_id, at, venue_id, category, children, recorded_at in db.execute(visits):
        day = _day(at)
        late = recorded_at - at > RECORDED_WITHIN
        month = month_of(day)
        of_holder[holder].append((card_id, month, venue_id, category, children, late))
        first_used[card_id] = min(day, first_used.get(card_id, day))
    for holder, theirs in of_holder.items():
        facts[holder][0].update(count_uses(theirs))
    cards = (
        select(
            Card.holder_id,
            Card.id,
            origin_of(Distributor.id, Distributor.area_id),
            Card.granted_at,
            Card.birth_year,
            Card.gender,
            Card.life_situation,
            Card.used_by,
        )
        .join(Distributor, Distributor.id == Card.distributor_id)
        .where(Card.holder_id.in_(holders))
    )
    for holder, card_id, area_id, granted_at, birth_year, gender, life, used_by in db.execute(
        cards
    ):
        day = _day(granted_at)
        age = None if birth_year is None else day.year - birth_year
        erased = None if used_by is None else max(day, used_by - timedelta(days=1))
        used = first_used.get(card_id, erased)
        facts[holder][1].add(Granted(card_id, area_id, day, age, gender, life, used))
    return facts


def _empty(holders: set[UUID]) -> dict[UUID, Facts]:
    return {holder: (set(), set()) for holder in holders}


def _day(at: datetime) -> date:
    return at.astimezone(HELSINKI).date()
