"""Who calls the server in tests: a holder's phone, a venue's scanner, people at desks, crowds."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any, TypeVar
from uuid import UUID

from fastapi.testclient import TestClient
from sqlalchemy import Engine, Select, func, select
from sqlalchemy.orm import Session, sessionmaker

from server.area.models import Area, AreaPostcode
from server.card.desk import block_card
from server.card.models import Card
from server.clock import Clock
from server.demo.phone import Phone
from server.distributor.models import Distributor
from server.grant.service import CardRequest, GrantedCard, draw_activation_code, grant_card
from server.ids import new_id
from server.venue.models import Scanner, Venue
from server.venue.service import draw_pairing_code, revoke_scanner
from shared.scan import Category, ScanReport
from shared.wire import COSE_MEDIA_TYPE, from_base64url, to_json
from tests.factories import SECRET, make_report

T = TypeVar("T")
Answer = Any
"""What the test client gives back."""

JSON = {"Content-Type": "application/json"}
_STAND_IN_LINE_S = 0.4


def send_proof(http: TestClient, path: str, raw: bytes, **query: str) -> Answer:
    return http.post(path, content=raw, headers={"Content-Type": COSE_MEDIA_TYPE}, params=query)


def fresh_nonce(http: TestClient) -> bytes:
    return from_base64url(http.post("nonces").json()["nonce"])


def refusal(answer: Answer) -> tuple[int, str]:
    """The status and the code of a refusal, which must be problem+json."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body = answer.json()
    assert body["status"] == answer.status_code
    return answer.status_code, body["code"]


class HttpHolder:
    """A holder's phone. `bearer` and `credential` are what it was given last."""

    def __init__(self, http: TestClient, clock: Clock) -> None:
        self.http, self.clock = http, clock
        self.phone = Phone()
        self.credential = b""
        self.bearer = ""

    def activate(self, code: str, *, replace_phone: bool = False) -> Answer:
        query = {"replace_phone": "true"} if replace_phone else {}
        proof = self.phone.activation_proof(code, now=self.clock())
        return self._keep(send_proof(self.http, "activations", proof, **query))

    def proof(self, nonce: bytes | None = None) -> bytes:
        nonce = nonce or fresh_nonce(self.http)
        return self.phone.service_proof(self.credential, nonce, now=self.clock())

    def sign_in(self) -> Answer:
        answer = send_proof(self.http, "holder-sessions", self.proof())
        if answer.is_success:
            self.bearer = answer.json()["bearer"]
        return answer

    def renew(self) -> Answer:
        return self._keep(self.http.post("credentials", headers=self.speaking))

    def read(self, path: str, **query: object) -> Answer:
        return self.http.get(path, headers=self.speaking, params=query)

    def show(self) -> str:
        return self.phone.present(self.credential, now=self.clock())

    @property
    def speaking(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.bearer}"}

    def _keep(self, answer: Answer) -> Answer:
        if answer.is_success:
            self.credential = from_base64url(answer.json()["credential"])
        return answer


class HttpScanner:
    """A venue's scanner; `id` is what the server calls it."""

    def __init__(self, http: TestClient, clock: Clock) -> None:
        self.http, self.clock = http, clock
        self.phone = Phone()
        self.id = ""
        self.bearer = ""

    def pair(self, code: str) -> Answer:
        proof = self.phone.pairing_proof(code, now=self.clock())
        answer = send_proof(self.http, "pairings", proof)
        if answer.is_success:
            self.id = answer.json()["scanner_id"]
        return answer

    def proof(self, nonce: bytes | None = None) -> bytes:
        nonce = nonce or fresh_nonce(self.http)
        return self.phone.device_proof(self.id, nonce, now=self.clock())

    def sign_in(self) -> Answer:
        answer = send_proof(self.http, "scanner-sessions", self.proof())
        if answer.is_success:
            self.bearer = answer.json()["bearer"]
        return answer

    def report(self, report: ScanReport) -> Answer:
        return self.ask("scans", to_json(report))

    def scan(self, text: str | None, **over: Any) -> Answer:
        return self.report(make_report(text, **({"at": self.clock()} | over)))

    def void(self, scan_id: str) -> Answer:
        return self.ask("voidings", f'{{"scan_id": "{scan_id}"}}')

    def ask(self, path: str, body: str | bytes) -> Answer:
        return self.http.post(path, content=body, headers=self.speaking | JSON)

    @property
    def speaking(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.bearer}"}


