"""Counts every cell a second time, by other means: SQL over the visits and cards themselves."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    Subquery,
    case,
    cast,
    func,
    literal,
    null,
    select,
)
from sqlalchemy.orm import Session, aliased

from server.area.models import Area
from server.card.models import Card
from server.distributor.models import Distributor
from server.report.cells import (
    AGES,
    NATION,
    OLDEST,
    CellKey,
    Cells,
    Granted,
    Measure,
    area_scope,
    county_scope,
    first_use,
    venue_scope,
)
from server.report.models import ReportCell
from server.report.rollup import LATE
from server.venue.models import Venue
from server.visit.counting import counts
from server.visit.models import Visit
from shared.rules.validity import HELSINKI

_MONTH, _YEAR = 7, 4
"""How much of a day's text names its month and its year."""


_BY_MONTH = 4
"""How many of the parts below are counted by month, too: all but the classes of holders."""


def differing_cells(db: Session) -> Iterator[tuple[CellKey, list[int], list[int]]]:
    """Give each cell that is wrong: its key, what it says, and what the register says."""
    say, true = _cells(db), _counted(db)
    for key in sorted(say.keys() | true.keys()):
        none = [0] * len(Measure)
        one, other = say.get(key, none), true.get(key, none)
        if one != other:
            yield key, one, other


def _cells(db: Session) -> Cells:
    rows = db.execute(select(*ReportCell.__table__.columns))
    return {(period, scope, part): list(numbers) for period, scope, part, *numbers in rows}


def _counted(db: Session) -> Cells:
    cells: Cells = {}
    visits = _visits(db)
    here: list[tuple[Any, Any]] = [
        (null(), lambda _: NATION),
        (visits.c.county, county_scope),
        (visits.c.area, area_scope),
        (visits.c.venue, venue_scope),
    ]
    homes: list[tuple[Any, Any]] = [
        (null(), lambda _: NATION),
        (visits.c.home_county, county_scope),
        (visits.c.home, area_scope),
    ]
    parts: list[tuple[Any, Any, list[tuple[Any, Any]]]] = [
        (null(), lambda _: "all", here),
        (visits.c.category, lambda code: f"cat:{code}", here),
        (visits.c.home, lambda area: f"from:{area}", [(visits.c.area, area_scope)]),
        (visits.c.is_somebodys, lambda _: "home", homes),
        (visits.c.age, lambda group: f"age:{group}", homes),
        (visits.c.gender, lambda code: f"gender:{code}", homes),
        (visits.c.life_situation, lambda code: f"life:{code}", homes),
    ]
    for length, told in ((_MONTH, parts[:_BY_MONTH]), (_YEAR, parts)):
        for part, slice_of, scopes in told:
            for place, scope_of in scopes:
                for period, place_id, part_id, *numbers in db.execute(
                    _sums(visits, length, place, part)
                ):
                    cells[period, scope_of(place_id), slice_of(part_id)] = [*numbers, 0, 0]
    _count_cards(db, cells)
    return cells


def _sums(
    visits: Subquery, length: int, place: ColumnElement[Any], part: ColumnElement[Any]
) -> Select[Any]:
    period = func.substr(visits.c.day, 1, length)
    wanted = select(
        period,
        place,
        part,
        func.count(),
        func.sum(visits.c.children),
        func.sum(visits.c.late),
        func.count(visits.c.holder.distinct()),
    )
    keys = [column for column in (place, part) if not _is_null(column)]
    for column in keys:
        wanted = wanted.where(column.is_not(None))
    return wanted.group_by(period, *keys)


def _is_null(column: ColumnElement[Any]) -> bool:
    return column.compare(null())


