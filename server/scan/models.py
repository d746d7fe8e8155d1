"""A scan: any reading at a door, admitted or not. Scans are only ever added."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, one_of
from shared.rules.admission import Colour
from shared.scan import Category, ScanOutcome


class Scan(Base):
    """What a scanner reported, and what the register said about it. Never the text of a code."""

    __tablename__ = "scan"
    __table_args__ = (Index(None, "venue_id", "scanned_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    """Made by the scanner, unique for ever: the same report twice is one scan."""
    scanner_id: Mapped[UUID] = mapped_column(ForeignKey("scanner.id"))
    venue_id: Mapped[UUID] = mapped_column(ForeignKey("venue.id"))
    card_id: Mapped[UUID | None] = mapped_column(ForeignKey("card.id"), index=True)
    sub: Mapped[str | None] = mapped_column(String(80))
    shown_at_s: Mapped[int | None] = mapped_column(BigInteger)
    event: Mapped[str | None] = mapped_column(String(120))
    """What it was read for; unknown for what came in before this was kept."""
    category: Mapped[Category] = mapped_column(one_of(Category, name="category"))
    scanned_at: Mapped[datetime]
    closed_at: Mapped[datetime]
    received_at: Mapped[datetime]
    admitted: Mapped[bool]
    children: Mapped[int] = mapped_column(SmallInteger)
    assistant: Mapped[bool]
    scanner_reasons: Mapped[list[str]] = mapped_column(JSON)
    register_reasons: Mapped[list[str]] = mapped_column(JSON)
    register_colour: Mapped[Colour] = mapped_column(one_of(Colour, name="colour"))
    outcome: Mapped[ScanOutcome] = mapped_column(one_of(ScanOutcome, name="outcome"))
    differs: Mapped[bool]
