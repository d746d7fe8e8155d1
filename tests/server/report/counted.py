"""Three areas of which a year tells, with doors and what is done at them."""

from datetime import timedelta

from sqlalchemy.orm import Session

from server.report.models import FigureKind
from server.report.publishing.publication import check_sums, draw_up
from tests.factories import make_distributor, make_visit
from tests.server.report.cells import settle
from tests.server.report.world import JANUARY, grant, make_desk, make_door

K = FigureKind
TAMPERE, NOKIA, TURKU = "837", "536", "853"
PIRKANMAA, SOUTHWEST = "08", "05"


class World:
    """Three areas, two of them in one county; each with a door; what is done is written down."""

    def __init__(self, db: Session) -> None:
        self.db = db
        make_distributor(db)  # with a postcode that is in the network
        places = [make_desk(db, code, code) for code in (TAMPERE, NOKIA, TURKU)]
        self.areas = {area.municipality_code: area for area, _ in places}
        self.grants = {area.municipality_code: distributor for area, distributor in places}
        self.doors = {code: make_door(db, area) for code, area in self.areas.items()}
        self.pool = make_door(db, self.areas[TAMPERE], "sport")

    def card(self, code: str, **over):
        return grant(self.db, self.grants[code], **over)

    def visit(self, card, door, **over):
        given = {"at": JANUARY + timedelta(days=40)} | over
        return make_visit(self.db, card, door, **given)

    def scope(self, code: str) -> str:
        return f"area:{self.areas[code].id}"

    def told(self):
        """Give what would be told of the year: kind, scope, slice; without zeros."""
        settle(self.db)
        cells, totals = draw_up(self.db, "2026")
        check_sums(cells, totals)
        return cells

    def values(self, kind: FigureKind, scope: str) -> dict[str, int]:
        return {
            part: cell.value
            for (of, where, part), cell in self.told().items()
            if (of, where) == (kind, scope) and cell.value
        }
