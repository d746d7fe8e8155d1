"""The audit log: who looked at or changed what, and when. Rows are only ever added."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.access.models import INITIALS_MOST, Access
from server.db import Base

DETAIL_MOST = 1200


class AuditEntry(Base):
    """One act of a location. The database itself refuses to change or delete it (R31)."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index(None, "access_id", "id"),
        Index(None, "card_id", "id"),
        Index(None, "subject_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    """Ordered by time."""
    done_at: Mapped[datetime]
    access_id: Mapped[UUID] = mapped_column(ForeignKey(Access.id))
    initials: Mapped[str | None] = mapped_column(String(INITIALS_MOST))
    """Of who was at the desk, if that was told at the sign-in."""
    act: Mapped[str] = mapped_column(String(40))
    card_id: Mapped[UUID | None] = mapped_column(ForeignKey("card.id"))
    subject_id: Mapped[UUID | None]
    """What else it was done to: a scanner, an event, a visit, an access, an area."""
    detail: Mapped[str | None] = mapped_column(String(DETAIL_MOST))
    """What a setting was and what it became; nothing of a person."""
