"""Who has access in the town of the console's journeys; the handles say what they are."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.access.duties import agree, confirm_induction
from server.access.models import Access
from server.access.secrets import hash_password, totp_key
from server.access.service import Place, grant_access
from server.area.codes import COUNTIES
from server.area.models import Area, AreaPostcode
from server.clock import utc_now
from server.distributor.models import Distributor
from server.ids import new_id
from server.signin.codes import hash_code
from server.venue.models import Venue
from tests.browser.town import DESK, THEATRE, Town
from tests.factories import SECRET

PASSWORD = "kevyt pilvi torstaina"
DISTRIBUTOR, VENUE, COORDINATOR, SERVICE = "jakaja", "kohde", "vastuu", "keskus"
ANALYST = "hyvinvointialue"
MUSEUM, HALL = "museo", "halli"
"""Venues of their own for the journeys that would disturb others."""
IDLE_DISTRIBUTOR, IDLE_VENUE, IDLE_COORDINATOR = "uusi-jakaja", "uusi-kohde", "uusi-vastuu"
"""Locations where nothing has happened yet; what the last one coordinates has no locations."""
UNAGREED_VENUE, LATE_VENUE = "ei-sopinut", "myohassa"
"""Locations that have still to read the agreement, or whose induction is overdue."""


def give_access(town: Town) -> None:
    """Give each location of the town access, and found an area where nothing has happened."""
    with town.sessions.begin() as db:
        tampere = db.scalars(select(Area)).one()
        venues = {venue.name: venue for venue in db.scalars(select(Venue))}
        hall = Venue(
            id=new_id(utc_now()), area_id=tampere.id, name="Kaupungin uimahalli",
            categories=["sport"],
        )  # fmt: skip
        library = Venue(
            id=new_id(utc_now()), area_id=tampere.id, name="Pääkirjasto", categories=["culture"]
        )
        pirkkala = _area(db, "604", "Pirkkala", "33960")
        desk = Distributor(id=new_id(utc_now()), area_id=pirkkala.id, name="Uusi sosiaaliasema")
        theatre = Venue(
            id=new_id(utc_now()), area_id=pirkkala.id, name="Uusi teatteri",
            categories=["culture", "education", "science", "sport"],
        )  # fmt: skip
        db.add_all([hall, library, desk, theatre])
        db.flush()
        places: dict[str, Place] = {
            DISTRIBUTOR: db.scalars(select(Distributor).where(Distributor.name == DESK)).one(),
            VENUE: venues[THEATRE],
            MUSEUM: venues["Taidemuseo"],
            HALL: hall,
            COORDINATOR: tampere,
            ANALYST: COUNTIES["08"],
            SERVICE: None,
            IDLE_DISTRIBUTOR: desk,
            IDLE_VENUE: theatre,
            UNAGREED_VENUE: theatre,
            LATE_VENUE: library,
            IDLE_COORDINATOR: _area(db, "562", "Orivesi", "35300"),
        }
        password_hash = hash_password(PASSWORD)
        for handle, place in places.items():
            access, _ = grant_access(db, place, handle=handle, secret=SECRET, now=utc_now())
            access.password_hash, access.totp_salt = password_hash, _salt_of(handle)
            agree(access, now=utc_now())
            confirm_induction(access, now=utc_now())
            if handle == UNAGREED_VENUE:
                access.agreement_version = None
            if handle == LATE_VENUE:
                access.induction_due_on = access.granted_at.date() - timedelta(days=1)


def authenticator_of(handle: str) -> str:
    """Give the key in the authenticator of a location."""
    return totp_key(_salt_of(handle), SECRET)


def access_of(db: Session, handle: str) -> Access:
    return db.scalars(select(Access).where(Access.handle == handle)).one()


def _area(db: Session, code: str, name: str, postcode: str) -> Area:
    area = Area(id=new_id(utc_now()), municipality_code=code, name=name)
    db.add(area)
    db.flush()
    db.add(AreaPostcode(postcode=postcode, area_id=area.id))
    return area


def _salt_of(handle: str) -> bytes:
    return hash_code(f"salt of {handle}", SECRET)
