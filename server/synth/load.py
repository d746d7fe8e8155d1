"""Puts synthetic rows into a database by bulk load: COPY on PostgreSQL, many at once on SQLite."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from random import Random
from typing import Any, Protocol

from sqlalchemy import Engine, insert, select

from server.holder.models import Holder
from server.report.models import ReportChange
from server.report.years import NationalYear
from server.synth.life import Year, draw_codes
from server.synth.shape import YEARS
from server.synth.town import Ids, Row, build_towns, rows_of

CHUNK = 20_000
"""Rows between two commits, and two words of progress."""

COLUMNS: Mapping[str, str] = {
    "area": "id, municipality_code, name, county_code",
    "distributor": "id, area_id, name",
    "venue": "id, area_id, name, categories",
    "scanner": "id, venue_id, name, key_x, key_odd, enrolled_at, by_hand",
    "holder": "id, known_since_at",
    "card": "id, holder_id, distributor_id, code, community, children, birth_year, home_postcode,"
    " grounds, life_situation, gender, granted_at, first_valid_on, last_valid_on",
    "scan": "id, scanner_id, venue_id, card_id, event, category, scanned_at, closed_at,"
    " received_at, admitted, children, assistant, scanner_reasons, register_reasons,"
    " register_colour, outcome, differs",
    "visit": "id, scan_id, holder_id, card_id, venue_id, scanner_id, event, sub, category,"
    " visited_at, recorded_at, children, assistant, again, door_knew",
}
"""What a row of each table says, in this order."""

Say = Callable[[str], None]


class Loader(Protocol):
    """Puts rows of one table into the database."""

    def __call__(self, table: str, rows: Iterable[Row]) -> None:
        """Put them in, in the transaction that is open."""


def fill(
    engine: Engine,
    *,
    seed: int = 1,
    scale: int = 1,
    years: Iterable[NationalYear] = YEARS,
    say: Say = lambda _: None,
) -> int:
    """Fill an empty database with a synthetic network; gives the number of visits.

    Figures of reports are not counted yet; a running server, or `rebuild-rollups`, does that.

    Raises:
        ValueError: The database has holders, and may be a real one.
    """
    with engine.begin() as connection:
        if connection.scalar(select(Holder.id).limit(1)) is not None:
            raise ValueError("synthetic data go into an empty database only")
    chance = Random(seed)  # noqa: S311 - nothing secret
    ids, codes = Ids(chance), draw_codes(chance)
    shapes = list(years)
    towns = build_towns(chance, ids, many=max(shape.municipalities for shape in shapes))
    first = f"{min(shape.year for shape in shapes)}-01-01 08:00:00.000000"
    places: dict[str, list[Row]] = {}
    for table, row in rows_of(towns, at=first, key=b"\x02" * 32):
        places.setdefault(table, []).append(row)
    with _loading(engine) as load:
        for table, rows in places.items():
            load(table, rows)
    visits = 0
    for shape in shapes:
        year = Year(shape, towns, chance=chance, ids=ids, codes=codes, scale=scale)
        for many in _chunks(year.cards()):
            with _loading(engine) as load:
                for table in ("holder", "card"):
                    load(table, [row for name, row in many if name == table])
        for seen in _chunks(year.visited()):
            with _loading(engine) as load:
                load("scan", [scan for scan, _ in seen])
                load("visit", [visit for _, visit in seen])
            visits += len(seen)
            say(f"{shape.year}: {visits:,} visits")
    with engine.begin() as connection:
        connection.execute(insert(ReportChange).from_select(["holder_id"], select(Holder.id)))
    return visits


def _chunks(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


@contextmanager
def _loading(engine: Engine) -> Iterator[Loader]:
    """Open a transaction in which rows come in bulk; no trigger and no reference is looked at."""
    with engine.begin() as connection:
        driver: Any = connection.connection.driver_connection
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            yield lambda table, rows: _copy(driver, table, rows)
        else:
            yield lambda table, rows: _insert(driver, table, rows)


def _insert(driver: Any, table: str, rows: Iterable[Row]) -> None:
    columns = COLUMNS[table]
    places = ", ".join("?" * (columns.count(",") + 1))
    if table == "scanner":
        rows = [(*row[:3], bytes.fromhex(str(row[3])), *row[4:]) for row in rows]
    driver.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)  # noqa: S608


def _copy(driver: Any, table: str, rows: Iterable[Row]) -> None:
    """COPY reads tabs between values, and instants without a zone as the session's, UTC."""
    with driver.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")
        with cursor.copy(f"COPY {table} ({COLUMNS[table]}) FROM STDIN") as copy:
            if table == "scanner":
                rows = [(*row[:3], f"\\\\x{row[3]}", *row[4:]) for row in rows]
            copy.write("".join(_line(row) for row in rows))


def _line(row: Row) -> str:
    return "\t".join("\\N" if value is None else str(value) for value in row) + "\n"
