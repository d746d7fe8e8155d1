"""A card, the credentials that were signed for it, and the codes that activate it."""

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

from server.db import Base, one_of


class Card(Base):
    """The right to visit, granted for a year. A renewed card is a new row.

    What the distributor asked is what statistics need: year of birth, home postcode, children (R2),
    the grounds, one of the national list (`ground.code`), and what the holder told of own will, in
    classes of `server.grant.classes`.
    The two days are calendar days in Europe/Helsinki. The key is the current phone's, if any.
    """

    __tablename__ = "card"
    __table_args__ = (
        CheckConstraint("children BETWEEN 0 AND 23", name="children"),
        CheckConstraint("last_valid_on >= first_valid_on", name="valid_days"),
        Index(None, "follows_id", unique=True),
        Index(None, "distributor_id", "id"),
        Index(None, "distributor_id", "last_valid_on", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    holder_id: Mapped[UUID] = mapped_column(ForeignKey("holder.id"), index=True)
    distributor_id: Mapped[UUID] = mapped_column(ForeignKey("distributor.id"))
    code: Mapped[str] = mapped_column(String(9), unique=True)
    community: Mapped[bool]
    children: Mapped[int] = mapped_column(SmallInteger)
    birth_year: Mapped[int | None] = mapped_column(SmallInteger)
    home_postcode: Mapped[str | None] = mapped_column(String(5))
    grounds: Mapped[str | None] = mapped_column(String(30))
    life_situation: Mapped[str | None] = mapped_column(String(30))
    gender: Mapped[str | None] = mapped_column(String(30))
    granted_at: Mapped[datetime]
    first_valid_on: Mapped[date]
    last_valid_on: Mapped[date]
    blocked_at: Mapped[datetime | None]
    follows_id: Mapped[UUID | None] = mapped_column(ForeignKey("card.id"))
    """The card that this one renews or replaces; a card is followed once."""
    key_x: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    key_odd: Mapped[bool | None]
    erased_at: Mapped[datetime | None]
    """Since then nobody's: what is left says which location granted a card when (ADR 0025)."""
    used_by: Mapped[date | None]
    """Of an erased card: the first of a month by which it had been used; its visits are gone."""


class CredentialKind(StrEnum):
    """How a credential is carried."""

    MOBILE = "mobile"
    PAPER = "paper"


class SignedCredential(Base):
    """One credential the server signed; `sub` is what a door sees, `place` its status bit."""

    __tablename__ = "credential"
    __table_args__ = (Index(None, "place", "reserved_until"),)

    sub: Mapped[str] = mapped_column(String(10), primary_key=True)
    card_id: Mapped[UUID | None] = mapped_column(ForeignKey("card.id"), index=True)
    """None: of a holder who was erased. The row only keeps its place in the status lists."""
    kind: Mapped[CredentialKind] = mapped_column(one_of(CredentialKind, name="credential_kind"))
    kid: Mapped[bytes] = mapped_column(LargeBinary(2))
    place: Mapped[int] = mapped_column(BigInteger)
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    issued_at: Mapped[datetime]
    usable_until: Mapped[datetime]
    reserved_until: Mapped[datetime]
    """Until then nobody else gets the place: 14 days after the credential ends (K1 §3)."""
    confirmed_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    card: Mapped[Card | None] = relationship(lazy="raise")


class Activation(Base):
    """An activation code, as HMAC only. After use it remembers what it gave, for a lost answer."""

    __tablename__ = "activation"

    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    card_id: Mapped[UUID] = mapped_column(ForeignKey("card.id"), index=True)
    usable_until: Mapped[datetime]
    used_at: Mapped[datetime | None]
    credential_sub: Mapped[str | None] = mapped_column(ForeignKey("credential.sub"))

    card: Mapped[Card] = relationship(lazy="raise")
    credential: Mapped[SignedCredential | None] = relationship(lazy="raise")
