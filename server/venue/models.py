"""A venue, its scanners and the codes that pair them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.db import Base


class Venue(Base):
    """A place that admits holders. `categories` is what visits there may be for."""

    __tablename__ = "venue"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    area_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    categories: Mapped[list[str]] = mapped_column(JSON)


class Scanner(Base):
    """A device of a venue, known by its key."""

    __tablename__ = "scanner"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    venue_id: Mapped[UUID] = mapped_column(ForeignKey("venue.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    key_x: Mapped[bytes] = mapped_column(LargeBinary(32))
    key_odd: Mapped[bool]
    enrolled_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    """When it last signed in, which it does every quarter of an hour that it is used."""
    revoked_at: Mapped[datetime | None]
    waiting: Mapped[int | None]
    """How many of its reports the server had not confirmed when it last told; old apps never do."""
    waiting_at: Mapped[datetime | None]
    by_hand: Mapped[bool] = mapped_column(server_default=false(), default=False)
    """No device: visits that were written on paper, or that a broker tells, are recorded under it.
    """
    broker_id: Mapped[UUID | None] = mapped_column(ForeignKey("broker.id"), index=True)

    venue: Mapped[Venue] = relationship(lazy="raise")


class Pairing(Base):
    """A pairing code, as HMAC only. After use it remembers the key, for a lost answer."""

    __tablename__ = "pairing"

    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    venue_id: Mapped[UUID] = mapped_column(ForeignKey("venue.id"), index=True)
    scanner_name: Mapped[str] = mapped_column(String(60))
    usable_until: Mapped[datetime]
    used_at: Mapped[datetime | None]
    scanner_id: Mapped[UUID | None] = mapped_column(ForeignKey("scanner.id"))

    venue: Mapped[Venue] = relationship(lazy="raise")
    scanner: Mapped[Scanner | None] = relationship(lazy="raise")
