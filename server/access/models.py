"""Access of a location to the console: what it may do there, how it signs in, its sessions."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.area.models import Area
from server.db import Base, one_of
from server.distributor.models import Distributor
from server.venue.models import Venue

INITIALS_MOST = 4


class Role(StrEnum):
    """What a location does in the network; every page names the roles that may see it."""

    DISTRIBUTOR = "distributor"
    VENUE = "venue"
    COORDINATOR = "coordinator"
    ANALYST = "analyst"
    """A wellbeing county: reads figures and changes nothing."""
    SERVICE = "service"
    """Kaikukeskus, the national support service."""


class Access(Base):
    """One location's account. Never one employee's: people come and go, the desk stays."""

    __tablename__ = "access"
    __table_args__ = (
        CheckConstraint(
            "(role = 'distributor') = (distributor_id IS NOT NULL)", name="distributor"
        ),
        CheckConstraint("(role = 'venue') = (venue_id IS NOT NULL)", name="venue"),
        CheckConstraint("(role = 'coordinator') = (area_id IS NOT NULL)", name="coordinator"),
        CheckConstraint("(role = 'analyst') = (county_code IS NOT NULL)", name="analyst"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[Role] = mapped_column(one_of(Role, name="role"))
    handle: Mapped[str] = mapped_column(String(60), unique=True)
    """What the location types to sign in, such as "hervannan-sosiaaliasema"."""
    area_id: Mapped[UUID | None] = mapped_column(ForeignKey("area.id"), index=True)
    distributor_id: Mapped[UUID | None] = mapped_column(ForeignKey("distributor.id"), index=True)
    venue_id: Mapped[UUID | None] = mapped_column(ForeignKey("venue.id"), index=True)
    county_code: Mapped[str | None] = mapped_column(String(2))
    """The wellbeing county whose figures an analyst reads."""
    granted_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    password_hash: Mapped[str | None] = mapped_column(String(200))
    totp_salt: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """With the server's secret this gives the key of the one-time codes."""
    totp_step: Mapped[int | None] = mapped_column(BigInteger)
    """The half minute of the last one-time code that was used; none before it works again."""
    agreement_version: Mapped[int | None] = mapped_column(SmallInteger)
    """Of the agreement that the location follows; none while it is asked to read it."""
    agreed_at: Mapped[datetime | None]
    inducted_at: Mapped[datetime | None]
    """When the location last confirmed that its people went through the induction."""
    induction_due_on: Mapped[date | None]
    """The last day for the next one; only distributors and venues have it."""

    area: Mapped[Area | None] = relationship(lazy="raise")
    distributor: Mapped[Distributor | None] = relationship(lazy="raise")
    venue: Mapped[Venue | None] = relationship(lazy="raise")


class Invitation(Base):
    """A link that lets a location choose its password, once; kept as HMAC only."""

    __tablename__ = "invitation"

    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    access_id: Mapped[UUID] = mapped_column(ForeignKey("access.id"), index=True)
    usable_until: Mapped[datetime]
    used_at: Mapped[datetime | None]

    access: Mapped[Access] = relationship(lazy="raise")


class ConsoleSession(Base):
    """Somebody is signed in. The cookie only names the row, which can be ended at any time."""

    __tablename__ = "console_session"
    __table_args__ = (Index(None, "access_id", "usable_until"),)

    session_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    access_id: Mapped[UUID] = mapped_column(ForeignKey("access.id"))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    usable_until: Mapped[datetime]
    initials: Mapped[str | None] = mapped_column(String(INITIALS_MOST))
    """Of whoever is at the desk, if that was told; no location has to."""

    access: Mapped[Access] = relationship(lazy="raise")
