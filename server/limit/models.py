"""A limit: how many uses a card has, or how many persons a venue takes, in a period (R18, R19)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, one_of
from shared.scan import Category


class Counted(StrEnum):
    """Of what there may be so many in a period."""

    USES = "uses"
    """Uses by one holder, whatever card; at an area's limit, at all its venues together."""
    PERSONS = "persons"
    """Places of a venue: holders and the children with them; assistants take none (R9)."""


class Period(StrEnum):
    """In what a limit counts; calendars are those of Europe/Helsinki."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ACADEMIC_YEAR = "academic_year"
    EVER = "ever"


class UseLimit(Base):
    """One limit, of a venue or of an area. It is never changed: it ends, and another begins."""

    __tablename__ = "use_limit"
    __table_args__ = (
        CheckConstraint("(area_id IS NULL) <> (venue_id IS NULL)", name="of_one"),
        CheckConstraint("most BETWEEN 0 AND 9999", name="most"),
        CheckConstraint("covers_cents IS NULL OR courses", name="covers_courses"),
        CheckConstraint("counted = 'uses' OR venue_id IS NOT NULL", name="persons_of_venue"),
        Index(None, "venue_id"),
        Index(None, "area_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    area_id: Mapped[UUID | None] = mapped_column(ForeignKey("area.id"))
    venue_id: Mapped[UUID | None] = mapped_column(ForeignKey("venue.id"))
    counted: Mapped[Counted] = mapped_column(one_of(Counted, name="counted"))
    most: Mapped[int] = mapped_column(SmallInteger)
    period: Mapped[Period] = mapped_column(one_of(Period, name="period"))
    category: Mapped[Category | None] = mapped_column(one_of(Category, name="category"))
    """Only visits of this category; without one, of all."""
    courses: Mapped[bool]
    """Only places on courses."""
    covers_cents: Mapped[int | None] = mapped_column(Integer)
    """Of a course's fee so much is free; the holder pays what is above (R19)."""
    set_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
