"""Wellbeing that holders share: for group figures alone, by a consent that can be taken back."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, one_of
from shared.wellbeing import Meter


class WellbeingConsent(Base):
    """An explicit consent of a holder for one meter. Made by the phone, so that it is one for ever.

    One that was taken back stays, without what was shared: a request that was on its way when it
    was taken back must find it (ADR 0026).
    """

    __tablename__ = "wellbeing_consent"
    __table_args__ = (Index(None, "holder_id", "meter"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    holder_id: Mapped[UUID] = mapped_column(ForeignKey("holder.id"))
    meter: Mapped[Meter | None] = mapped_column(one_of(Meter, name="meter"))
    """None: it was taken back before it came."""
    agreed_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]


class WellbeingShare(Base):
    """One number for a month: of a holder and a meter there is one at most."""

    __tablename__ = "wellbeing_share"
    __table_args__ = (
        UniqueConstraint("holder_id", "meter", "month"),
        Index(None, "meter", "month"),
        Index(None, "consent_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    consent_id: Mapped[UUID] = mapped_column(ForeignKey("wellbeing_consent.id"))
    holder_id: Mapped[UUID] = mapped_column(ForeignKey("holder.id"))
    meter: Mapped[Meter] = mapped_column(one_of(Meter, name="meter"))
    month: Mapped[date]
    points: Mapped[int] = mapped_column(SmallInteger)
