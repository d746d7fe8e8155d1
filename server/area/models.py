"""An area: a municipality of the network, and the postcodes that belong to it."""

from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class Area(Base):
    """A municipality that takes part. `municipality_code` is text: "049" keeps its zero."""

    __tablename__ = "area"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    municipality_code: Mapped[str] = mapped_column(String(3), unique=True)
    name: Mapped[str] = mapped_column(String(120))


class AreaPostcode(Base):
    """A postcode whose inhabitants live in the area (R3)."""

    __tablename__ = "area_postcode"

    postcode: Mapped[str] = mapped_column(String(5), primary_key=True)
    area_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"), index=True)
