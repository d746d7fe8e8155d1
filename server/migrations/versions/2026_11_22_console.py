"""console."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep who may use the console, what they did, and which card follows which."""
    op.create_table(
        "access",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "distributor",
                "venue",
                "coordinator",
                "service",
                name="role",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("handle", sa.String(length=60), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("distributor_id", sa.Uuid(), nullable=True),
        sa.Column("venue_id", sa.Uuid(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("totp_salt", sa.LargeBinary(length=32), nullable=True),
        sa.Column("totp_step", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(role = 'coordinator') = (area_id IS NOT NULL)", name=op.f("ck_access_coordinator")
        ),
        sa.CheckConstraint(
            "(role = 'distributor') = (distributor_id IS NOT NULL)",
            name=op.f("ck_access_distributor"),
        ),
        sa.CheckConstraint(
            "(role = 'venue') = (venue_id IS NOT NULL)", name=op.f("ck_access_venue")
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_access_area_id_area")),
        sa.ForeignKeyConstraint(
            ["distributor_id"],
            ["distributor.id"],
            name=op.f("fk_access_distributor_id_distributor"),
        ),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_access_venue_id_venue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access")),
        sa.UniqueConstraint("handle", name=op.f("uq_access_handle")),
    )
    op.create_index(op.f("ix_access_area_id"), "access", ["area_id"], unique=False)
    op.create_index(op.f("ix_access_distributor_id"), "access", ["distributor_id"], unique=False)
    op.create_index(op.f("ix_access_venue_id"), "access", ["venue_id"], unique=False)
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("access_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["access_id"], ["access.id"], name=op.f("fk_audit_entry_access_id_access")
        ),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_audit_entry_card_id_card")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index(
        op.f("ix_audit_entry_access_id_id"), "audit_entry", ["access_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_audit_entry_card_id_id"), "audit_entry", ["card_id", "id"], unique=False
    )
    op.create_table(
        "console_session",
        sa.Column("session_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("access_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("usable_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["access_id"], ["access.id"], name=op.f("fk_console_session_access_id_access")
        ),
        sa.PrimaryKeyConstraint("session_hash", name=op.f("pk_console_session")),
    )
    op.create_index(
        op.f("ix_console_session_access_id_usable_until"),
        "console_session",
        ["access_id", "usable_until"],
        unique=False,
    )
    op.create_table(
        "invitation",
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("access_id", sa.Uuid(), nullable=False),
        sa.Column("usable_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["access_id"], ["access.id"], name=op.f("fk_invitation_access_id_access")
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_invitation")),
    )
    op.create_index(op.f("ix_invitation_access_id"), "invitation", ["access_id"], unique=False)
    op.add_column("card", sa.Column("grounds", sa.String(length=30), nullable=True))
    op.add_column("card", sa.Column("life_situation", sa.String(length=30), nullable=True))
    op.add_column("card", sa.Column("gender", sa.String(length=30), nullable=True))
    op.add_column("scanner", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "scanner",
        sa.Column("by_hand", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("scan", sa.Column("event", sa.String(length=120), nullable=True))
    _add_follows()
    op.create_index(op.f("ix_card_follows_id"), "card", ["follows_id"], unique=True)
    op.create_index(op.f("ix_card_distributor_id_id"), "card", ["distributor_id", "id"])
    op.drop_index(op.f("ix_card_distributor_id"), table_name="card")
    with op.batch_alter_table("voiding") as voiding:
        voiding.alter_column("scanner_id", existing_type=sa.Uuid(), nullable=True)
        voiding.add_column(sa.Column("access_id", sa.Uuid(), nullable=True))
        voiding.create_foreign_key(
            op.f("fk_voiding_access_id_access"), "access", ["access_id"], ["id"]
        )
        voiding.create_check_constraint(
            op.f("ck_voiding_by_one"), "(scanner_id IS NULL) <> (access_id IS NULL)"
        )
    _keep_for_ever("audit_entry")


def _add_follows() -> None:
    name = op.f("fk_card_follows_id_card")
    if op.get_bind().dialect.name == "sqlite":  # only here can it name the constraint of a column
        op.execute(
            "ALTER TABLE card ADD COLUMN follows_id CHAR(32)"
            f" CONSTRAINT {name} REFERENCES card (id)"
        )
        return
    op.add_column("card", sa.Column("follows_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(name, "card", "card", ["follows_id"], ["id"])


def _keep_for_ever(table: str) -> None:
    """Let the database itself refuse to change or delete a row."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_to_change() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION refuse_to_change()"
    )


def downgrade() -> None:
    """Take it back; what the console undid is not undone any more."""
    op.drop_table("audit_entry")
    op.drop_column("scan", "event")
    op.drop_column("scanner", "by_hand")
    op.drop_column("scanner", "seen_at")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_to_change()")
    op.execute("DELETE FROM voiding WHERE scanner_id IS NULL")
    with op.batch_alter_table("voiding") as voiding:
        voiding.drop_constraint(op.f("ck_voiding_by_one"), type_="check")
        voiding.drop_constraint(op.f("fk_voiding_access_id_access"), type_="foreignkey")
        voiding.drop_column("access_id")
        voiding.alter_column("scanner_id", existing_type=sa.Uuid(), nullable=False)
    op.create_index(op.f("ix_card_distributor_id"), "card", ["distributor_id"])
    op.drop_index(op.f("ix_card_distributor_id_id"), table_name="card")
    op.drop_index(op.f("ix_card_follows_id"), table_name="card")
    for column in ("follows_id", "gender", "life_situation", "grounds"):
        _drop_of_card(column)
    for table in ("console_session", "invitation", "access"):
        op.drop_table(table)


def _drop_of_card(column: str) -> None:
    if column == "follows_id" and op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("fk_card_follows_id_card"), "card", type_="foreignkey")
    op.drop_column("card", column)
