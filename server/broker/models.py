"""A ticket broker: sells or gives tickets for venues, and records the uses through the API."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class Broker(Base):
    """One broker and its API key, of which only a hash is kept."""

    __tablename__ = "broker"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    key_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    """None: it may do nothing until it is given a key again."""
    granted_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    """The last day it used its key, to within an hour."""


class BrokerVenue(Base):
    """A venue lets a broker record uses for it."""

    __tablename__ = "broker_venue"

    broker_id: Mapped[UUID] = mapped_column(ForeignKey("broker.id"), primary_key=True)
    venue_id: Mapped[UUID] = mapped_column(ForeignKey("venue.id"), primary_key=True, index=True)
    allowed_at: Mapped[datetime]
