"""Counts all cells at once: to build them anew, or to check those that are kept.

    visits that count ──▶ facts (as in report_use, report_card) ──▶ cells

In which scopes a fact counts in a month, small tables say that are filled from `Places`; which
slices there are, `cells` says for one holder, in Python. Each checks the other.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice, pairwise, product
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Table,
    case,
    delete,
    func,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.card.models import Card
from server.db import is_postgres
from server.distributor.models import Distributor
from server.report.models import ReportChange
from server.report.rollup.cells import (
    AGE_GROUPS,
    AGES,
    FIRSTS,
    MONTH_LENGTH,
    NATION,
    NEVER,
    YEAR_LENGTH,
    Places,
    area_scope,
    county_scope,
    venue_scope,
)
from server.report.rollup.days import (
    as_date,
    as_text,
    day_before,
    days_between,
    local_day,
    recorded_late,
)
from server.report.rollup.places import origin_of, read_places
from server.report.rollup.scratch import (
    AT,
    FROM,
    HELPERS,
    KEPT,
    SCOPES,
    SCRATCH,
    VISITS,
    Count,
    table_of,
)
from server.report.rollup.tally import COLUMNS, NAMES, Tallied, groupings, tally
from server.report.rollup.upkeep import take_turn
from server.visit.counting import counts
from server.visit.models import Visit

EVER = ("0000-00", "9999-99")
"""Before and after every month."""

AT_ONCE = 100_000
"""Rows that are in memory at a time."""

_NATION = 0
"""The number of the country among the scopes."""


def rebuild(db: Session) -> None:
    """Count all cells anew, in this transaction; what changes meanwhile is counted after it."""
    take_turn(db)
    for table in (table_of(ReportChange), *KEPT):
        db.execute(delete(table))
    count_all(db, KEPT)


def count_all(db: Session, count: Count) -> None:
    """Count every visit and card into the tables of *count*, which are empty."""
    if is_postgres(db):
        db.execute(select(func.set_config("work_mem", "256MB", literal(value=True))))
    connection = db.connection()
    SCRATCH.create_all(connection, tables=HELPERS)
    scopes = _place(db, read_places(db))
    _find_facts(db, count)
    _analyze(db, [AT, FROM, count.uses, count.cards])
    _count_uses(db, count, scopes)
    _count_cards(db, count)
    SCRATCH.drop_all(connection, tables=HELPERS)


def _place(db: Session, places: Places) -> list[str]:
    """Say in which scopes each venue and each area counts, from when until when; name them."""
    numbers = {NATION: _NATION}

    def number(scope: str) -> int:
        return numbers.setdefault(scope, len(numbers))

    spans = {area_id: list(_spans(places, area_id, number)) for area_id in places.county_of_area}
    at = [
        {"place_id": venue_id, "venue": number(venue_scope(venue_id))} | span
        for venue_id, area_id in places.area_of_venue.items()
        for span in spans[area_id]
    ]
    homes = [{"place_id": area_id} | span for area_id, of in spans.items() for span in of]
    scopes = [{"n": n, "name": name} for name, n in numbers.items()]
    for table, rows in ((SCOPES, scopes), (AT, at), (FROM, homes)):
        if rows:
            db.execute(insert(table), rows)
    return list(numbers)


def _spans(places: Places, area_id: UUID, number: Callable[[str], int]) -> Iterator[dict[str, Any]]:
    turns = [EVER[0], *(since for since, _ in places.became.get(area_id, ())), EVER[1]]
    for since, until in pairwise(turns):
        area = places.area_in(area_id, since)
        county = places.county_of_area[area]
        yield {
            "since": since,
            "until": until,
            "area": number(area_scope(area)),
            "county": None if county is None else number(county_scope(county)),
        }


def _find_facts(db: Session, count: Count) -> None:
    day, late = local_day(db, Visit.visited_at), case((recorded_late(db), 1), else_=0)
    whose = [func.coalesce(one, Visit.venue_id) for one in (Visit.holder_id, Visit.card_id)]
    what = (day, Visit.category, Visit.children, late)
    counted = select(*whose, Visit.venue_id, *what).where(counts())
    db.execute(insert(VISITS).from_select(VISITS.c.keys(), counted))
    _analyze(db, [VISITS])
    v = VISITS.c
    key = [v.holder_id, v.card_id, func.substr(v.day, 1, MONTH_LENGTH), v.venue_id, v.category]
    uses = select(*key, func.count(), func.sum(v.children), func.sum(v.late)).group_by(*key)
    db.execute(insert(count.uses).from_select(count.uses.c.keys(), uses))

    first = select(v.card_id, func.min(v.day).label("day")).group_by(v.card_id).subquery()
    granted = local_day(db, Card.granted_at)
    year = func.substr(granted, 1, YEAR_LENGTH).cast(Integer)
    before = day_before(db, Card.used_by)
    erased = case((Card.used_by.is_(None), None), (before < granted, granted), else_=before)
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


def _analyze(db: Session, tables: Sequence[Table]) -> None:
    """Let PostgreSQL know how much is in them now, or it may join row by row, for hours."""
    if is_postgres(db):
        for table in tables:
            db.execute(text(f"ANALYZE {table.name}"))


def _count_uses(db: Session, count: Count, scopes: Sequence[str]) -> None:
    """Add up the uses outside the database, which would sort all of them for every grouping."""
    chunks = db.execute(_laid_out(count), execution_options={"yield_per": AT_ONCE}).partitions()
    found = tally(chunks, list(groupings()))
    while rows := [_cell(one, scopes) for one in islice(found, AT_ONCE)]:
        _put(db, count.cells, rows)


def _put(db: Session, cells: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert whole rows; PostgreSQL takes so many of them much faster by COPY."""
    columns = cells.c.keys()
    if not is_postgres(db):
        db.execute(insert(cells), [dict(zip(columns, row, strict=True)) for row in rows])
        return
    driver: Any = db.connection().connection.driver_connection
    into = f"COPY {cells.name} ({', '.join(columns)}) FROM STDIN"
    with driver.cursor() as cursor, cursor.copy(into) as copy:
        for row in rows:
            copy.write_row(row)


