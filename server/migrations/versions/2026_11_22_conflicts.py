"""conflicts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_WHAT_DOORS_SAID = """
UPDATE visit SET door_knew = TRUE WHERE scan_id IN (
    SELECT id FROM scan WHERE CAST(scanner_reasons AS TEXT) LIKE '%"already_in"%'
)
"""


def upgrade() -> None:
    """Keep conflicts, and of each visit whether its door knew of an earlier one."""
    op.create_table(
        "conflict",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.String(length=120), nullable=False),
        sa.Column("venue_id", sa.Uuid(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_conflict_card_id_card")),
        sa.ForeignKeyConstraint(
            ["venue_id"], ["venue.id"], name=op.f("fk_conflict_venue_id_venue")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
        sa.UniqueConstraint("card_id", "event", name=op.f("uq_conflict_card_id_event")),
    )
    op.create_index(op.f("ix_conflict_venue_id_id"), "conflict", ["venue_id", "id"], unique=False)
    op.add_column(
        "visit",
        sa.Column("door_knew", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.execute(sa.text(_WHAT_DOORS_SAID))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("visit", "door_knew")
    op.drop_index(op.f("ix_conflict_venue_id_id"), table_name="conflict")
    op.drop_table("conflict")
