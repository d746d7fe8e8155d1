"""Counts all cells at once in SQL: to build them anew, or to check those that are kept.

    visits that count ──▶ facts (as in report_use, report_card) ──▶ cells

In which scopes a fact counts in a month, small tables say that are filled from `Places`. Nothing
here is shared with `server.report.cells.cells_of`, which counts one holder: each checks the other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    FromClause,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Uuid,
    case,
    delete,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.card.models import Card
from server.distributor.models import Distributor
from server.report.cells import (
    AGES,
    FIRSTS,
    NATION,
    NEVER,
    OLDEST,
    Places,
    area_scope,
    county_scope,
    venue_scope,
)
from server.report.days import as_date, as_text, day_before, days_between, local_day, recorded_late
from server.report.models import ReportCard, ReportCell, ReportChange, ReportUse
from server.report.places import origin_of, read_places
from server.report.rollup import take_turn
from server.visit.counting import counts
from server.visit.models import Visit

MONTH, YEAR = 7, 4
"""How much of a day's text names its month and its year."""

EVER = ("0000-00", "9999-99")
"""Before and after every month."""

SCRATCH = MetaData()
"""Tables that only the counting connection sees."""


@dataclass(frozen=True, slots=True)
class Count:
    """The tables of a count."""

    uses: Table
    cards: Table
    cells: Table

    def __iter__(self) -> Iterator[Table]:
        """Give them one by one."""
        return iter((self.uses, self.cards, self.cells))


def _table(of: type[Any]) -> Table:
    return cast("Table", of.__table__)


KEPT = Count(_table(ReportUse), _table(ReportCard), _table(ReportCell))
"""What pages read."""


def _scratch(name: str, *columns: Column[Any]) -> Table:
    return Table(name, SCRATCH, *columns, prefixes=["TEMPORARY"])


_visits = _scratch(
    "counted_visit",
    Column("holder_id", Uuid), Column("card_id", Uuid), Column("venue_id", Uuid),
    Column("day", String(10)), Column("category", String(20)),
    Column("children", SmallInteger), Column("late", Integer),
)  # fmt: skip
_at = _scratch(
    "counted_at",
    Column("place_id", Uuid), Column("since", String(7)), Column("until", String(7)),
    Column("venue", String(43)), Column("area", String(43)), Column("county", String(43)),
)  # fmt: skip
_from = _scratch(
    "counted_from",
    Column("place_id", Uuid), Column("since", String(7)), Column("until", String(7)),
    Column("area", String(43)), Column("county", String(43)),
)  # fmt: skip


def rebuild(db: Session) -> None:
    """Count all cells anew, in this transaction; what changes meanwhile is counted after it."""
    take_turn(db)
    for table in (ReportChange.__table__, *KEPT):
        db.execute(delete(cast("Table", table)))
    count_all(db, KEPT)


