"""Accesses of the demo: a password that everybody knows for each location, a broker's key."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.access.duties import agree, confirm_induction
from server.access.models import Access
from server.access.secrets import hash_password
from server.access.service import Place, grant_access
from server.area.codes import COUNTIES, County
from server.area.models import Area
from server.broker.models import Broker
from server.broker.service import add_broker, allow, draw_key
from server.distributor.models import Distributor
from server.settings import Settings
from server.signin.codes import hash_code
from server.texts import Language
from server.venue.models import Venue

DEMO_PASSWORD = "kulttuuria kaikille"  # noqa: S105 - the demo has no secrets

_HANDLES = {
    "Hervannan sosiaaliasema (esittely)": "hervannan-sosiaaliasema",
    "Keskustan teatteri (esittely)": "keskustan-teatteri",
    "Taidemuseo Myllyranta (esittely)": "taidemuseo-myllyranta",
    "Järvenrannan uimahalli (esittely)": "jarvenrannan-uimahalli",
    "Tampere (esittely)": "tampereen-vastuuhenkilo",
}
_ANALYST = "pirkanmaan-hyvinvointialue"
_PIRKANMAA = "08"
_NATIONAL = "kaikukeskus"
_BROKER = "Lippupalvelu (esittely)"


def seed_accesses(db: Session, *, settings: Settings, now: datetime) -> list[tuple[str, str]]:
    """Give every location of the demo access, and tell its handle and its name."""
    secret = settings.secret
    told = []
    for place, handle in _places(db):
        if db.scalar(select(Access.id).where(Access.handle == handle)) is None:
            access, _ = grant_access(db, place, handle=handle, secret=secret, now=now)
            access.password_hash = hash_password(DEMO_PASSWORD)
            agree(access, now=now)
            confirm_induction(access, now=now)
            access.totp_salt = hash_code(f"demo {handle}", secret)
        told.append((handle, _name(place)))
    return told


def fresh_broker_key(db: Session, *, settings: Settings, now: datetime) -> str:
    """Give the demo's ticket broker another key; all venues of the demo let it record."""
    broker = db.scalar(select(Broker).where(Broker.name == _BROKER))
    if broker is not None:
        return draw_key(broker, secret=settings.secret)
    broker, key = add_broker(db, name=_BROKER, secret=settings.secret, now=now)
    for venue_id in db.scalars(select(Venue.id)):
        allow(db, venue_id, broker, now=now)
    return key


def _name(place: Place) -> str:
    if isinstance(place, County):
        return place.name(Language.FINNISH)
    return "Kaikukeskus" if place is None else place.name


def _places(db: Session) -> Iterator[tuple[Place, str]]:
    places: list[Distributor | Venue | Area] = [
        *db.scalars(select(Distributor).order_by(Distributor.name)),
        *db.scalars(select(Venue).order_by(Venue.name)),
        *db.scalars(select(Area).order_by(Area.name)),
    ]
    yield from ((place, _HANDLES[place.name]) for place in places if place.name in _HANDLES)
    yield COUNTIES[_PIRKANMAA], _ANALYST
    yield None, _NATIONAL
