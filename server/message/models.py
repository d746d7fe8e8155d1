"""Messages to many, and which venues holders follow."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.area.models import Area
from server.db import Base
from server.venue.models import Venue

KEPT_WORDS_MOST = 2000
"""Markers may be longer than what they stand for."""


class Following(Base):
    """A holder wants the messages of a venue. The venue learns how many do, and roughly."""

    __tablename__ = "following"
    __table_args__ = (Index(None, "venue_id"),)

    holder_id: Mapped[UUID] = mapped_column(ForeignKey("holder.id"), primary_key=True)
    venue_id: Mapped[UUID] = mapped_column(ForeignKey("venue.id"), primary_key=True)
    since_at: Mapped[datetime]


class Message(Base):
    """A message from a venue to its followers, or from a coordinator to who lives in the area."""

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("(venue_id IS NULL) <> (area_id IS NULL)", name="from_one"),
        Index(None, "venue_id", "id"),
        Index(None, "area_id", "id"),
        Index(None, "sent_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    """Ordered by time; made with the form, so that it is sent once."""
    venue_id: Mapped[UUID | None] = mapped_column(ForeignKey("venue.id"))
    area_id: Mapped[UUID | None] = mapped_column(ForeignKey("area.id"))
    words: Mapped[str] = mapped_column(String(KEPT_WORDS_MOST))
    sent_at: Mapped[datetime]
    receivers: Mapped[int] = mapped_column(Integer)
    """To how many it went, rounded down to a multiple of five, so that 0 means fewer than five."""
    withdrawn_at: Mapped[datetime | None]

    venue: Mapped[Venue | None] = relationship(lazy="raise")
    area: Mapped[Area | None] = relationship(lazy="raise")
