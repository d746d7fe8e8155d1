"""Counts all cells at once in SQL: to build them anew, or to check those that are kept.

    visits that count ──▶ facts (as in report_use, report_card) ──▶ cells

In which scopes a fact counts in a month, small tables say that are filled from `Places`; which
slices there are, `server.report.cells` says for one holder, in Python. Each checks the other.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise, product
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Table,
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
from server.report.models import ReportChange
from server.report.places import origin_of, read_places
from server.report.rollup import take_turn
from server.report.scratch import (
    AT,
    FROM,
    HELPERS,
    KEPT,
    SCOPES,
    SCRATCH,
    USES,
    VISITS,
    Count,
    table_of,
)
from server.visit.counting import counts
from server.visit.models import Visit

MONTH, YEAR = 7, 4
"""How much of a day's text names its month and its year."""

EVER = ("0000-00", "9999-99")
"""Before and after every month."""


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
    if db.get_bind().dialect.name == "postgresql":
        db.execute(select(func.set_config("work_mem", "256MB", literal(value=True))))
    connection = db.connection()
    SCRATCH.create_all(connection, tables=HELPERS)
    _place(db, read_places(db))
    _find_facts(db, count)
    _lay_out_uses(db, count)
    _count_uses(db, count)
    _count_cards(db, count)
    SCRATCH.drop_all(connection, tables=HELPERS)


def _place(db: Session, places: Places) -> None:
    """Say in which scopes each venue and each area counts, and from when until when."""
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
    v = VISITS.c
    key = [v.holder_id, v.card_id, func.substr(v.day, 1, MONTH), v.venue_id, v.category]
    uses = select(*key, func.count(), func.sum(v.children), func.sum(v.late)).group_by(*key)
    db.execute(insert(count.uses).from_select(count.uses.c.keys(), uses))

    first = select(v.card_id, func.min(v.day).label("day")).group_by(v.card_id).subquery()
    granted = local_day(db, Card.granted_at)
    year = func.substr(granted, 1, YEAR).cast(Integer)
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


def _lay_out_uses(db: Session, count: Count) -> None:
    u, c = count.uses.c, count.cards.c
    somebodys = (u.holder_id == c.holder_id) & (u.card_id == c.card_id)
    laid_out = (
        select(
            u.holder_id, case((u.holder_id != u.venue_id, 1), else_=0),
            u.month, func.substr(u.month, 1, YEAR),
            literal(_NATION), AT.c.county, AT.c.area, AT.c.venue,
            FROM.c.county, FROM.c.area,
            u.category, _age_group(c.age), c.gender, c.life_situation,
            u.adults, u.children, u.late,
        )
        .select_from(count.uses)
        .join(AT, _in(AT, u.venue_id, u.month))
        .outerjoin(count.cards, somebodys)
        .outerjoin(FROM, _in(FROM, c.area_id, u.month))
    )  # fmt: skip
    db.execute(insert(USES).from_select(USES.c.keys(), laid_out))


def _count_uses(db: Session, count: Count) -> None:
    t = USES.c
    somewhere = [t.nation, t.county, t.area, t.venue]
    at_home = [t.nation, t.home_county, t.home_area]
    always, yearly = [t.month, t.year], [t.year]
    told: list[tuple[ColumnElement[Any], list[Any], list[Any]]] = [
        (literal("all"), always, somewhere),
        (_slice("cat", t.cat), always, somewhere),
        (case((t.home_area.is_not(None), "home")), always, at_home),
        *((_slice(of, t[of]), yearly, at_home) for of in ("age", "gender", "life")),
    ]
    for part, periods, scopes in told:
        for period, scope in product(periods, scopes):
            _add_uses(db, count, (period, scope, part), USES)
    named = USES.join(SCOPES, SCOPES.c.n == t.home_area)
    for period in always:
        part = func.replace(SCOPES.c.name, "area:", "from:")
        _add_uses(db, count, (period, t.area, part), named)


def _add_uses(
    db: Session, count: Count, key: Sequence[ColumnElement[Any]], source: FromClause
) -> None:
    """Sum by holder, then count the holders; an erased one, for whom a venue stands, is nobody."""
    t = USES.c
    sums = [func.sum(one).label(one.name) for one in (t.adults, t.children, t.late)]
    of_each = (
        select(*_named(key), *sums, func.max(t.somebody).label("somebody"))
        .select_from(source)
        .where(*(one.is_not(None) for one in key))
        .group_by("period", "scope", "slice", t.holder_id)
        .subquery()
    ).c
    whole = (of_each.period, of_each.scope, of_each.slice)
    numbers = [func.sum(of_each[one]) for one in ("adults", "children", "late", "somebody")]
    by_number = select(*whole, *numbers).group_by(*whole).subquery()
    period, scope, part, *counted = by_number.c
    wanted = select(period, SCOPES.c.name, part, *counted, literal(0), literal(0)).join(
        SCOPES, SCOPES.c.n == scope
    )
    db.execute(insert(count.cells).from_select(count.cells.c.keys(), wanted))


def _count_cards(db: Session, count: Count) -> None:
    c = count.cards.c
    granted, used = as_text(db, c.granted_on), as_text(db, c.first_used_on)
    month, year = func.substr(granted, 1, MONTH), func.substr(granted, 1, YEAR)
    days = days_between(db, c.granted_on, c.first_used_on)
    soon = case(
        (c.first_used_on.is_(None), NEVER),
        *((days <= most, name) for most, name in FIRSTS),
        else_=FIRSTS[-1][1],
    )
    in_its_year = case((func.substr(used, 1, YEAR) == year, 1), else_=0)
    classes = {"age": _age_group(c.age), "gender": c.gender, "life": c.life_situation}
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
    dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    add = dialect.insert(cells).from_select(cells.c.keys(), wanted)
    changed = {name: add.excluded[name] for name in ("cards", "cards_used")}
    keys = ["period", "scope", "slice"]
    db.execute(add.on_conflict_do_update(index_elements=keys, set_=changed))


def _age_group(age: ColumnElement[Any]) -> ColumnElement[str | None]:
    groups = ((age <= last, name) for last, name in AGES)
    return case((age.is_(None), None), *groups, else_=OLDEST)


def _slice(of: str, part: ColumnElement[Any]) -> ColumnElement[str]:
    return literal(f"{of}:").concat(part)


def _in(table: Table, place_id: ColumnElement[UUID], month: ColumnElement[str]) -> Any:
    t = table.c
    return (t.place_id == place_id) & (t.since <= month) & (month < t.until)


def _named(key: Sequence[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    names = ("period", "scope", "slice")
    return [one.label(name) for one, name in zip(key, names, strict=True)]
