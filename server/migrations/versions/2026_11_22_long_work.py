"""long work."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep long work, with the lines and sheets that belong to it."""
    op.create_table(
        "work",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "paper_look",
                "paper_record",
                "sheets",
                name="kind",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "running",
                "cancelled",
                "done",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("access_id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_by", sa.Uuid(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept_until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'running') = (leased_by IS NOT NULL)", name=op.f("ck_work_running")
        ),
        sa.CheckConstraint(
            "(leased_by IS NULL) = (leased_until IS NULL)", name=op.f("ck_work_lease")
        ),
        sa.ForeignKeyConstraint(
            ["access_id"], ["access.id"], name=op.f("fk_work_access_id_access")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work")),
    )
    op.create_index(op.f("ix_work_kept_until"), "work", ["kept_until"], unique=False)
    op.create_index(op.f("ix_work_place_id_id"), "work", ["place_id", "id"], unique=False)
    op.create_index(op.f("ix_work_state_due_at"), "work", ["state", "due_at"], unique=False)
    op.create_table(
        "paper_line",
        sa.Column("work_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("card_code", sa.String(length=9), nullable=False),
        sa.Column("written", sa.JSON(), nullable=False),
        sa.Column("problem", sa.String(length=40), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "recorded",
                "already_recorded",
                "no_visit",
                "quarantined",
                name="outcome",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=True,
        ),
        sa.Column("reasons", sa.JSON(), nullable=True),
        sa.Column("recorded", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["work_id"], ["work.id"], name=op.f("fk_paper_line_work_id_work"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("work_id", "number", name=op.f("pk_paper_line")),
    )
    op.create_index(
        op.f("ix_paper_line_work_id_card_code_number"),
        "paper_line",
        ["work_id", "card_code", "number"],
        unique=False,
    )
    op.create_table(
        "sheet_page",
        sa.Column("work_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("printed", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_sheet_page_card_id_card")),
        sa.ForeignKeyConstraint(
            ["work_id"], ["work.id"], name=op.f("fk_sheet_page_work_id_work"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("work_id", "place", name=op.f("pk_sheet_page")),
    )
    op.create_table(
        "work_file",
        sa.Column("work_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["work_id"], ["work.id"], name=op.f("fk_work_file_work_id_work"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("work_id", name=op.f("pk_work_file")),
    )


def downgrade() -> None:
    """Take it back."""
    for table in ("work_file", "sheet_page", "paper_line", "work"):
        op.drop_table(table)
