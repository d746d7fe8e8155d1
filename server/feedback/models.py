"""What holders tell venues after a visit, and what venues answer (R30).

Not to be confused with feedback about accessibility (`server.info`), whose senders nobody knows.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.db import Base, one_of
from server.venue.models import Venue
from shared.feedback import Author

KEPT_WORDS_MOST = 4000
"""Markers may be longer than what they stand for."""


class FeedbackThread(Base):
    """One holder and one venue about one visit.

    No page shows whose it is: a venue sees a pseudonym of `server.feedback.pseudonyms`. Addresses
    of pages name its id, which is random and not ordered by time: it would tell when it was made.
    """

    __tablename__ = "feedback_thread"
    __table_args__ = (
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        Index(None, "holder_id", "latest_at", "id"),
        Index(None, "venue_id", "latest_at", "id"),
        Index(None, "latest_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    holder_id: Mapped[UUID] = mapped_column(ForeignKey("holder.id"))
    venue_id: Mapped[UUID] = mapped_column(ForeignKey("venue.id"))
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"), unique=True)
    stars: Mapped[int | None] = mapped_column(SmallInteger)
    latest_at: Mapped[datetime]
    """When somebody last wrote."""
    unanswered: Mapped[bool]
    """The holder wrote last."""
    closed_at: Mapped[datetime | None]
    """Since then nobody writes here any more: a coordinator ended it."""

    venue: Mapped[Venue] = relationship(lazy="raise")


class FeedbackPost(Base):
    """One post of a thread. The id of a holder's is made by the phone, and tells when.

    So pages name a post by its thread and its number there.
    """

    __tablename__ = "feedback_post"
    __table_args__ = (
        Index(None, "thread_id", "number", unique=True),
        Index(None, "holder_id", "posted_at"),
        Index(None, "reported_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    thread_id: Mapped[UUID] = mapped_column(ForeignKey("feedback_thread.id"))
    number: Mapped[int]
    """Counted from 1 in its thread."""
    holder_id: Mapped[UUID] = mapped_column(ForeignKey("holder.id"))
    """Whose thread it is, also of what the venue wrote: all of it goes with the holder."""
    author: Mapped[Author] = mapped_column(one_of(Author, name="author"))
    words: Mapped[str] = mapped_column(String(KEPT_WORDS_MOST))
    posted_at: Mapped[datetime]
    reported_at: Mapped[datetime | None]
    """Since then it waits for a coordinator: the other side finds it abusive."""
    settled_at: Mapped[datetime | None]
    """A coordinator has decided about it."""
    removed_at: Mapped[datetime | None]
    """Since then nobody reads its words any more."""

    thread: Mapped[FeedbackThread] = relationship(lazy="raise")
