"""feedback."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep messages about accessibility, and their answers."""
    op.create_table(
        "accessibility_feedback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(length=4000), nullable=False),
        sa.Column("reply_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(length=4000), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer IS NULL)"
            " AND (answered_at IS NULL) = (answered_by_id IS NULL)",
            name=op.f("ck_accessibility_feedback_answered_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["access.id"],
            name=op.f("fk_accessibility_feedback_answered_by_id_access"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accessibility_feedback")),
        sa.UniqueConstraint("reply_hash", name=op.f("uq_accessibility_feedback_reply_hash")),
    )
    op.create_index(
        op.f("ix_accessibility_feedback_answered_at_id"),
        "accessibility_feedback",
        ["answered_at", "id"],
        unique=False,
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("accessibility_feedback")
