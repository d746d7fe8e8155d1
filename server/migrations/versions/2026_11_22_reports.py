"""reports."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

WATCHED = {
    "visit": "SELECT COALESCE({row}.holder_id, {row}.venue_id)",
    "voiding": "SELECT COALESCE(visit.holder_id, visit.venue_id) FROM visit"
    " WHERE visit.id = {row}.visit_id",
    "card": "SELECT {row}.holder_id",
}
"""Tables that reports are made of, with the holder whom a row of each is about. Of an erased
holder's visit the venue stands in."""

CARD_COLUMNS = "holder_id, distributor_id, granted_at, birth_year, gender, life_situation"
"""Of a card these alone matter here: a new key or a block is no reason to count again."""


def upgrade() -> None:
    """Keep what reports read beside the visits, and count all that is there."""
    op.create_table(
        "report_change",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_change")),
    )
    op.create_table(
        "report_use",
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("venue_id", sa.Uuid(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "culture",
                "education",
                "science",
                "sport",
                name="category",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("adults", sa.Integer(), nullable=False),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "holder_id", "card_id", "month", "venue_id", "category", name=op.f("pk_report_use")
        ),
    )
    op.create_index(op.f("ix_report_use_venue_id_month"), "report_use", ["venue_id", "month"])
    op.create_table(
        "report_card",
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("granted_on", sa.Date(), nullable=False),
        sa.Column("age", sa.SmallInteger(), nullable=True),
        sa.Column("gender", sa.String(30), nullable=True),
        sa.Column("life_situation", sa.String(30), nullable=True),
        sa.Column("first_used_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("holder_id", "card_id", name=op.f("pk_report_card")),
    )
    op.create_table(
        "report_cell",
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("scope", sa.String(43), nullable=False),
        sa.Column("slice", sa.String(43), nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("adults", "children", "late", "holders", "cards", "cards_used")
        ),
        sa.PrimaryKeyConstraint("period", "scope", "slice", name=op.f("pk_report_cell")),
    )
    op.create_index(
        op.f("ix_report_cell_scope_slice_period"), "report_cell", ["scope", "slice", "period"]
    )
    op.create_table(
        "publication",
        sa.Column("year", sa.String(4), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_publication")),
    )
    op.create_table(
        "published_figure",
        sa.Column("year", sa.String(4), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "uses",
                "cards",
                "used",
                "unused",
                name="kind",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("scope", sa.String(43), nullable=False),
        sa.Column("slice", sa.String(43), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["year"], ["publication.year"], name=op.f("fk_published_figure_year_publication")
        ),
        sa.PrimaryKeyConstraint("year", "kind", "scope", "slice", name=op.f("pk_published_figure")),
    )
    for table in WATCHED:
        _watch(table)
    op.execute("INSERT INTO report_change (holder_id) SELECT id FROM holder")


def _watch(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        _watch_postgres(table)
    else:
        _watch_sqlite(table)


def _watch_sqlite(table: str) -> None:
    for act, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
        of = f" OF {CARD_COLUMNS}" if (table, act) == ("card", "UPDATE") else ""
        tell = " ".join(
            f"INSERT INTO report_change (holder_id) {WATCHED[table].format(row=row)};"
            for row in rows
        )
        op.execute(
            f"CREATE TRIGGER {table}_tells_reports_{act.lower()} AFTER {act}{of} ON {table}"
            f" BEGIN {tell} END"
        )


def _watch_postgres(table: str) -> None:
    """By statement, so that many rows at once cost one insert."""
    for act, named in (
        ("INSERT", "NEW TABLE AS new_rows"),
        ("UPDATE", "OLD TABLE AS old_rows NEW TABLE AS new_rows"),
        ("DELETE", "OLD TABLE AS old_rows"),
    ):
        name = f"{table}_tells_reports_{act.lower()}"
        rows = [one for one in ("old_rows", "new_rows") if one in named]
        of = "told.holder_id" if table == "card" else "COALESCE(told.holder_id, told.venue_id)"
        tell = " ".join(
            f"INSERT INTO report_change (holder_id) SELECT DISTINCT {of} FROM {whose};"  # noqa: S608 - our own names
            for whose in (_whose(table, row) for row in rows)
        )
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {tell} RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} AFTER {act} ON {table} REFERENCING {named}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )


def _whose(table: str, rows: str) -> str:
    if table == "voiding":
        return f"{rows} JOIN visit AS told ON told.id = {rows}.visit_id"
    return f"{rows} AS told"


def downgrade() -> None:
    """Take it back; the visits themselves are untouched."""
    is_postgres = op.get_bind().dialect.name == "postgresql"
    for table in WATCHED:
        for act in ("insert", "update", "delete"):
            name = f"{table}_tells_reports_{act}"
            op.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if is_postgres else ""))
            if is_postgres:
                op.execute(f"DROP FUNCTION {name}()")
    for table in (
        "published_figure",
        "publication",
        "report_cell",
        "report_card",
        "report_use",
        "report_change",
    ):
        op.drop_table(table)
