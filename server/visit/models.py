"""A visit: one use of a card at a venue. Visits are only ever added; undoing adds a voiding."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.db import Base, one_of
from server.venue.models import Venue
from shared.scan import Category
from shared.visit import DisputeOutcome

_NAMED = text("event_id IS NOT NULL")

RECORDED_WITHIN = timedelta(hours=24)
"""What comes in later is late: it changes figures that somebody may have read (R21)."""


class Visit(Base):
    """Who (a pseudonym) was where, when, with how many (R17).

    Once its holder is erased it is nobody's: no holder, no card, no `sub`, only its day (ADR 0025).

    `event`, `sub` and `shown_at_s` make a visit a row of the ledger that admission is decided with.
    `again` says that the register knew of another visit of the card at the event when this one was
    recorded, `door_knew` that the door did. Which of them counts, `server.visit.counting` says.
    """

    __tablename__ = "visit"
    __table_args__ = (
        Index(None, "holder_id", "visited_at", "id"),
        Index(None, "card_id", "visited_at"),
        Index(None, "venue_id", "visited_at"),
        Index(None, "event_id", sqlite_where=_NAMED, postgresql_where=_NAMED),
        CheckConstraint("children >= 0", name="children"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    scan_id: Mapped[UUID] = mapped_column(ForeignKey("scan.id"), unique=True)
    holder_id: Mapped[UUID | None] = mapped_column(ForeignKey("holder.id"))
    card_id: Mapped[UUID | None] = mapped_column(ForeignKey("card.id"))
    venue_id: Mapped[UUID] = mapped_column(ForeignKey("venue.id"))
    scanner_id: Mapped[UUID] = mapped_column(ForeignKey("scanner.id"))
    event: Mapped[str] = mapped_column(String(120))
    event_id: Mapped[UUID | None] = mapped_column(ForeignKey("event.id"))
    """The venue's event; a visit of the day has none."""
    sub: Mapped[str] = mapped_column(String(80))
    shown_at_s: Mapped[int | None] = mapped_column(BigInteger)
    category: Mapped[Category] = mapped_column(one_of(Category, name="category"))
    visited_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    children: Mapped[int] = mapped_column(SmallInteger)
    assistant: Mapped[bool]
    again: Mapped[bool]
    door_knew: Mapped[bool] = mapped_column(server_default=false())
    left_out: Mapped[bool] = mapped_column(server_default=false(), default=False)
    """It did not count when its holder was erased, and nobody can find that out any more."""

    venue: Mapped[Venue] = relationship(lazy="raise")
    voiding: Mapped["Voiding | None"] = relationship(lazy="raise", back_populates="visit")
    dispute: Mapped["Dispute | None"] = relationship(lazy="raise", back_populates="visit")


class Voiding(Base):
    """A visit was undone: by whom and when. The visit itself stays as it was (R20).

    By a scanner at the door, or in the console by the venue or its coordinator.
    """

    __tablename__ = "voiding"
    __table_args__ = (
        CheckConstraint("(scanner_id IS NULL) <> (access_id IS NULL)", name="by_one"),
    )

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    scanner_id: Mapped[UUID | None] = mapped_column(ForeignKey("scanner.id"))
    access_id: Mapped[UUID | None] = mapped_column(ForeignKey("access.id"))
    voided_at: Mapped[datetime]

    visit: Mapped[Visit] = relationship(lazy="raise", back_populates="voiding")


class Dispute(Base):
    """The holder says: this visit is not mine. Open until the venue or its coordinator decides.

    Once for a visit, whichever phone tells it. A visit that is undone otherwise settles it, too.
    """

    __tablename__ = "dispute"
    __table_args__ = (
        CheckConstraint("(settled_at IS NULL) = (outcome IS NULL)", name="settled"),
        CheckConstraint("(settled_at IS NULL) = (access_id IS NULL)", name="by_one"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    """Made by the phone: the same word twice is one."""
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"), unique=True)
    holder_id: Mapped[UUID] = mapped_column(ForeignKey("holder.id"), index=True)
    told_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    outcome: Mapped[DisputeOutcome | None] = mapped_column(one_of(DisputeOutcome, name="outcome"))
    access_id: Mapped[UUID | None] = mapped_column(ForeignKey("access.id"))

    visit: Mapped[Visit] = relationship(lazy="raise", back_populates="dispute")
