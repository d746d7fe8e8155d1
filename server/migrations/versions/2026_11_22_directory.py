"""directory."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep what venues tell those who come, and where events were read from."""
    op.create_table(
        "visitor_facts",
        sa.Column("venue_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=3), nullable=True),
        sa.Column("street", sa.String(length=120), nullable=False),
        sa.Column("getting_there", sa.String(length=600), nullable=False),
        sa.Column("greeting_fi", sa.String(length=600), nullable=False),
        sa.Column("greeting_sv", sa.String(length=600), nullable=False),
        sa.Column("greeting_en", sa.String(length=600), nullable=False),
        sa.Column("website", sa.String(length=500), nullable=True),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("accessibility", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["venue_id"], ["venue.id"], name=op.f("fk_visitor_facts_venue_id_venue")
        ),
        sa.PrimaryKeyConstraint("venue_id", name=op.f("pk_visitor_facts")),
    )
    languages = sa.Column("languages", sa.JSON(), server_default="[]", nullable=False)
    op.add_column("event", languages)
    op.add_column("event", sa.Column("link", sa.String(length=500), nullable=True))
    op.add_column("event", sa.Column("source_id", sa.String(length=120), nullable=True))
    op.add_column("event", sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        op.f("ix_event_venue_id_source_id"), "event", ["venue_id", "source_id"], unique=True
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index(op.f("ix_event_venue_id_source_id"), table_name="event")
    for column in ("cancelled_at", "source_id", "link", "languages"):
        op.drop_column("event", column)
    op.drop_table("visitor_facts")