def _laid_out(count: Count) -> Select[Any]:
    """Give `COLUMNS` of all uses, holder by holder."""
    u, c = count.uses.c, count.cards.c
    somebodys = (u.holder_id == c.holder_id) & (u.card_id == c.card_id)
    year = func.substr(u.month, 1, YEAR_LENGTH).cast(Integer)
    month = year * 12 + func.substr(u.month, YEAR_LENGTH + 2, 2).cast(Integer) - 1
    columns = {
        "holder": func.dense_rank().over(order_by=u.holder_id),
        "somebody": case((u.holder_id != u.venue_id, 1), else_=0),
        "month": month, "year": year,
        "nation": literal(_NATION), "county": AT.c.county, "area": AT.c.area, "venue": AT.c.venue,
        "home_county": FROM.c.county, "home_area": FROM.c.area,
        "cat": _number_in(NAMES["cat"], u.category), "age": _age_group(c.age),
        "gender": _number_in(NAMES["gender"], c.gender),
        "life": _number_in(NAMES["life"], c.life_situation),
        "adults": u.adults, "children": u.children, "late": u.late,
    }  # fmt: skip
    known = [func.coalesce(columns[name], -1) for name in COLUMNS]
    return (
        select(*known)
        .select_from(count.uses)
        .join(AT, _in(AT, u.venue_id, u.month))
        .outerjoin(count.cards, somebodys)
        .outerjoin(FROM, _in(FROM, c.area_id, u.month))
        .order_by(u.holder_id)
    )


def _cell(one: Tallied, scopes: Sequence[str]) -> tuple[Any, ...]:
    """Give a row of cells as the table has its columns."""
    of = one.grouping
    year, month = divmod(one.period, 12)
    part = of.slices
    if part == "from":
        part = scopes[one.part].replace("area:", "from:")
    elif of.part is not None:
        part = f"{part}:{NAMES[part][one.part]}"
    period = f"{year}-{month + 1:02}" if of.period == "month" else str(one.period)
    return period, scopes[one.scope], part, *one.numbers, 0, 0


def _count_cards(db: Session, count: Count) -> None:
    """Count cards in SQL: one fact of each makes few groups."""
    c = count.cards.c
    granted, used = as_text(db, c.granted_on), as_text(db, c.first_used_on)
    month, year = func.substr(granted, 1, MONTH_LENGTH), func.substr(granted, 1, YEAR_LENGTH)
    days = days_between(db, c.granted_on, c.first_used_on)
    soon = case(
        (c.first_used_on.is_(None), NEVER),
        *((days <= most, name) for most, name in FIRSTS),
        else_=FIRSTS[-1][1],
    )
    in_its_year = case((func.substr(used, 1, YEAR_LENGTH) == year, 1), else_=0)
    age = case(dict(enumerate(AGE_GROUPS)), value=_age_group(c.age))
    classes = {"age": age, "gender": c.gender, "life": c.life_situation}
    slices = [_slice(of, one) for of, one in (classes | {"first": soon}).items()]
    told = [(literal("home"), month), (literal("home"), year), *((one, year) for one in slices)]
    for (part, period), scope in product(told, (literal(_NATION), FROM.c.county, FROM.c.area)):
        wanted = (
            select(
                *_named((period, SCOPES.c.name, part)), *(literal(0) for _ in range(4)),
                func.count(), func.sum(in_its_year),
            )
            .select_from(count.cards)
            .join(FROM, _in(FROM, c.area_id, month))
            .join(SCOPES, SCOPES.c.n == scope)
            .where(part.is_not(None))
            .group_by("period", "scope", "slice")
        )  # fmt: skip
        _add_cards(db, count.cells, wanted)


def _add_cards(db: Session, cells: Table, wanted: Any) -> None:
    dialect = postgresql if is_postgres(db) else sqlite
    add = dialect.insert(cells).from_select(cells.c.keys(), wanted)
    changed = {name: add.excluded[name] for name in ("cards", "cards_used")}
    keys = ["period", "scope", "slice"]
    db.execute(add.on_conflict_do_update(index_elements=keys, set_=changed))


def _age_group(age: ColumnElement[Any]) -> ColumnElement[Any]:
    """Give the number of a group among `AGE_GROUPS`."""
    groups = ((age <= last, n) for n, (last, _) in enumerate(AGES))
    return case((age.is_(None), None), *groups, else_=len(AGES))


def _number_in(names: Sequence[str], column: ColumnElement[Any]) -> ColumnElement[Any]:
    return case({name: n for n, name in enumerate(names)}, value=column)


def _slice(of: str, part: ColumnElement[Any]) -> ColumnElement[str]:
    return literal(f"{of}:").concat(part)


def _in(table: Table, place_id: ColumnElement[UUID], month: ColumnElement[str]) -> Any:
    t = table.c
    return (t.place_id == place_id) & (t.since <= month) & (month < t.until)


def _named(key: Sequence[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    names = ("period", "scope", "slice")
    return [one.label(name) for one, name in zip(key, names, strict=True)]
