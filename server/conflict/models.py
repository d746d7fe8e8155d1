"""A conflict: doors that could not hear each other let the same card in to the same event."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.db import Base
from server.venue.models import Venue


class Conflict(Base):
    """One for a card and an event, however many doors; open while it has no `settled_at`.

    All the visits stay as they are; which of them counts, `server.visit.counting` says.
    """

    __tablename__ = "conflict"
    __table_args__ = (UniqueConstraint("card_id", "event"), Index(None, "venue_id", "id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    """Ordered by the time it was found."""
    card_id: Mapped[UUID] = mapped_column(ForeignKey("card.id"))
    event: Mapped[str] = mapped_column(String(120))
    venue_id: Mapped[UUID] = mapped_column(ForeignKey("venue.id"))
    found_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    venue: Mapped[Venue] = relationship(lazy="raise")
