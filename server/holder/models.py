"""A holder: a pseudonym, and nothing else.

There is no name, identity code, date of birth or address here, and never will be (R4). Visits point
at the holder, so that history follows the person from card to card (R12, R13).
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class Holder(Base):
    """Somebody whom a distributor knows and the register does not."""

    __tablename__ = "holder"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    known_since_at: Mapped[datetime]
