"""The lines of a table from paper, with what becomes of each; kept as long as its work."""

from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, one_of
from server.work.models import Work
from shared.scan import ScanOutcome


class KeptLine(Base):
    """One line as it was written: why it cannot be recorded, or what becomes of it."""

    __tablename__ = "paper_line"
    __table_args__ = (Index(None, "work_id", "card_code", "number"),)

    work_id: Mapped[UUID] = mapped_column(ForeignKey(Work.id, ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    """As people count: the first line under the heading is 1."""
    card_code: Mapped[str] = mapped_column(String(9))
    """Lines of one card are done together, as each depends on those before; empty if unreadable."""
    written: Mapped[dict[str, str]] = mapped_column(JSON)
    problem: Mapped[str | None] = mapped_column(String(40))
    """The code of what is wrong with it."""
    outcome: Mapped[ScanOutcome | None] = mapped_column(one_of(ScanOutcome, name="outcome"))
    reasons: Mapped[list[str] | None] = mapped_column(JSON)
    recorded: Mapped[bool]
