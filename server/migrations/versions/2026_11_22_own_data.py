"""own data."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_LOOSENED = (("visit", "holder_id"), ("visit", "card_id"), ("credential", "card_id"))
"""What an erased holder leaves behind names nobody."""


def upgrade() -> None:
    """Keep disputes and shared wellbeing, and let what is left of a holder be nobody's."""
    _loosen()
    op.add_column(
        "visit",
        sa.Column("left_out", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("card", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("card", sa.Column("used_by", sa.Date(), nullable=True))
    op.create_table(
        "dispute",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "undone", "happened", name="outcome", native_enum=False, create_constraint=True
            ),
            nullable=True,
        ),
        sa.Column("access_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (outcome IS NULL)", name=op.f("ck_dispute_settled")
        ),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (access_id IS NULL)", name=op.f("ck_dispute_by_one")
        ),
        sa.ForeignKeyConstraint(
            ["access_id"], ["access.id"], name=op.f("fk_dispute_access_id_access")
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["holder.id"], name=op.f("fk_dispute_holder_id_holder")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_dispute_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_dispute_visit_id")),
    )
    op.create_index(op.f("ix_dispute_holder_id"), "dispute", ["holder_id"], unique=False)
    _keep_wellbeing()


def downgrade() -> None:
    """Take it back. It cannot be once a holder was erased: what is nobody's has no way back."""
    for table in ("wellbeing_share", "wellbeing_consent", "dispute"):
        op.drop_table(table)
    op.drop_column("card", "used_by")
    op.drop_column("card", "erased_at")
    op.drop_column("visit", "left_out")
    _loosen(tighten=True)


def _keep_wellbeing() -> None:
    def meter(*, nullable: bool) -> sa.Column[str]:
        kinds = sa.Enum("mood", "who5", name="meter", native_enum=False, create_constraint=True)
        return sa.Column("meter", kinds, nullable=nullable)

    op.create_table(
        "wellbeing_consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        meter(nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["holder.id"], name=op.f("fk_wellbeing_consent_holder_id_holder")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wellbeing_consent")),
    )
    op.create_index(
        op.f("ix_wellbeing_consent_holder_id_meter"), "wellbeing_consent", ["holder_id", "meter"]
    )
    op.create_table(
        "wellbeing_share",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        meter(nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("points", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consent_id"],
            ["wellbeing_consent.id"],
            name=op.f("fk_wellbeing_share_consent_id_wellbeing_consent"),
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["holder.id"], name=op.f("fk_wellbeing_share_holder_id_holder")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wellbeing_share")),
        sa.UniqueConstraint(
            "holder_id", "meter", "month", name=op.f("uq_wellbeing_share_holder_id_meter_month")
        ),
    )
    op.create_index(
        op.f("ix_wellbeing_share_consent_id"), "wellbeing_share", ["consent_id"], unique=False
    )
    op.create_index(
        op.f("ix_wellbeing_share_meter_month"), "wellbeing_share", ["meter", "month"], unique=False
    )


def _loosen(*, tighten: bool = False) -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        for table, column in _LOOSENED:
            op.alter_column(table, column, nullable=not tighten)
        return
    # SQLite would have to copy the tables, and cannot while others refer to their rows. What may be
    # null does not change how rows are stored, so the schema itself is rewritten, as its manual
    # says (lang_altertable, section 7).
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    for table, column in _LOOSENED:
        asked = "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?"
        written = connection.exec_driver_sql(asked, (table,)).scalar_one()
        changed = _with_null(written, column, tighten=tighten)
        change = "UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = ?"
        connection.exec_driver_sql(change, (changed, table))
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")


def _with_null(written: str, column: str, *, tighten: bool) -> str:
    loose, tight = rf'(\b{column}"? CHAR\(32\))', rf'(\b{column}"? CHAR\(32\)) NOT NULL'
    found = (loose, r"\1 NOT NULL") if tighten else (tight, r"\1")
    changed, times = re.subn(*found, written, count=1)
    if times != 1:
        raise LookupError(f"no column {column} in: {written}")
    return changed
