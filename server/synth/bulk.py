"""Puts columns into a database: PostgreSQL's binary COPY, or many rows at once on SQLite."""

import json
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    SmallInteger,
    Table,
    text,
)

from server.synth.life import Columns

_SIGNATURE = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
_END = struct.pack(">h", -1)

_INSTANT_0, _DAY_0 = np.datetime64("2000-01-01", "us"), np.datetime64("2000-01-01", "D")
"""Where PostgreSQL counts from."""


_INTEGERS: dict[type[Any], str] = {SmallInteger: ">i2", BigInteger: ">i8"}


Load = Callable[[Table, Columns], None]
"""Puts rows of one table into the database, in the transaction that is open."""


@contextmanager
def loading(connection: Connection, tables: Sequence[Table]) -> Iterator[Load]:
    """Load in bulk: no trigger and no reference is looked at, and indexes are made at the end."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name != "postgresql":
        yield lambda table, columns: _insert(driver, table, columns)
        return
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '512MB'")
    ordered = connection.execute(_ORDERED, {"tables": [table.name for table in tables]}).all()
    for dropped_by, _ in ordered:
        connection.exec_driver_sql(dropped_by)
    yield lambda table, columns: _copy(driver, table, columns)
    for _, made_by in ordered:
        connection.exec_driver_sql(made_by)
    for table in tables:
        connection.exec_driver_sql(f'ANALYZE "{table.name}"')


_ORDERED = text(
    """
    SELECT format('DROP INDEX %I', indexname), indexdef FROM pg_indexes
    WHERE tablename = ANY(:tables)
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = indexname)
    UNION ALL
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
        format('ALTER TABLE %s ADD CONSTRAINT %I %s',
            conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE contype = 'u' AND conrelid::regclass::text = ANY(:tables)
    """
)
"""How to drop and to make each index, and each constraint that needs one and no other needs."""


def _copy(driver: Any, table: Table, columns: Columns) -> None:
    names = [name for name, value in columns.items() if value is not None]
    with driver.cursor() as cursor:
        listed = ", ".join(f'"{name}"' for name in names)
        with cursor.copy(f'COPY "{table.name}" ({listed}) FROM STDIN (FORMAT binary)') as copy:
            copy.write(_SIGNATURE)
            copy.write(_binary_rows(table, {name: columns[name] for name in names}))
            copy.write(_END)


def _binary_rows(table: Table, columns: Columns) -> bytes:
    """Write rows as COPY reads them: how many values, then each one's length and bytes."""
    values = {name: _binary(table.c[name], value) for name, value in columns.items()}
    kinds: list[tuple[str, Any]] = [("values", ">i2")]
    for name, value in values.items():
        kinds += [(f"{name} length", ">i4"), (name, value.dtype)]
    n = max(value.size for value in values.values())
    rows = np.empty(n, dtype=kinds)
    rows["values"] = len(values)
    for name, value in values.items():
        rows[f"{name} length"] = value.dtype.itemsize
        rows[name] = value
    return rows.tobytes()


def _binary(column: Column[Any], given: Any) -> NDArray[Any]:
    value = np.asarray(_text(given).encode() if isinstance(given, str | list) else given)
    match value.dtype.kind:
        case "M" if np.datetime_data(value.dtype)[0] == "D":
            return np.asarray((value - _DAY_0).astype(">i4"))
        case "M":
            return np.asarray((value - _INSTANT_0).astype(">i8"))
        case "b":
            return value.astype(np.uint8)
        case "i":
            return value.astype(_INTEGERS.get(type(column.type), ">i4"))
    return value


def _text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _insert(driver: Any, table: Table, columns: Columns) -> None:
    n = max(value.size for value in columns.values() if isinstance(value, np.ndarray))
    listed = ", ".join(f'"{name}"' for name in columns)
    places = ", ".join("?" * len(columns))
    rows = zip(*(_plain(value, n) for value in columns.values()), strict=True)
    driver.executemany(f'INSERT INTO "{table.name}" ({listed}) VALUES ({places})', rows)  # noqa: S608 - our names


def _plain(value: Any, n: int) -> list[Any]:
    """Give what SQLite keeps, as SQLAlchemy writes it."""
    if not isinstance(value, np.ndarray):
        return [_text(value) if isinstance(value, str | list) else value] * n
    match value.dtype.kind:
        case "V":
            return [one.hex() for one in value.tolist()]
        case "M":
            times = np.datetime_as_string(value).tolist()
            return [one.replace("T", " ") for one in times]
        case "S":
            return cast("list[Any]", value.astype(str).tolist())
    return cast("list[Any]", value.tolist())