class Desk:
    """What people at desks do, and what a test may look up; each in a transaction of its own."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.sessions = sessionmaker(engine, expire_on_commit=False)
        self.engine, self.clock = engine, clock
        with self.sessions.begin() as db:
            area = Area(id=new_id(clock()), municipality_code="049", name="Espoo")
            db.add(area)
            db.flush()
            self.area_id = area.id
            self.distributor = Distributor(id=new_id(clock()), area_id=area.id, name="Asema")
            db.add_all([AreaPostcode(postcode="02100", area_id=area.id), self.distributor])

    def grant(self, **over: Any) -> GrantedCard:
        asked = {"birth_year": 1975, "home_postcode": "02100", "children": 2} | over
        with self.sessions.begin() as db:
            request = CardRequest(**asked)
            return grant_card(db, self.distributor, request, secret=SECRET, now=self.clock())

    def another_code(self, card_id: UUID) -> str:
        with self.sessions.begin() as db:
            card = db.get_one(Card, card_id)
            return draw_activation_code(db, card, secret=SECRET, now=self.clock())

    def change_card(self, card_id: UUID, **values: Any) -> None:
        with self.sessions.begin() as db:
            card = db.get_one(Card, card_id)
            for name, value in values.items():
                setattr(card, name, value)

    def block(self, card_id: UUID) -> None:
        with self.sessions.begin() as db:
            block_card(db, db.get_one(Card, card_id), now=self.clock())

    def venue(self, **over: Any) -> Venue:
        given = {"name": "Teatteri", "categories": list(Category), "area_id": self.area_id}
        with self.sessions.begin() as db:
            venue = Venue(id=new_id(self.clock()), **(given | over))
            db.add(venue)
            return venue

    def pairing_code(self, venue: Venue | None = None) -> str:
        venue = venue or self.venue()
        with self.sessions.begin() as db:
            return draw_pairing_code(db, venue, scanner_name="Ovi", secret=SECRET, now=self.clock())

    def revoke(self, scanner_id: str) -> None:
        with self.sessions.begin() as db:
            revoke_scanner(db.get_one(Scanner, UUID(scanner_id)), now=self.clock())

    def rows(self, table: type[T]) -> list[T]:
        with self.sessions() as db:
            return list(db.scalars(select(table)))

    def count(self, table: type) -> int:
        with self.sessions() as db:
            return db.scalar(select(func.count()).select_from(table)) or 0


def all_at_once(*calls: Callable[[], T]) -> list[T]:
    """Make every call in a thread of its own, all starting together."""
    start = Barrier(len(calls))

    def one(call: Callable[[], T]) -> T:
        start.wait(timeout=10)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def all_at_a_lock(engine: Engine, rows: Select[Any], *calls: Callable[[], T]) -> list[T]:
    """Make every call while *rows* are locked, let them all come up against it, then let go.

    What each of them read before it had to wait is then older than what the first of them wrote:
    the worst moment there is.
    """
    with ThreadPoolExecutor(len(calls)) as pool:
        with engine.begin() as connection:
            assert connection.execute(rows.with_for_update()).all(), "nothing to lock"
            answers = [pool.submit(call) for call in calls]
            time.sleep(_STAND_IN_LINE_S)
        return [answer.result(timeout=30) for answer in answers]


@contextmanager
def one_session(engine: Engine) -> Iterator[Session]:
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session