def count_all(db: Session, count: Count) -> None:
    """Count every visit and card into the tables of *count*, which are empty."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(select(func.set_config("work_mem", "256MB", literal(value=True))))
    connection = db.connection()
    SCRATCH.create_all(connection, tables=[_visits, _at, _from])
    _place(db, read_places(db))
    _count_facts(db, count)
    _count_uses(db, count)
    _count_cards(db, count)
    SCRATCH.drop_all(connection, tables=[_visits, _at, _from])


def _place(db: Session, places: Places) -> None:
    """Say in which scopes each venue and each area counts, and from when until when."""
    spans = {area_id: list(_spans(places, area_id)) for area_id in places.county_of_area}
    at = [
        {"place_id": venue_id, "venue": venue_scope(venue_id)} | span
        for venue_id, area_id in places.area_of_venue.items()
        for span in spans[area_id]
    ]
    homes = [{"place_id": area_id} | span for area_id, of in spans.items() for span in of]
    for table, rows in ((_at, at), (_from, homes)):
        if rows:
            db.execute(insert(table), rows)


def _spans(places: Places, area_id: UUID) -> Iterator[dict[str, Any]]:
    turns = [EVER[0], *(since for since, _ in places.became.get(area_id, ())), EVER[1]]
    for since, until in pairwise(turns):
        area = places.area_in(area_id, since)
        county = places.county_of_area[area]
        yield {
            "since": since,
            "until": until,
            "area": area_scope(area),
            "county": None if county is None else county_scope(county),
        }


def _count_facts(db: Session, count: Count) -> None:
    day, late = local_day(db, Visit.visited_at), case((recorded_late(db), 1), else_=0)
    whose = [func.coalesce(one, Visit.venue_id) for one in (Visit.holder_id, Visit.card_id)]
    counted = select(
        *whose,
        Visit.venue_id,
        day,
        Visit.category,
        Visit.children,
        late,
    ).where(counts())
    db.execute(insert(_visits).from_select(_visits.c.keys(), counted))
    v = _visits.c
    key = [v.holder_id, v.card_id, func.substr(v.day, 1, MONTH), v.venue_id, v.category]
    uses = select(*key, func.count(), func.sum(v.children), func.sum(v.late)).group_by(*key)
    db.execute(insert(count.uses).from_select(count.uses.c.keys(), uses))

    first = select(v.card_id, func.min(v.day).label("day")).group_by(v.card_id).subquery()
    granted = local_day(db, Card.granted_at)
    year = func.substr(granted, 1, YEAR).cast(Integer)
    erased = case(
        (Card.used_by.is_(None), None),
        (day_before(db, Card.used_by) < granted, granted),
        else_=day_before(db, Card.used_by),
    )
    cards = (
        select(
            Card.holder_id, Card.id, origin_of(Distributor.id, Distributor.area_id),
            as_date(db, granted), year - Card.birth_year, Card.gender, Card.life_situation,
            as_date(db, func.coalesce(first.c.day, erased)),
        )
        .join(Distributor, Distributor.id == Card.distributor_id)
        .outerjoin(first, first.c.card_id == Card.id)
    )  # fmt: skip
    db.execute(insert(count.cards).from_select(count.cards.c.keys(), cards))


def _count_uses(db: Session, count: Count) -> None:
    u, c = count.uses.c, count.cards.c
    somebodys = (u.holder_id == c.holder_id) & (u.card_id == c.card_id)
    month = u.month
    here = count.uses.join(_at, _in(_at, u.venue_id, month))
    homes = count.uses.join(count.cards, somebodys).join(_from, _in(_from, c.area_id, month))
    both = here.join(count.cards, somebodys).join(_from, _in(_from, c.area_id, month))
    at = [literal(NATION), _at.c.county, _at.c.area, _at.c.venue]
    whose = [literal(NATION), _from.c.county, _from.c.area]
    of = func.replace(_from.c.area, "area:", "from:")
    told: list[tuple[FromClause, list[Any], ColumnElement[str], tuple[int, ...]]] = [
        (here, at, literal("all"), (MONTH, YEAR)),
        (here, at, literal("cat:").concat(u.category), (MONTH, YEAR)),
        (both, [_at.c.area], of, (MONTH, YEAR)),
        (homes, whose, literal("home"), (MONTH, YEAR)),
        *((homes, whose, part, (YEAR,)) for part in _classes(count.cards)),
    ]
    for source, scopes, part, lengths in told:
        for scope in scopes:
            for length in lengths:
                _add_uses(db, count, source, (func.substr(month, 1, length), scope, part))


def _add_uses(
    db: Session, count: Count, source: FromClause, key: Sequence[ColumnElement[str]]
) -> None:
    """Sum by holder, then count the holders; an erased one, for whom a venue stands, is nobody."""
    u = count.uses.c
    somebody = func.max(case((u.holder_id != u.venue_id, 1), else_=0)).label("somebody")
    sums = [func.sum(one).label(one.name) for one in (u.adults, u.children, u.late)]
    of_each = (
        select(*_named(key), *sums, somebody)
        .select_from(source)
        .where(*(one.is_not(None) for one in key))
        .group_by(*key, u.holder_id)
        .subquery()
    ).c
    whole = (of_each.period, of_each.scope, of_each.slice)
    counted = [
        func.sum(one) for one in (of_each.adults, of_each.children, of_each.late, of_each.somebody)
    ]
    wanted = select(*whole, *counted, literal(0), literal(0)).group_by(*whole)
    db.execute(insert(count.cells).from_select(count.cells.c.keys(), wanted))


def _count_cards(db: Session, count: Count) -> None:
    c = count.cards.c
    granted, used = as_text(db, c.granted_on), as_text(db, c.first_used_on)
    month = func.substr(granted, 1, MONTH)
    source = count.cards.join(_from, _in(_from, c.area_id, month))
    days = days_between(db, c.granted_on, c.first_used_on)
    soon = case(
        (c.first_used_on.is_(None), NEVER),
        *((days <= most, name) for most, name in FIRSTS),
        else_=FIRSTS[-1][1],
    )
    in_its_year = case((func.substr(used, 1, YEAR) == func.substr(granted, 1, YEAR), 1), else_=0)
    numbers = [func.count(), func.sum(in_its_year)]
    for part, lengths in (
        (literal("home"), (MONTH, YEAR)),
        *((part, (YEAR,)) for part in (*_classes(count.cards), literal("first:").concat(soon))),
    ):
        for scope in (literal(NATION), _from.c.county, _from.c.area):
            for length in lengths:
                key = (func.substr(granted, 1, length), scope, part)
                wanted = (
                    select(*_named(key), *(literal(0) for _ in range(4)), *numbers)
                    .select_from(source)
                    .where(*(one.is_not(None) for one in key))
                    .group_by(*key)
                )
                _add_cards(db, count.cells, wanted)


def _add_cards(db: Session, cells: Table, wanted: Any) -> None:
    dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    add = dialect.insert(cells).from_select(cells.c.keys(), wanted)
    names = ("cards", "cards_used")
    db.execute(
        add.on_conflict_do_update(
            index_elements=["period", "scope", "slice"],
            set_={name: add.excluded[name] for name in names},
        )
    )


def _classes(cards: Table) -> list[ColumnElement[str]]:
    c = cards.c
    group = case(
        (c.age.is_(None), None), *((c.age <= last, name) for last, name in AGES), else_=OLDEST
    )
    return [
        literal("age:").concat(group),
        literal("gender:").concat(c.gender),
        literal("life:").concat(c.life_situation),
    ]


def _in(table: Table, place_id: ColumnElement[UUID], month: ColumnElement[str]) -> Any:
    t = table.c
    return (t.place_id == place_id) & (t.since <= month) & (month < t.until)


def _named(key: Sequence[ColumnElement[str]]) -> list[ColumnElement[str]]:
    names = ("period", "scope", "slice")
    return [one.label(name) for one, name in zip(key, names, strict=True)]
