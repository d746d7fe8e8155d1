"""Accesses of the demo: one for each location, with a password that everybody knows."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.access.models import Access
from server.access.secrets import hash_password
from server.access.service import Place, grant_access
from server.area.models import Area
from server.distributor.models import Distributor
from server.settings import Settings
from server.signin.codes import hash_code
from server.venue.models import Venue

DEMO_PASSWORD = "kulttuuria kaikille"  # noqa: S105 - the demo has no secrets

_HANDLES = {
    "Hervannan sosiaaliasema (esittely)": "hervannan-sosiaaliasema",
    "Keskustan teatteri (esittely)": "keskustan-teatteri",
    "Taidemuseo Myllyranta (esittely)": "taidemuseo-myllyranta",
    "Järvenrannan uimahalli (esittely)": "jarvenrannan-uimahalli",
    "Tampere": "tampereen-vastuuhenkilo",
}
_NATIONAL = "kaikukeskus"


def seed_accesses(db: Session, *, settings: Settings, now: datetime) -> list[tuple[str, str]]:
    """Give every location of the demo access, and tell its handle and its name."""
    secret = settings.code_secret.get_secret_value().encode()
    told = []
    for place, handle in _places(db):
        if db.scalar(select(Access.id).where(Access.handle == handle)) is None:
            access, _ = grant_access(db, place, handle=handle, secret=secret, now=now)
            access.password_hash = hash_password(DEMO_PASSWORD)
            access.totp_salt = hash_code(f"demo {handle}", secret)
        told.append((handle, "Kaikukeskus" if place is None else place.name))
    return told


def _places(db: Session) -> Iterator[tuple[Place, str]]:
    for kind in (Distributor, Venue, Area):
        for place in db.scalars(select(kind).where(kind.name.in_(_HANDLES)).order_by(kind.name)):
            yield place, _HANDLES[place.name]
    yield None, _NATIONAL
