"""An area: a municipality of the network, the postcodes that belong to it, and what it settles.

Also what the whole country settles.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from server.area.codes import county_of
from server.db import Base


def _county_of(row: Any) -> str | None:  # SQLAlchemy leaves its context untyped
    return county_of(row.get_current_parameters()["municipality_code"])


class Area(Base):
    """A municipality that takes part. `municipality_code` is text: "049" keeps its zero."""

    __tablename__ = "area"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    municipality_code: Mapped[str] = mapped_column(String(3), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    county_code: Mapped[str | None] = mapped_column(String(2), default=_county_of)
    """By the code list; none for a municipality that has merged away."""
    children_age: Mapped[int | None] = mapped_column(SmallInteger)
    """Children below it come along here (R8); none: as in the whole country."""
    local_only_since_at: Mapped[datetime | None]
    """Since then a pilot: its cards work only here, and no others do (R15)."""


class AreaPostcode(Base):
    """A postcode whose inhabitants live in the area (R3)."""

    __tablename__ = "area_postcode"

    postcode: Mapped[str] = mapped_column(String(5), primary_key=True)
    area_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"), index=True)


class AreaMerger(Base):
    """From a day on an area counts as another one, which it merged into; until it merges again."""

    __tablename__ = "area_merger"
    __table_args__ = (Index(None, "area_id"),)

    former_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"), primary_key=True)
    since_on: Mapped[date] = mapped_column(primary_key=True)
    """The first of a month."""
    area_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"))


class MovedPlace(Base):
    """A venue or distributor that came from a merged area: reports keep what happened before."""

    __tablename__ = "moved_place"

    place_id: Mapped[UUID] = mapped_column(primary_key=True)
    origin_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"))
    """The area that it began in."""


class NationalSetting(Base):
    """A number that holds in the whole country. The migrations add the rows, with what held."""

    __tablename__ = "national_setting"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int]
