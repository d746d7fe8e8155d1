"""orders."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Find the cards of a distributor that end next."""
    columns = ["distributor_id", "last_valid_on", "id"]
    op.create_index(op.f("ix_card_distributor_id_last_valid_on_id"), "card", columns)


def downgrade() -> None:
    """Take it back."""
    op.drop_index(op.f("ix_card_distributor_id_last_valid_on_id"), table_name="card")
