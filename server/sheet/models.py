"""The cards whose sheets are printed together; what a sheet tells is kept sealed, and not long."""

from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from server.card.models import Card
from server.db import Base
from server.work.models import Work


class SheetPage(Base):
    """One sheet of a file of many.

    `sealed` is what it tells, from its printing until the file is whole: so that another process
    can draw it again if this one dies. It has a one-time code, so it is sealed.
    """

    __tablename__ = "sheet_page"

    work_id: Mapped[UUID] = mapped_column(ForeignKey(Work.id, ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    """The first page is 1."""
    card_id: Mapped[UUID] = mapped_column(ForeignKey(Card.id))
    printed: Mapped[bool]
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
