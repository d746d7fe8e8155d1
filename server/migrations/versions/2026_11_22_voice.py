"""voice."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep what holders tell venues, messages to holders, and who follows which venue."""
    op.create_table(
        "following",
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Uuid(), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["holder.id"], name=op.f("fk_following_holder_id_holder")
        ),
        sa.ForeignKeyConstraint(
            ["venue_id"], ["venue.id"], name=op.f("fk_following_venue_id_venue")
        ),
        sa.PrimaryKeyConstraint("holder_id", "venue_id", name=op.f("pk_following")),
    )
    op.create_index(op.f("ix_following_venue_id"), "following", ["venue_id"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Uuid(), nullable=True),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receivers", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(venue_id IS NULL) <> (area_id IS NULL)", name=op.f("ck_message_from_one")
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_message_area_id_area")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_message_venue_id_venue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index(op.f("ix_message_area_id_id"), "message", ["area_id", "id"], unique=False)
    op.create_index(op.f("ix_message_sent_at"), "message", ["sent_at"], unique=False)
    op.create_index(op.f("ix_message_venue_id_id"), "message", ["venue_id", "id"], unique=False)
    op.create_table(
        "feedback_thread",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("stars", sa.SmallInteger(), nullable=True),
        sa.Column("latest_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unanswered", sa.Boolean(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_feedback_thread_stars")),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["holder.id"], name=op.f("fk_feedback_thread_holder_id_holder")
        ),
        sa.ForeignKeyConstraint(
            ["venue_id"], ["venue.id"], name=op.f("fk_feedback_thread_venue_id_venue")
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visit.id"], name=op.f("fk_feedback_thread_visit_id_visit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_thread")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_feedback_thread_visit_id")),
    )
    op.create_index(
        op.f("ix_feedback_thread_holder_id_latest_at_id"),
        "feedback_thread",
        ["holder_id", "latest_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_feedback_thread_latest_at"), "feedback_thread", ["latest_at"], unique=False
    )
    op.create_index(
        op.f("ix_feedback_thread_venue_id_latest_at_id"),
        "feedback_thread",
        ["venue_id", "latest_at", "id"],
        unique=False,
    )
    op.create_table(
        "feedback_post",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column(
            "author",
            sa.Enum("holder", "venue", name="author", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=4000), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["holder.id"], name=op.f("fk_feedback_post_holder_id_holder")
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"],
            ["feedback_thread.id"],
            name=op.f("fk_feedback_post_thread_id_feedback_thread"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_post")),
    )
    op.create_index(
        op.f("ix_feedback_post_holder_id_posted_at"),
        "feedback_post",
        ["holder_id", "posted_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_feedback_post_reported_at_id"),
        "feedback_post",
        ["reported_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_feedback_post_thread_id_number"),
        "feedback_post",
        ["thread_id", "number"],
        unique=True,
    )


def downgrade() -> None:
    """Take it back."""
    for table in ("feedback_post", "feedback_thread", "message", "following"):
        op.drop_table(table)
