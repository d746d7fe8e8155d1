"""A real server process with a database of its own, and what people at desks do there."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from server.area.models import Area, AreaPostcode
from server.card.desk import block_card
from server.card.models import Card
from server.clock import seconds, utc_now
from server.db import open_database
from server.distributor.models import Distributor
from server.event.service import EventFacts, add_event
from server.grant.service import CardRequest, draw_activation_code, grant_card
from server.ids import new_id
from server.keygen import make_keys
from server.schema import migrate
from server.settings import Settings
from server.signing import KeyRing, load_key_ring
from server.venue.models import Venue
from server.venue.service import draw_pairing_code
from server.visit.models import Visit
from shared.scan import Category
from tests.factories import SECRET, HolderPhone
from tests.server.running import free_port

ROOT = Path(__file__).parents[2]
THEATRE = "Keskustan teatteri"
DESK = "Keskustan sosiaaliasema"
YEAR_S = 400 * 86_400
STARTS_WITHIN_S = 60


class ServerProcess:
    """The server of one town, which can be switched off and on."""

    def __init__(self, settings: Settings, *, port: int, log: Path) -> None:
        self._settings = settings
        self._port = port
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._over: dict[str, str] = {}

    def put_back(self) -> None:
        """Have it on, with its own settings, whatever a test did to it."""
        if self._process is None or self._over:
            self.stop()
            self.start()

    def start(self, **over: str) -> None:
        """Start it, with *over* in place of some settings, and wait until it answers."""
        self._over = over
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("KAIKU_")},
            **_environment(self._settings),
            **over,
        }
        with self._log.open("ab") as lines:
            self._process = subprocess.Popen(  # noqa: S603 - our own server
                [sys.executable, "-m", "server", "serve", "--port", str(self._port)],
                cwd=ROOT, env=environment, stdout=lines, stderr=lines,
            )  # fmt: skip
        _wait_for(f"{self._settings.base_url}/api/v1/health", self._process, self._log)

    def stop(self) -> None:
        """Let it finish what it does; nothing happens when it is off already."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=20)
            self._process = None

    @contextmanager
    def away(self) -> Iterator[None]:
        """Take the plug out for a while."""
        self.kill()
        try:
            yield
        finally:
            self.start()

    def kill(self) -> None:
        """Take the plug out: it finishes nothing."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=20)
            self._process = None


@dataclass(frozen=True)
class Town:
    """One area with a distributor and venues, served by a process of its own."""

    url: str
    settings: Settings
    ring: KeyRing
    sessions: "sessionmaker[Session]"
    server: ServerProcess

    def grant(self) -> tuple[Card, str]:
        """Grant a card for two children at the desk; give it and its activation code.

        It was two days ago, so that no midnight is near.
        """
        with self.sessions.begin() as db:
            distributor = db.scalars(select(Distributor).where(Distributor.name == DESK)).one()
            request = CardRequest(birth_year=1975, home_postcode="33100", children=2)
            now = utc_now() - timedelta(days=2)
            granted = grant_card(db, distributor, request, secret=SECRET, now=now)
            return granted.card, granted.activation_code

    def activation_code(self, card: Card) -> str:
        """Give one more activation code for a card, as for a second phone."""
        with self.sessions.begin() as db:
            return draw_activation_code(db, db.get_one(Card, card.id), secret=SECRET, now=utc_now())

    def phone(self, *, now: datetime | None = None, children: int = 2) -> HolderPhone:
        """Make a phone in software that holds an activated card since *now*."""
        [phone] = self.phones(1, now=now or utc_now(), children=children)
        return phone

    def phones(self, count: int, *, now: datetime, children: int = 2) -> list[HolderPhone]:
        """Make as many phones."""
        with self.sessions.begin() as db:
            return [
                HolderPhone(db, ring=self.ring, settings=self.settings, now=now, children=children)
                for _ in range(count)
            ]

    def event(self, venue_name: str, name: str) -> UUID:
        """Add an event that begins in an hour."""
        starts_at = utc_now() + timedelta(hours=1)
        with self.sessions.begin() as db:
            venue = db.scalars(select(Venue).where(Venue.name == venue_name)).one()
            return add_event(
                db,
                venue,
                EventFacts(name, Category.CULTURE, starts_at, starts_at + timedelta(hours=2)),
                now=utc_now(),
            ).id

    def block(self, card: Card) -> None:
        """Close a card at the desk."""
        with self.sessions.begin() as db:
            block_card(db, db.get_one(Card, card.id), now=utc_now())

    def pairing_code(self, venue_name: str) -> str:
        """Give a venue a code for one more scanner."""
        with self.sessions.begin() as db:
            venue = db.scalars(select(Venue).where(Venue.name == venue_name)).one()
            return draw_pairing_code(db, venue, scanner_name="Ovi", secret=SECRET, now=utc_now())

    def visits(self) -> list[Visit]:
        """Read what the register holds, oldest first."""
        with self.sessions() as db:
            return list(db.scalars(select(Visit).order_by(Visit.recorded_at)))


@contextmanager
def running_town(folder: Path) -> Iterator[Town]:
    """Make keys and a database in *folder*, start the server, and stop it afterwards."""
    port = free_port()
    now_s = seconds(utc_now())
    make_keys(
        keys_dir=folder / "keys", roots_dir=folder / "roots", from_s=now_s - YEAR_S, now_s=now_s
    )
    settings = Settings(
        keys_dir=folder / "keys",
        code_secret=SECRET.decode(),
        base_url=f"http://localhost:{port}",
        database_url=f"sqlite:///{folder / 'town.db'}",
        live=True,
        live_dir=folder / "live",
    )
    engine = open_database(settings.database_url)
    migrate(engine)
    sessions = sessionmaker(engine, expire_on_commit=False)
    with sessions.begin() as db:
        _settle(db)
    ring = load_key_ring(folder / "keys", now_s=now_s)
    server = ServerProcess(settings, port=port, log=folder / "server.log")
    try:
        server.start()
        yield Town(settings.base_url, settings, ring, sessions, server)
    finally:
        server.stop()
        engine.dispose()


def _settle(db: Session) -> None:
    now = utc_now()
    area = Area(id=new_id(now), municipality_code="837", name="Tampere")
    db.add(area)
    db.flush()
    db.add(AreaPostcode(postcode="33100", area_id=area.id))
    db.add(Distributor(id=new_id(now), area_id=area.id, name=DESK))
    for name, categories in (
        (THEATRE, ["culture"]),
        ("Taidemuseo", ["culture", "education"]),
    ):
        db.add(Venue(id=new_id(now), area_id=area.id, name=name, categories=categories))


def _environment(settings: Settings) -> Mapping[str, str]:
    return {
        "KAIKU_KEYS_DIR": str(settings.keys_dir),
        "KAIKU_CODE_SECRET": SECRET.decode(),
        "KAIKU_BASE_URL": settings.base_url,
        "KAIKU_DATABASE_URL": settings.database_url,
        "KAIKU_LIVE": "1",
        "KAIKU_LIVE_DIR": str(settings.live_dir),
    }


def _wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(STARTS_WITHIN_S * 5):
        if process.poll() is not None:
            break
        try:
            if httpx.get(url, timeout=5).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise RuntimeError(f"the server did not start: {log.read_text()[-2000:]}")
