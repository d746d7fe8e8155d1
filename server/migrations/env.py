"""How Alembic reaches the database: `server.schema` hands over an open connection."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection

from server.schema import METADATA


def _render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types as what they are in the database."""
    if kind == "type" and type(item).__name__ == "UtcDateTime":
        return "sa.DateTime(timezone=True)"
    return False


def _migrate(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        # A migration that cannot get its lock gives up instead of stopping every door behind it.
        connection.exec_driver_sql("SET LOCAL lock_timeout = '10s'")
    context.configure(
        connection=connection, target_metadata=METADATA, render_item=_render, compare_type=True
    )
    with context.begin_transaction():
        context.run_migrations()


_migrate(context.config.attributes["connection"])
