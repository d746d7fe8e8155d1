"""The database: naming rules for tables, and one transaction per request."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    Uuid,
    create_engine,
    event,
)
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

from server.problems import Problem

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

BUSY_TIMEOUT_MS = 15_000
"""How long a writer waits for another one on SQLite before it gives up."""

READS = "kaiku_reads"
"""Execution option: this transaction only reads, so it need not queue with SQLite's writers."""

ASKED_BY = "kaiku_asked_by"
"""Key in a session's `info`: the state of the request that it is for, where there is one."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: refuses naive values, always gives back UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse what has no zone; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give UTC: SQLite forgets the zone, PostgreSQL answers in the session's."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table of the server."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - read by SQLAlchemy
        datetime: UtcDateTime,
        UUID: Uuid,
    }


def one_of(kind: type[StrEnum], *, name: str) -> Enum:
    """Make a column type that stores the values of *kind* as text, with a check constraint."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        values_callable=lambda members: [member.value for member in members],
    )


def open_database(url: str, **options: Any) -> Engine:
    """Open the database: SQLite made safe (WAL, FULL, foreign keys), or PostgreSQL as it is."""
    parsed = make_url(url)
    options = {"hide_parameters": True} | options  # the text of an error goes to the logs
    if parsed.get_backend_name() != "sqlite":
        return create_engine(url, pool_size=16, max_overflow=16, pool_pre_ping=True, **options)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, pool_size=16, max_overflow=16, **options)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver would open its own, deferred transactions
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # NORMAL may lose commits at power loss
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that starts to write after another one wrote fails at once, however
    # long the timeout; an immediate one waits its turn.
    reads = connection.get_execution_options().get(READS, False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def one_transaction(request: Request) -> Iterator[Session]:
    """Open a session; commit it once, before the answer leaves.

    What is asked for with GET only reads. A `Problem` with `keeps_changes` is itself a fact to
    remember (a wrong try, a spent nonce), so it commits too.
    """
    yield from _transaction(request, reads=request.method == "GET")


def one_noted_transaction(request: Request) -> Iterator[Session]:
    """Open a session that may write whatever the method: a look at a card is written down."""
    yield from _transaction(request, reads=False)


def _transaction(request: Request, *, reads: bool) -> Iterator[Session]:
    factory = cast("sessionmaker[Session]", request.app.state.sessions)
    with factory() as session:
        session.info[ASKED_BY] = request.state
        if reads:
            session.connection(execution_options={READS: True})
        try:
            yield session
        except Problem as problem:
            if problem.keeps_changes:
                session.commit()
            raise
        session.commit()


def is_postgres(session: Session) -> bool:
    """Tell whether the database is PostgreSQL, where it must be told apart from SQLite."""
    return session.get_bind().dialect.name == "postgresql"


@contextmanager
def tried_out(session: Session) -> Iterator[None]:
    """Let what is done inside leave no trace in the database."""
    savepoint = session.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()


# scope="function": FastAPI's default ends this after the answer is sent, and a failed commit would
# then look like success to the phone.
Db = Annotated[Session, Depends(one_transaction, scope="function")]
NotedDb = Annotated[Session, Depends(one_noted_transaction, scope="function")]
