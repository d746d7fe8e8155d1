"""analysts."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0017"
branch_labels = None
depends_on = None

_ROLES = ("distributor", "venue", "coordinator", "service")
_ANALYST = "(role = 'analyst') = (county_code IS NOT NULL)"


def upgrade() -> None:
    """Let wellbeing counties have access, to read figures."""
    _let_roles_be((*_ROLES, "analyst"), instead_of=_ROLES)
    name = op.f("ck_access_analyst")
    if op.get_bind().dialect.name == "sqlite":  # only here can it name the constraint of a column
        op.execute(
            f"ALTER TABLE access ADD COLUMN county_code VARCHAR(2) CONSTRAINT {name}"
            f" CHECK ({_ANALYST})"
        )
        return
    op.add_column("access", sa.Column("county_code", sa.String(2), nullable=True))
    op.create_check_constraint(name, "access", _ANALYST)


def downgrade() -> None:
    """Take it back. It cannot be once an analyst did anything: the log keeps whose it is."""
    analysts = "SELECT id FROM access WHERE role = 'analyst'"
    for table in ("console_session", "invitation"):
        op.execute(f"DELETE FROM {table} WHERE access_id IN ({analysts})")  # noqa: S608 - ours
    op.execute("DELETE FROM access WHERE role = 'analyst'")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("ALTER TABLE access DROP COLUMN county_code")
    else:
        op.drop_constraint(op.f("ck_access_analyst"), "access", type_="check")
        op.drop_column("access", "county_code")
    _let_roles_be(_ROLES, instead_of=(*_ROLES, "analyst"))


def _let_roles_be(roles: tuple[str, ...], *, instead_of: tuple[str, ...]) -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_access_role"), "access", type_="check")
        op.create_check_constraint(op.f("ck_access_role"), "access", f"role IN ({_quoted(roles)})")
        return
    # SQLite would have to copy the table, and cannot while others refer to its rows. What a check
    # allows does not change how rows are stored, so the schema itself is rewritten, as its manual
    # says (lang_altertable, section 7).
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    asked = "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = 'access'"
    written = connection.exec_driver_sql(asked).scalar_one()
    changed = written.replace(f"({_quoted(instead_of)})", f"({_quoted(roles)})")
    if changed == written:
        raise LookupError("the roles are not where they were")
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    change = "UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = 'access'"
    connection.exec_driver_sql(change, (changed,))
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")


def _quoted(roles: tuple[str, ...]) -> str:
    return ", ".join(f"'{role}'" for role in roles)
