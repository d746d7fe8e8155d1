"""A town whose server is a process of its own, with venues and people who have cards."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

import pytest
from sqlalchemy import select

from server.card.issue import issue_credential
from server.clock import seconds, utc_now
from server.conflict.models import Conflict
from server.db import open_database
from server.demo.phone import Phone
from server.grant.service import CardRequest, grant_card
from server.settings import Settings
from server.signing import load_key_ring
from server.venue.models import Venue
from server.visit.counting import counts
from server.visit.models import Visit
from tests.factories import SECRET
from tests.server.callers import Desk, one_session
from tests.server.running import free_port, prepare, serving


@dataclass(frozen=True)
class Holder:
    """A phone with a card."""

    phone: Phone
    credential: bytes

    def show(self, *, now) -> str:
        return self.phone.present(self.credential, now=now)


class Town:
    """One server and its register. `start` also after a kill."""

    def __init__(self, environment: dict[str, str], *, port: int, stack: ExitStack) -> None:
        self.port = port
        self.settings = Settings()
        self.engine = open_database(self.settings.database_url)
        self.desk = Desk(self.engine, utc_now)
        self._environment, self._stack = environment, stack
        self.server: Popen[bytes] | None = None

    def start(self) -> None:
        serves = serving(self._environment, port=self.port)
        self.server = self._stack.enter_context(serves)

    def kill(self) -> None:
        self.server.kill()
        self.server.wait()

    def holders(self, count: int) -> list[Holder]:
        """Grant cards that are on phones already."""
        now = utc_now()
        ring = load_key_ring(self.settings.keys_dir, now_s=seconds(now))
        request = CardRequest(birth_year=1975, home_postcode="02100", children=2)
        holders = []
        with one_session(self.engine) as db:
            for _ in range(count):
                card = grant_card(db, self.desk.distributor, request, secret=SECRET, now=now).card
                phone = Phone()
                card.key_x, card.key_odd = phone.point.x, phone.point.odd
                signed = issue_credential(db, card, ring=ring, status_lists=1, now=now)
                holders.append(Holder(phone, signed.raw))
        return holders


@dataclass(frozen=True)
class Place:
    """One venue of the town, and the folder of its scanners."""

    town: Town
    venue: Venue
    folder: Path

    def pairing_code(self) -> str:
        return self.town.desk.pairing_code(self.venue)

    def recorded(self) -> list[str]:
        """The scans of all visits; one that was recorded twice would be here twice."""
        return self._look(select(Visit.scan_id).where(Visit.venue_id == self.venue.id))

    def counted(self) -> set[str]:
        mine = select(Visit.scan_id).where(Visit.venue_id == self.venue.id)
        return set(self._look(mine.where(counts())))

    def conflicts(self) -> int:
        mine = select(Conflict.id).where(Conflict.venue_id == self.venue.id)
        return len(self._look(mine.where(Conflict.settled_at.is_(None))))

    def _look(self, ids) -> list[str]:
        with one_session(self.town.engine) as db:
            return sorted(map(str, db.scalars(ids)))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder, port = tmp_path_factory.mktemp("town"), free_port()
    environment = prepare(folder, port=port)
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        for name in [name for name in environment if name.startswith("KAIKU_")]:
            patch.setenv(name, environment[name])
        town = Town(environment, port=port, stack=stack)
        town.start()
        yield town
        town.engine.dispose()


@pytest.fixture
def place(town: Town, tmp_path: Path) -> Place:
    """A venue that nobody has been to."""
    return Place(town, town.desk.venue(), tmp_path)
