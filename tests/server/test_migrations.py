"""The migrations make exactly the tables that the models describe, on both databases."""

from collections.abc import Iterator

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.schema import conv

from server.db import open_database
from server.schema import METADATA, migrate, migration_config
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
        names += [(f"fk_{table}_", f["name"]) for f in found.get_foreign_keys(table)]
        names += [(f"uq_{table}_", u["name"]) for u in found.get_unique_constraints(table)]
        names += [(f"ck_{table}_", c["name"]) for c in found.get_check_constraints(table)]
        plain = (i for i in found.get_indexes(table) if not i.get("duplicates_constraint"))
        names += [(f"ix_{table}_", index["name"]) for index in plain]
    assert len(names) > 50
    # Enum columns bring their check constraint with a name of their own.
    free = {conv(name) for name in ("category", "colour", "outcome", "credential_kind")}
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
