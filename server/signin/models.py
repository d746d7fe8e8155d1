"""Signing in: nonces that are used once, bearers that live a quarter of an hour, wrong tries."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class Nonce(Base):
    """A nonce that was given out and not used yet."""

    __tablename__ = "nonce"

    value: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    usable_until: Mapped[datetime] = mapped_column(index=True)


class BearerGrant(Base):
    """Who may speak with a bearer; only the hash of the bearer is kept."""

    __tablename__ = "bearer"
    __table_args__ = (
        CheckConstraint("(card_id IS NULL) <> (scanner_id IS NULL)", name="one_subject"),
    )

    bearer_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    card_id: Mapped[UUID | None] = mapped_column(ForeignKey("card.id"), index=True)
    scanner_id: Mapped[UUID | None] = mapped_column(ForeignKey("scanner.id"), index=True)
    usable_until: Mapped[datetime] = mapped_column(index=True)


class WrongTry(Base):
    """Somebody gave a code that does not work. `client` is a keyed hash of an address or device."""

    __tablename__ = "wrong_try"
    __table_args__ = (Index(None, "client", "tried_at"), Index(None, "tried_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client: Mapped[str] = mapped_column(String(64))
    tried_at: Mapped[datetime]
