"""What reports read: rows kept up to date beside the visits, so that no page counts visits.

visit, voiding, card ──(triggers)──▶ report_change ──▶ server.report.rollup.upkeep
│
report_use, report_card (what was counted of each holder)
│
report_cell (what pages read)
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, one_of
from shared.scan import Category


class FigureKind(StrEnum):
    """What a published figure counts."""

    USES = "uses"
    """Visits that count, adults and children, at the places of the scope."""
    CARDS = "cards"
    """Cards granted in the year."""
    USED = "used"
    """Those of them that were used in the same year."""
    UNUSED = "unused"
    HOLDERS = "holders"
    """Holders who came, where the card is from with which they came last."""
    SHARED = "shared"
    """Those who shared two months of a wellbeing meter or more, where their latest card is from."""
    BEFORE = "before"
    """The mean of what they shared first in the year, in tenths."""
    AFTER = "after"
    """The mean of what they shared last."""
    RATINGS = "ratings"
    """Stars given to visits of the year, at the places of the scope."""
    STARS = "stars"
    """The mean of these, in tenths."""


class ReportChange(Base):
    """Something about this holder changed; the database itself adds the row, in one transaction.

    Rows are added by triggers on `visit`, `voiding` and `card`, so that nothing that writes there
    can forget it.
    """

    __tablename__ = "report_change"

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    holder_id: Mapped[UUID]


class ReportUse(Base):
    """What was counted of one card in a month (Europe/Helsinki) at a venue: visits that count."""

    __tablename__ = "report_use"
    __table_args__ = (Index(None, "venue_id", "month"),)

    holder_id: Mapped[UUID] = mapped_column(primary_key=True)
    card_id: Mapped[UUID] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    venue_id: Mapped[UUID] = mapped_column(primary_key=True)
    category: Mapped[Category] = mapped_column(one_of(Category, name="category"), primary_key=True)
    adults: Mapped[int]
    children: Mapped[int]
    late: Mapped[int]
    """How many of them were recorded more than a day after they happened."""


class ReportCard(Base):
    """What was counted of one card: granted when and where, to whom in classes, used how soon."""

    __tablename__ = "report_card"

    holder_id: Mapped[UUID] = mapped_column(primary_key=True)
    card_id: Mapped[UUID] = mapped_column(primary_key=True)
    area_id: Mapped[UUID]
    granted_on: Mapped[date]
    age: Mapped[int | None] = mapped_column(SmallInteger)
    """Turned in the year of the grant."""
    gender: Mapped[str | None] = mapped_column(String(30))
    life_situation: Mapped[str | None] = mapped_column(String(30))
    first_used_on: Mapped[date | None]


class ReportCell(Base):
    """One figure's cell: a period, a place and a slice of it.

    `period` is a year or a month (`2026`, `2026-03`); `scope` the country, a county, an area or a
    venue; `slice` what of it: see `server.report.rollup.cells`. `holders` are distinct.
    """

    __tablename__ = "report_cell"
    __table_args__ = (Index(None, "scope", "slice", "period"),)

    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    scope: Mapped[str] = mapped_column(String(43), primary_key=True)
    slice: Mapped[str] = mapped_column(String(43), primary_key=True)
    adults: Mapped[int] = mapped_column(BigInteger)
    children: Mapped[int] = mapped_column(BigInteger)
    late: Mapped[int] = mapped_column(BigInteger)
    holders: Mapped[int] = mapped_column(BigInteger)
    cards: Mapped[int] = mapped_column(BigInteger)
    cards_used: Mapped[int] = mapped_column(BigInteger)


class Publication(Base):
    """The figures of a year that is over, for everybody, once and for all."""

    __tablename__ = "publication"

    year: Mapped[str] = mapped_column(String(4), primary_key=True)
    made_at: Mapped[datetime]
    """What was recorded or undone later is not in it."""


class PublishedFigure(Base):
    """One figure of a publication; without a value it stays hidden."""

    __tablename__ = "published_figure"

    year: Mapped[str] = mapped_column(ForeignKey(Publication.year), primary_key=True)
    kind: Mapped[FigureKind] = mapped_column(one_of(FigureKind, name="kind"), primary_key=True)
    scope: Mapped[str] = mapped_column(String(43), primary_key=True)
    slice: Mapped[str] = mapped_column(String(43), primary_key=True)
    value: Mapped[int | None] = mapped_column(BigInteger)
