"""Fixtures that every test may use: real databases, real keys, a clock that the test moves."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, Table, select
from sqlalchemy.orm import Session

from server.app import create_app
from server.clock import seconds
from server.db import open_database
from server.keygen import make_keys
from server.schema import METADATA, migrate
from server.settings import Settings
from server.signing import KeyRing, load_key_ring
from tests.factories import NOON, SECRET
from tests.postgres import own_postgres


class StoppedClock:
    """A clock that stands until the test moves it."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **how_long: float) -> None:
        self.now += timedelta(**how_long)


@pytest.fixture(scope="session")
def keys_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    now_s = seconds(NOON)
    long_ago_s = now_s - 100 * 86_400
    make_keys(keys_dir=folder, roots_dir=folder / "roots", from_s=long_ago_s, now_s=now_s - 86_400)
    return folder


@pytest.fixture(scope="session")
def ring(keys_dir: Path) -> KeyRing:
    return load_key_ring(keys_dir, now_s=seconds(NOON))


@pytest.fixture(scope="session")
def settings(keys_dir: Path) -> Settings:
    return Settings(keys_dir=keys_dir, code_secret=SECRET.decode(), base_url="http://testserver")


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    engine = open_database(f"sqlite:///{path}")
    migrate(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def migrated_postgres() -> Iterator[Engine]:
    with own_postgres() as url:
        engine = open_database(url)
        migrate(engine)
        yield engine
        engine.dispose()


@pytest.fixture(scope="session")
def put_in_by_migrations(migrated_postgres: Engine) -> dict[Table, list[Any]]:
    """Rows that a database has from its migrations: the grounds, the national settings."""
    with migrated_postgres.connect() as connection:
        rows = {
            table: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in METADATA.sorted_tables
        }
    return {table: found for table, found in rows.items() if found}


@pytest.fixture
def sqlite_engine(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Engine]:
    path = shutil.copy(migrated_sqlite, tmp_path / "test.db")
    engine = open_database(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture
def postgres_engine(
    migrated_postgres: Engine, put_in_by_migrations: dict[Table, list[Any]]
) -> Engine:
    # Deleting a few rows takes a tenth of the time that truncating every table does; no trigger
    # and no reference is looked at meanwhile.
    deletes = [f"DELETE FROM {table.name}" for table in METADATA.sorted_tables]  # noqa: S608 - ours
    with migrated_postgres.begin() as connection:
        connection.exec_driver_sql(
            "; ".join(["SET LOCAL session_replication_role = replica", *deletes])
        )
        connection.exec_driver_sql("SET LOCAL session_replication_role = origin")
        for table, rows in put_in_by_migrations.items():
            connection.execute(table.insert(), rows)
    return migrated_postgres


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> Engine:
    """The same test on both databases."""
    return request.getfixturevalue(f"{request.param}_engine")


@pytest.fixture
def db(engine: Engine) -> Iterator[Session]:
    with Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def app(engine: Engine, settings: Settings, ring: KeyRing, clock: StoppedClock) -> FastAPI:
    return create_app(engine, settings, ring=ring, clock=clock)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app) as client:
        yield client
