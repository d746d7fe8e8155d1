"""What a venue tells those who come to it. A venue without it is listed with its name alone."""

from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base
from server.event.links import LINK_MOST

STREET_MOST = 120
TEXT_MOST = 600


class VisitorFacts(Base):
    """One venue's facts, edited by itself; empty text where it says nothing."""

    __tablename__ = "visitor_facts"

    venue_id: Mapped[UUID] = mapped_column(ForeignKey("venue.id"), primary_key=True)
    municipality_code: Mapped[str | None] = mapped_column(String(3))
    """Where it is, if that is not the municipality of its area."""
    street: Mapped[str] = mapped_column(String(STREET_MOST))
    getting_there: Mapped[str] = mapped_column(String(TEXT_MOST))
    greeting_fi: Mapped[str] = mapped_column(String(TEXT_MOST))
    greeting_sv: Mapped[str] = mapped_column(String(TEXT_MOST))
    greeting_en: Mapped[str] = mapped_column(String(TEXT_MOST))
    """What to say at the door."""
    website: Mapped[str | None] = mapped_column(String(LINK_MOST))
    languages: Mapped[list[str]] = mapped_column(JSON)
    """Of service: codes of `shared.directory`."""
    accessibility: Mapped[list[str]] = mapped_column(JSON)
    """What one may rely on there: codes of `server.event.accessibility`."""
