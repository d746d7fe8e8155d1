"""Live figures, read by those who answer for an area, a county or the country."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.area.models import Area
from server.report.live.dashboard import LiveYear, live_year
from server.report.live.reach import Reach
from server.report.models import FigureKind, Publication, PublishedFigure
from server.venue.models import Scanner
from tests.factories import NOON, make_area, make_card, make_scanner, make_venue, make_visit
from tests.server.report.cells import settle

COUNTY = Reach(county_code="08")
NATION = Reach()


def door(db: Session, municipality: str, name: str) -> Scanner:
    """A door in an area of its own."""
    return make_scanner(db, venue=make_venue(db, area=make_area(db, municipality, name)))


def come(db: Session, scanner: Scanner, holders: int, **how: object) -> None:
    for _ in range(holders):
        make_visit(db, make_card(db)[0], scanner, **how)


def area_id_of(db: Session, code: str = "837") -> UUID:
    return db.scalars(select(Area.id).where(Area.municipality_code == code)).one()


def own_area(db: Session) -> Reach:
    return Reach(area_id=area_id_of(db))


def read(db: Session, reach: Reach, year: str = "2026") -> LiveYear:
    settle(db)
    return live_year(db, reach, year, now=NOON)


def publish_last_year(db: Session, figures: dict[tuple[FigureKind, str, str], int | None]) -> None:
    db.add(Publication(year="2025", made_at=NOON))
    db.flush()
    for (kind, scope, part), value in figures.items():
        db.add(PublishedFigure(year="2025", kind=kind, scope=scope, slice=part, value=value))
    db.flush()
