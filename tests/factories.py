"""Objects for tests: say only what the test is about. Nothing here commits."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.area.models import Area, AreaPostcode
from server.card.models import Card
from server.card.service import activate_card
from server.demo.phone import Phone
from server.distributor.models import Distributor
from server.grant.service import CardRequest, grant_card
from server.ids import new_id
from server.scan.models import Scan
from server.settings import Settings
from server.signing import KeyRing
from server.venue.models import Scanner, Venue
from server.visit.models import Visit
from shared.rules.admission import Colour, Reason
from shared.scan import Category, ScanOutcome, ScanReport
from shared.wire import from_base64url

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECRET = b"a secret of the tests only"


def make_area(db: Session, code: str = "837", name: str = "Tampere") -> Area:
    """Give a municipality's area, in whatever database; Tampere's knows its one postcode."""
    if (area := db.scalar(select(Area).where(Area.municipality_code == code))) is not None:
        return area
    area = Area(id=new_id(NOON), municipality_code=code, name=name)
    db.add(area)
    db.flush()
    if code == "837" and db.get(AreaPostcode, "33100") is None:
        db.add(AreaPostcode(postcode="33100", area_id=area.id))
        db.flush()
    return area


def make_venue(db: Session, **over: Any) -> Venue:
    area = over.pop("area", None) or make_area(db)
    given = {
        "id": new_id(NOON),
        "name": "Teatteri",
        "categories": list(Category),
        "area_id": area.id,
    }
    venue = Venue(**(given | over))
    db.add(venue)
    db.flush()
    return venue


def make_scanner(db: Session, *, venue: Venue | None = None, phone: Phone | None = None) -> Scanner:
    key = (phone or Phone()).point
    venue = venue or make_venue(db)
    scanner = Scanner(
        id=new_id(NOON),
        venue_id=venue.id,
        name="Ovi",
        key_x=key.x,
        key_odd=key.odd,
        enrolled_at=NOON,
    )
    scanner.venue = venue
    db.add(scanner)
    db.flush()
    return scanner


def make_distributor(db: Session) -> Distributor:
    distributor = Distributor(id=new_id(NOON), area_id=make_area(db).id, name="Sosiaaliasema")
    db.add(distributor)
    db.flush()
    return distributor


def make_card(db: Session, *, now: datetime = NOON, **over: Any) -> tuple[Card, str]:
    """Grant a card; give it with its activation code."""
    asked = {"birth_year": 1975, "home_postcode": "33100", "children": 2} | over
    granted = grant_card(db, make_distributor(db), CardRequest(**asked), secret=SECRET, now=now)
    return granted.card, granted.activation_code


class HolderPhone:
    """A phone with an activated card."""

    def __init__(
        self, db: Session, *, ring: KeyRing, settings: Settings, now: datetime = NOON, **over: Any
    ) -> None:
        self.phone = Phone()
        self.card, code = make_card(db, now=now, **over)
        issued = activate_card(
            db,
            self.phone.activation_proof(code, now=now),
            ring=ring,
            secret=SECRET,
            client="test",
            replace_phone=False,
            status_lists=settings.status_lists,
            now=now,
        )
        self.credential = from_base64url(issued.credential)

    def show(self, *, now: datetime = NOON) -> str:
        return self.phone.present(self.credential, now=now)


def make_report(text: str | None, *, at: datetime = NOON, **over: Any) -> ScanReport:
    given = {
        "scan_id": new_id(at),
        "text": text,
        "category": Category.CULTURE,
        "scanned_at": at,
        "closed_at": at + timedelta(seconds=5),
        "admitted": True,
        "children": 0,
        "assistant": False,
        "reasons": [Reason.OK],
    }
    return ScanReport(**(given | over))


def make_visit(db: Session, card: Card, scanner: Scanner, **over: Any) -> Visit:
    """Record a visit as doors do, without the door."""
    at = over.pop("at", NOON)
    scan = Scan(
        id=new_id(at), scanner_id=scanner.id, venue_id=scanner.venue_id, card_id=card.id,
        category=Category.CULTURE, scanned_at=at, closed_at=at, received_at=at, admitted=True,
        children=0, assistant=False, scanner_reasons=["ok"], register_reasons=["ok"],
        register_colour=Colour.GREEN, outcome=ScanOutcome.RECORDED, differs=False,
    )  # fmt: skip
    db.add(scan)
    db.flush()
    given = {
        "id": new_id(at), "scan_id": scan.id, "holder_id": card.holder_id, "card_id": card.id,
        "venue_id": scanner.venue_id, "scanner_id": scanner.id, "event": str(scan.id), "sub": "s",
        "category": Category.CULTURE, "visited_at": at, "recorded_at": at, "children": 0,
        "assistant": False, "again": False,
    }  # fmt: skip
    made = Visit(**(given | over))
    db.add(made)
    db.flush()
    return made
