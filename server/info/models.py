"""Messages about accessibility, and their answers (R32)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.access.models import Access
from server.db import Base

WORDS_MOST = 4000


class AccessibilityFeedback(Base):
    """What somebody wrote about accessibility. Nobody knows who: a code alone leads to the answer.

    The form asks for no name and no way to reach the sender, and says not to write any.
    """

    __tablename__ = "accessibility_feedback"
    __table_args__ = (
        CheckConstraint(
            "(answered_at IS NULL) = (answer IS NULL)"
            " AND (answered_at IS NULL) = (answered_by_id IS NULL)",
            name="answered_whole",
        ),
        Index(None, "answered_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    """Ordered by time."""
    words: Mapped[str] = mapped_column(String(WORDS_MOST))
    reply_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    sent_at: Mapped[datetime]
    due_on: Mapped[date]
    """The last day in Europe/Helsinki on which an answer is in time."""
    answer: Mapped[str | None] = mapped_column(String(WORDS_MOST))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Access.id))

    answered_by: Mapped[Access | None] = relationship(lazy="raise")
