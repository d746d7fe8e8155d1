"""Events of venues."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, one_of
from server.event.links import LINK_MOST
from shared.scan import Category


class Event(Base):
    """Something at a venue that holders come to; a card counts once for it.

    A course is one for which holders take a place for themselves alone (R8); what it costs others
    is told only of courses. `places` is how many persons the venue takes, if it has a number (R18).
    """

    __tablename__ = "event"
    __table_args__ = (
        Index(None, "venue_id", "ends_at"),
        CheckConstraint("ends_at > starts_at", name="ends_later"),
        CheckConstraint("places BETWEEN 0 AND 9999", name="places"),
        CheckConstraint("fee_cents BETWEEN 1 AND 999999", name="fee"),
        Index(None, "venue_id", "source_id", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    venue_id: Mapped[UUID] = mapped_column(ForeignKey("venue.id"))
    name: Mapped[str] = mapped_column(String(120))
    category: Mapped[Category] = mapped_column(one_of(Category, name="category"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    course: Mapped[bool] = mapped_column(server_default=false(), default=False)
    places: Mapped[int | None] = mapped_column(SmallInteger)
    fee_cents: Mapped[int | None] = mapped_column(Integer)
    accessibility: Mapped[list[str]] = mapped_column(JSON, server_default="[]", default=list)
    """What one may rely on there: codes of `server.event.accessibility`."""
    languages: Mapped[list[str]] = mapped_column(JSON, server_default="[]", default=list)
    """Codes of `shared.directory`."""
    link: Mapped[str | None] = mapped_column(String(LINK_MOST))
    source_id: Mapped[str | None] = mapped_column(String(120))
    """What Linked Events calls it, if it came from there."""
    cancelled_at: Mapped[datetime | None]
