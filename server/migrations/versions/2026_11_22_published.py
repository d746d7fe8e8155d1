"""published."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OF_BEFORE = ("uses", "cards", "used", "unused")
ADDED = ("holders", "shared", "before", "after", "ratings", "stars")
_CHECK = "ck_published_figure_kind"


def upgrade() -> None:
    """Let a published year tell of holders, of shared wellbeing and of stars, too."""
    _allow((*OF_BEFORE, *ADDED), length=max(map(len, ADDED)), before=max(map(len, OF_BEFORE)))


def downgrade() -> None:
    """Take it back, with the figures of these kinds; a year is not published a second time."""
    kinds = sa.column("kind", sa.String)
    op.execute(sa.delete(sa.table("published_figure", kinds)).where(kinds.in_(ADDED)))
    _allow(OF_BEFORE, length=max(map(len, OF_BEFORE)), before=max(map(len, ADDED)))


def _allow(kinds: tuple[str, ...], *, length: int, before: int) -> None:
    named = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("published_figure") as figure:
        figure.drop_constraint(op.f(_CHECK), type_="check")
        figure.alter_column(
            "kind",
            existing_type=sa.String(before),
            type_=sa.String(length),
            existing_nullable=False,
        )
        figure.create_check_constraint(op.f(_CHECK), f"kind IN ({named})")
