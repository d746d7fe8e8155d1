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
from server.settings import Settings
from server.signing import KeyRing
from server.venue.models import Scanner, Venue
from shared.rules.admission import Reason
from shared.scan import Category, ScanReport
from shared.wire import from_base64url

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECRET = b"a secret of the tests only"


def make_venue(db: Session, **over: Any) -> Venue:
    area = over.pop("area", None) or _area(db)
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
    distributor = Distributor(id=new_id(NOON), area_id=_area(db).id, name="Sosiaaliasema")
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


def _area(db: Session) -> Area:
    """Give the one area of the factories, in whatever database."""
    if (area := db.scalar(select(Area).where(Area.municipality_code == "837"))) is not None:
        return area
    area = Area(id=new_id(NOON), municipality_code="837", name="Tampere")
    db.add(area)
    db.flush()
    if db.get(AreaPostcode, "33100") is None:
        db.add(AreaPostcode(postcode="33100", area_id=area.id))
        db.flush()
    return area