def _visits(db: Session) -> Subquery:
    home = aliased(Area)
    age = cast(func.substr(_local_day(db, Card.granted_at), 1, _YEAR), Integer) - Card.birth_year
    group = case(*((age <= last, name) for last, name in AGES), else_=OLDEST)
    return (
        select(
            _local_day(db, Visit.visited_at).label("day"),
            Visit.holder_id.label("holder"),
            Visit.children,
            case((_later(db), 1), else_=0).label("late"),
            Visit.venue_id.label("venue"),
            Venue.area_id.label("area"),
            Area.county_code.label("county"),
            Visit.category,
            Distributor.area_id.label("home"),
            home.county_code.label("home_county"),
            case((Card.id.is_not(None), True), else_=None).label("is_somebodys"),
            case((Card.birth_year.is_(None), None), else_=group).label("age"),
            Card.gender,
            Card.life_situation,
        )
        .join(Venue, Venue.id == Visit.venue_id)
        .join(Area, Area.id == Venue.area_id)
        .outerjoin(Card, Card.id == Visit.card_id)  # an erased holder's visit has none
        .outerjoin(Distributor, Distributor.id == Card.distributor_id)
        .outerjoin(home, home.id == Distributor.area_id)
        .where(counts())
        .subquery()
    )


def _count_cards(db: Session, cells: Cells) -> None:
    first = (
        select(Visit.card_id, func.min(_local_day(db, Visit.visited_at)).label("day"))
        .where(counts())
        .group_by(Visit.card_id)
        .subquery()
    )
    cards = (
        select(
            Card.id,
            Card.birth_year,
            Card.gender,
            Card.life_situation,
            _local_day(db, Card.granted_at),
            first.c.day,
            Card.used_by,
            Distributor.area_id,
            Area.county_code,
        )
        .join(Distributor, Distributor.id == Card.distributor_id)
        .join(Area, Area.id == Distributor.area_id)
        .outerjoin(first, first.c.card_id == Card.id)
    )
    for card_id, birth_year, gender, life, granted, first_used, used_by, area, county in db.execute(
        cards
    ):
        day = date.fromisoformat(granted)
        erased = None if used_by is None else max(day, used_by - timedelta(days=1)).isoformat()
        used = erased if first_used is None else first_used
        soon = Granted(
            card_id, area, day, None, None, None, None if used is None else date.fromisoformat(used)
        )
        parts = ["home", f"first:{first_use(soon)}"]
        if birth_year is not None:
            age = day.year - birth_year
            parts.append("age:" + next((name for last, name in AGES if age <= last), OLDEST))
        parts += [f"gender:{gender}"] if gender is not None else []
        parts += [f"life:{life}"] if life is not None else []
        scopes = [NATION, area_scope(area)] + ([] if county is None else [county_scope(county)])
        for period, told in ((granted[:_MONTH], parts[:1]), (granted[:_YEAR], parts)):
            for scope in scopes:
                for part in told:
                    numbers = cells.setdefault((period, scope, part), [0] * len(Measure))
                    numbers[Measure.CARDS] += 1
                    numbers[Measure.CARDS_USED] += used is not None and used[:4] == granted[:4]


def _local_day(db: Session, instant: Any) -> ColumnElement[str]:
    """Give the day in Finland, as text."""
    if db.get_bind().dialect.name == "postgresql":
        local = func.timezone(literal(HELSINKI.key), instant)
        return func.to_char(local, "YYYY-MM-DD", type_=String)
    driver: Any = db.connection().connection.driver_connection
    driver.create_function("kaiku_local_day", 1, _day_of_text, deterministic=True)
    return func.kaiku_local_day(instant, type_=String)


def _day_of_text(instant: str | None) -> str | None:
    if instant is None:
        return None
    at = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    return at.astimezone(HELSINKI).date().isoformat()


def _later(db: Session) -> ColumnElement[bool]:
    if db.get_bind().dialect.name == "postgresql":
        return Visit.recorded_at - Visit.visited_at > LATE
    days = func.julianday(Visit.recorded_at) - func.julianday(Visit.visited_at)
    return func.round(days * 86_400.0, 3) > LATE.total_seconds()
