"""Events of venues."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, one_of
from shared.scan import Category


class Event(Base):
    """Something at a venue that holders come to; a card counts once for it."""

    __tablename__ = "event"
    __table_args__ = (
        Index(None, "venue_id", "ends_at"),
        CheckConstraint("ends_at > starts_at", name="ends_later"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    venue_id: Mapped[UUID] = mapped_column(ForeignKey("venue.id"))
    name: Mapped[str] = mapped_column(String(120))
    category: Mapped[Category] = mapped_column(one_of(Category, name="category"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
