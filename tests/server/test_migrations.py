"""The migrations make exactly the tables that the models describe, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Engine, MetaData, String, Table, Uuid, inspect, select, text
from sqlalchemy.schema import conv

from server.area.models import Area
from server.db import open_database
from server.schema import METADATA, migrate, migration_config
from server.visit.models import Visit
from shared.ids import uuid7
from tests.postgres import own_postgres


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request, tmp_path) -> Iterator[Engine]:
    """A database with nothing in it."""
    if request.param == "sqlite":
        engine = open_database(f"sqlite:///{tmp_path / 'empty.db'}")
        yield engine
        engine.dispose()
        return
    with own_postgres() as url:
        engine = open_database(url)
        yield engine
        engine.dispose()


_PARENTS = ("scanner_id", "venue_id", "card_id", "holder_id")


def _old_row(table, key, ids, at, reasons):
    values = {
        "category": "culture", "children": 0, "assistant": False, "sub": "q7Rk2-XzT0",
        "scanner_id": ids["scanner_id"], "venue_id": ids["venue_id"], "card_id": ids["card_id"],
        "id": key,
    }  # fmt: skip
    if table == "scan":
        values |= {
            "scanned_at": at, "closed_at": at, "received_at": at, "admitted": True,
            "scanner_reasons": reasons, "register_reasons": [], "register_colour": "green",
            "outcome": "recorded", "differs": False,
        }  # fmt: skip
    else:
        values |= {
            "scan_id": key, "holder_id": ids["holder_id"], "event": "E", "visited_at": at,
            "recorded_at": at, "again": False,
        }  # fmt: skip
    columns = [column for column in METADATA.tables[table].columns if column.name in values]
    then = Table(table, MetaData(), *(Column(c.name, c.type) for c in columns))
    return then.insert(), values


def _differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, METADATA)


def _tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def test_there_and_back_and_there_again(empty) -> None:
    migrate(empty)
    assert _differences(empty) == []
    migrate(empty)  # changes nothing

    with empty.begin() as connection:
        command.downgrade(migration_config(connection=connection), "base")
    assert _tables(empty) == {"alembic_version"}

    migrate(empty)
    assert _differences(empty) == []
    assert _tables(empty) == {*METADATA.tables, "alembic_version"}


def test_what_doors_knew_before_conflicts_is_taken_over(empty) -> None:
    with empty.begin() as connection:
        command.upgrade(migration_config(connection=connection), "0001")
        at = datetime(2026, 11, 21, tzinfo=UTC)
        ids = {name: uuid7(unix_ms=0, random=bytes([n] * 10)) for n, name in enumerate(_PARENTS)}
        # As the tables were then; the references do not matter here.
        off = "PRAGMA defer_foreign_keys = ON"
        if connection.dialect.name == "postgresql":
            off = "SET session_replication_role = replica"
        connection.exec_driver_sql(off)
        for n, reasons in enumerate((["ok"], ["clock_skew", "already_in"])):
            key = uuid7(unix_ms=1, random=bytes([n] * 10))
            for table in ("scan", "visit"):
                connection.execute(*_old_row(table, key, ids, at, reasons))
        command.upgrade(migration_config(connection=connection), "head")
        found = select(Visit.door_knew).order_by(Visit.id)
        assert list(connection.scalars(found)) == [False, True]
        connection.execute(text("DELETE FROM visit"))
        connection.execute(text("DELETE FROM scan"))


def test_areas_of_before_get_the_county_of_their_municipality(empty) -> None:
    columns = [Column("id", Uuid), Column("municipality_code", String), Column("name", String)]
    then = Table("area", MetaData(), *columns)
    with empty.begin() as connection:
        command.upgrade(migration_config(connection=connection), "0005")
        for n, code in enumerate(("837", "049", "588")):
            key = uuid7(unix_ms=0, random=bytes([n] * 10))
            connection.execute(then.insert(), {"id": key, "municipality_code": code, "name": "A"})
        command.upgrade(migration_config(connection=connection), "head")
        found = connection.scalars(select(Area.county_code).order_by(Area.id))
        assert list(found) == ["08", "03", None]  # the last one has merged away


def test_a_column_too_many_would_be_noticed(empty) -> None:
    migrate(empty)
    with empty.begin() as connection:
        connection.execute(text("ALTER TABLE holder ADD COLUMN nickname VARCHAR(20)"))

    assert _differences(empty) != []


def test_names_of_constraints_follow_the_rules(engine) -> None:
    found = inspect(engine)
    names = []
    for table in METADATA.tables:
        primary = found.get_pk_constraint(table)["name"]
        assert primary == f"pk_{table}"
        # SQLAlchemy reads no name where SQLite has it beside the column.
        named = (f["name"] for f in found.get_foreign_keys(table) if f["name"] is not None)
        names += [(f"fk_{table}_", name) for name in named]
        names += [(f"uq_{table}_", u["name"]) for u in found.get_unique_constraints(table)]
        names += [(f"ck_{table}_", c["name"]) for c in found.get_check_constraints(table)]
        plain = (i for i in found.get_indexes(table) if not i.get("duplicates_constraint"))
        names += [(f"ix_{table}_", index["name"]) for index in plain]
    assert len(names) > 50
    # Enum columns bring their check constraint with a name of their own.
    free = {conv(name) for name in ("category", "colour", "outcome", "credential_kind", "role")}
    assert [n for start, n in names if not n.startswith(start) and n not in free] == []


def test_every_foreign_key_that_is_searched_by_has_an_index(engine) -> None:
    found = inspect(engine)
    lists = {("visit", "holder_id"), ("visit", "card_id"), ("visit", "venue_id")}
    lists |= {("credential", "card_id"), ("bearer", "card_id"), ("scan", "card_id")}
    first = {
        (table, index["column_names"][0])
        for table in METADATA.tables
        for index in found.get_indexes(table)
    }
    assert lists <= first


def test_sqlite_writes_to_the_disk_before_it_says_done(sqlite_engine) -> None:
    with sqlite_engine.connect() as connection:
        told = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_reports_hear_of_every_change(empty: Engine) -> None:
    """On SQLite a table that is built anew loses its triggers without a word."""
    migrate(empty)

    catalogue = "sqlite_master WHERE type = 'trigger' AND name"
    if empty.dialect.name == "postgresql":
        catalogue = "pg_trigger WHERE tgname"
    with empty.connect() as connection:
        found = connection.scalar(
            text(f"SELECT count(*) FROM {catalogue} LIKE '%tells_reports%'")  # noqa: S608 - ours
        )
    assert found == 9
