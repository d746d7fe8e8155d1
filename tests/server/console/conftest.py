"""A small network with a signed-in browser for each role."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyotp
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from server.access.duties import agree, confirm_induction
from server.access.models import Access
from server.access.secrets import hash_password, totp_key
from server.access.service import Place, grant_access, start_session
from server.area.codes import COUNTIES
from server.area.models import Area, AreaPostcode
from server.clock import seconds
from server.console.actors import COOKIE
from server.distributor.models import Distributor
from server.ids import new_id
from server.signin.codes import hash_code
from server.venue.models import Venue
from tests.factories import NOON, SECRET, make_card, make_scanner, make_visit
from tests.server.report.cells import settle

PASSWORD = "kevyt pilvi torstaina"
HASH = hash_password(PASSWORD)
OWN = {"sec-fetch-site": "same-origin"}


class Browser(TestClient):
    """A browser that sends forms as our own pages do, and shows where it was sent."""

    def __init__(self, app: FastAPI, **over: Any) -> None:
        super().__init__(app, headers=OWN, follow_redirects=False, **over)

    def request(self, *args: Any, **options: Any) -> Response:
        self.app.state.clock.advance(milliseconds=10)  # so that ids tell what came first
        return super().request(*args, **options)

    def open(self, path: str) -> Response:
        return self.get(f"/console{path}")

    def submit(self, path: str, **fields: str) -> Response:
        return self.post(f"/console{path}", data=fields)


@pytest.fixture(
    params=[
        pytest.param("sqlite", marks=pytest.mark.thorough),  # browser journeys run on it
        pytest.param("postgres", marks=pytest.mark.postgres),
    ]
)
def engine(request: pytest.FixtureRequest) -> Engine:
    """The database of those who serve a country; SQLite's turn is where there is time."""
    return request.getfixturevalue(f"{request.param}_engine")


@dataclass(frozen=True)
class Network:
    """Two areas, each with a distributor, a venue and a coordinator; their wellbeing county's
    analyst; and the national service."""

    app: FastAPI
    sessions: "sessionmaker[Session]"

    def browser(
        self, handle: str | None = None, *, initials: str | None = None, **over: Any
    ) -> Browser:
        browser = Browser(self.app, **over)
        if handle is not None:
            with self.sessions.begin() as db:
                access = db.scalars(select(Access).where(Access.handle == handle)).one()
                told = start_session(db, access, now=self.app.state.clock(), initials=initials)
            browser.cookies.set(COOKIE, told, path="/console")
        return browser

    def code(self, handle: str) -> str:
        """The six digits of now."""
        key = totp_key(salt_of(handle), SECRET)
        return pyotp.TOTP(key).at(seconds(self.app.state.clock()))

    def sign_in(self, browser: Browser, handle: str, **over: str) -> Response:
        fields = {"handle": handle, "password": PASSWORD, "code": self.code(handle)} | over
        return browser.submit("/sign-in", **fields)


def salt_of(handle: str) -> bytes:
    return hash_code(f"salt of {handle}", SECRET)


def words(answer: Response) -> str:
    """What a person reads on a page."""
    text = re.sub(r"<(style|title)>.*?</\1>|<[^>]+>", " ", answer.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", text)


def headline(told: Response, title: str) -> str:
    """What a number on top of live figures is."""
    return told.text.split(f"<dt>{title}</dt>")[1].split("<strong>")[1].split("</strong>")[0]


def field_of(answer: Response, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.text)
    assert found, name
    return found[1]


@pytest.fixture
def network(app: FastAPI, engine: Engine) -> Network:
    sessions = sessionmaker(engine, expire_on_commit=False)
    with sessions.begin() as db:
        for number, (code, name, postcode) in enumerate(
            (("837", "Tampere", "33100"), ("604", "Pirkkala", "33960")), start=1
        ):
            area = Area(id=new_id(NOON), municipality_code=code, name=name)
            db.add(area)
            db.flush()
            db.add(AreaPostcode(postcode=postcode, area_id=area.id))
            own = {"area_id": area.id}
            desk = Distributor(id=new_id(NOON), name=f"Sosiaaliasema {number}", **own)
            theatre = Venue(
                id=new_id(NOON), name=f"Teatteri {number}", categories=["culture", "sport"], **own
            )
            db.add_all([desk, theatre])
            db.flush()
            _give(db, desk, f"jakaja-{number}")
            _give(db, theatre, f"kohde-{number}")
            _give(db, area, f"vastuu-{number}")
        _give(db, COUNTIES["08"], "hyvinvointialue")
        _give(db, None, "keskus")
    return Network(app, sessions)


@pytest.fixture
def desk(network: Network) -> Browser:
    return network.browser("jakaja-1")


@pytest.fixture
def venue(network: Network) -> Browser:
    return network.browser("kohde-1")


@pytest.fixture
def coordinator(network: Network) -> Browser:
    return network.browser("vastuu-1")


@pytest.fixture
def granted(desk: Browser) -> Callable[..., str]:
    """Grants a card at the desk and gives its path."""

    def grant(**over: str) -> str:
        form_id = field_of(desk.open("/cards/new"), "form_id")
        fields = {
            "form_id": form_id, "birth_year": "1975", "home_postcode": "33100", "children": "2",
            "grounds": "income_support",
        }  # fmt: skip
        answer = desk.submit("/cards/new", **(fields | over))
        assert answer.status_code == 303, words(answer)
        return answer.headers["location"].removeprefix("/console").split("?")[0]

    return grant


@pytest.fixture
def busy(network: Network) -> Area:
    """Twelve holders were at a venue of the first coordinator's area, one of them with children."""
    with network.sessions.begin() as db:
        venue = db.scalars(select(Venue).where(Venue.name == "Teatteri 1")).one()
        scanner = make_scanner(db, venue=venue)
        for number in range(12):
            make_visit(db, make_card(db)[0], scanner, children=2 if number == 0 else 0)
        settle(db)
        return db.get_one(Area, venue.area_id)


def _give(db: Session, place: Place, handle: str) -> None:
    access, _ = grant_access(db, place, handle=handle, secret=SECRET, now=NOON)
    access.password_hash, access.totp_salt = HASH, salt_of(handle)
    agree(access, now=NOON)
    confirm_induction(access, now=NOON)
