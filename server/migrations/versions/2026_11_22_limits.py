"""limits."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_CATEGORY = sa.Enum(
    "culture",
    "education",
    "science",
    "sport",
    name="category",
    native_enum=False,
    create_constraint=True,
)
_NAMED = sa.text("event_id IS NOT NULL")


def upgrade() -> None:
    """Keep limits, places, courses and ticket brokers; let a visit name its event by id."""
    _make_use_limit()
    _make_brokers()
    with op.batch_alter_table("event") as event:
        event.add_column(
            sa.Column("course", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        event.add_column(sa.Column("places", sa.SmallInteger(), nullable=True))
        event.add_column(sa.Column("fee_cents", sa.Integer(), nullable=True))
        event.add_column(sa.Column("accessibility", sa.JSON(), server_default="[]", nullable=False))
        event.create_check_constraint(op.f("ck_event_places"), "places BETWEEN 0 AND 9999")
        event.create_check_constraint(op.f("ck_event_fee"), "fee_cents BETWEEN 1 AND 999999")
    _add_reference("visit", "event_id", "event")
    _add_reference("scanner", "broker_id", "broker")
    op.create_index(op.f("ix_scanner_broker_id"), "scanner", ["broker_id"])
    op.create_index(
        op.f("ix_visit_event_id"),
        "visit",
        ["event_id"],
        sqlite_where=_NAMED,
        postgresql_where=_NAMED,
    )
    # What is of the day has slashes in its name, and is longer.
    if op.get_bind().dialect.name == "sqlite":
        op.execute("UPDATE visit SET event_id = replace(event, '-', '') WHERE length(event) = 36")
    else:
        op.execute("UPDATE visit SET event_id = CAST(event AS uuid) WHERE length(event) = 36")


def downgrade() -> None:
    """Take it back."""
    op.drop_index(op.f("ix_visit_event_id"), table_name="visit")
    op.drop_index(op.f("ix_scanner_broker_id"), table_name="scanner")
    for table, column in (("scanner", "broker_id"), ("visit", "event_id")):
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        else:
            op.drop_column(table, column)
    with op.batch_alter_table("event") as event:
        event.drop_constraint(op.f("ck_event_fee"), type_="check")
        event.drop_constraint(op.f("ck_event_places"), type_="check")
        for column in ("accessibility", "fee_cents", "places", "course"):
            event.drop_column(column)
    for table in ("broker_venue", "broker", "use_limit"):
        op.drop_table(table)


def _make_use_limit() -> None:
    op.create_table(
        "use_limit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("venue_id", sa.Uuid(), nullable=True),
        sa.Column(
            "counted",
            sa.Enum("uses", "persons", name="counted", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.Column("most", sa.SmallInteger(), nullable=False),
        sa.Column(
            "period",
            sa.Enum(
                "day",
                "week",
                "month",
                "quarter",
                "year",
                "academic_year",
                "ever",
                name="period",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("category", _CATEGORY, nullable=True),
        sa.Column("courses", sa.Boolean(), nullable=False),
        sa.Column("covers_cents", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(area_id IS NULL) <> (venue_id IS NULL)", name=op.f("ck_use_limit_of_one")
        ),
        sa.CheckConstraint("most BETWEEN 0 AND 9999", name=op.f("ck_use_limit_most")),
        sa.CheckConstraint(
            "covers_cents IS NULL OR courses", name=op.f("ck_use_limit_covers_courses")
        ),
        sa.CheckConstraint(
            "counted = 'uses' OR venue_id IS NOT NULL", name=op.f("ck_use_limit_persons_of_venue")
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_use_limit_area_id_area")),
        sa.ForeignKeyConstraint(
            ["venue_id"], ["venue.id"], name=op.f("fk_use_limit_venue_id_venue")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_use_limit")),
    )
    op.create_index(op.f("ix_use_limit_area_id"), "use_limit", ["area_id"])
    op.create_index(op.f("ix_use_limit_venue_id"), "use_limit", ["venue_id"])


def _make_brokers() -> None:
    op.create_table(
        "broker",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broker")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_broker_key_hash")),
    )
    op.create_table(
        "broker_venue",
        sa.Column("broker_id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Uuid(), nullable=False),
        sa.Column("allowed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["broker_id"], ["broker.id"], name=op.f("fk_broker_venue_broker_id_broker")
        ),
        sa.ForeignKeyConstraint(
            ["venue_id"], ["venue.id"], name=op.f("fk_broker_venue_venue_id_venue")
        ),
        sa.PrimaryKeyConstraint("broker_id", "venue_id", name=op.f("pk_broker_venue")),
    )
    op.create_index(op.f("ix_broker_venue_venue_id"), "broker_venue", ["venue_id"])


def _add_reference(table: str, column: str, to: str) -> None:
    name = op.f(f"fk_{table}_{column}_{to}")
    if op.get_bind().dialect.name == "sqlite":  # only here can it name the constraint of a column
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} CHAR(32)"
            f" CONSTRAINT {name} REFERENCES {to} (id)"
        )
        return
    op.add_column(table, sa.Column(column, sa.Uuid(), nullable=True))
    op.create_foreign_key(name, table, to, [column], ["id"])
