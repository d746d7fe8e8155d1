"""mergers."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Remember which area merged into which, and where venues and distributors began."""
    op.create_table(
        "area_merger",
        sa.Column("former_id", sa.Uuid(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["former_id"], ["area.id"], name=op.f("fk_area_merger_former_id_area")
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_area_merger_area_id_area")),
        sa.PrimaryKeyConstraint("former_id", "since_on", name=op.f("pk_area_merger")),
    )
    op.create_index(op.f("ix_area_merger_area_id"), "area_merger", ["area_id"])
    op.create_table(
        "moved_place",
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("origin_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["origin_id"], ["area.id"], name=op.f("fk_moved_place_origin_id_area")
        ),
        sa.PrimaryKeyConstraint("place_id", name=op.f("pk_moved_place")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("moved_place")
    op.drop_index(op.f("ix_area_merger_area_id"), table_name="area_merger")
    op.drop_table("area_merger")
