"""care."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep what locations agreed to, their inductions, what waits on scanners, and initials."""
    op.add_column("access", sa.Column("agreement_version", sa.SmallInteger(), nullable=True))
    op.add_column("access", sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("access", sa.Column("inducted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("access", sa.Column("induction_due_on", sa.Date(), nullable=True))
    # Nobody has confirmed one yet: every location is asked today, and reminded until it does.
    op.execute(
        "UPDATE access SET induction_due_on = CURRENT_DATE WHERE role IN ('distributor', 'venue')"
    )
    op.add_column("scanner", sa.Column("waiting", sa.Integer(), nullable=True))
    op.add_column("scanner", sa.Column("waiting_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("console_session", sa.Column("initials", sa.String(length=4), nullable=True))
    op.add_column("audit_entry", sa.Column("initials", sa.String(length=4), nullable=True))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("audit_entry", "initials")
    op.drop_column("console_session", "initials")
    for column in ("waiting_at", "waiting"):
        op.drop_column("scanner", column)
    for column in ("induction_due_on", "inducted_at", "agreed_at", "agreement_version"):
        op.drop_column("access", column)
