"""Every page says who may see it, and refuses everybody else; also those who guess ids."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from sqlalchemy import select
from starlette.routing import Mount

from server.access.models import Access, Role
from server.audit.models import AuditEntry
from server.card.models import Card
from server.console.actors import Only
from server.console.words import WORDS
from server.event.models import Event
from server.ids import new_id
from server.problems import Problem
from server.venue.models import Scanner, Venue
from shared.scan import Category
from tests.factories import NOON, make_scanner
from tests.server.console.conftest import field_of, words
from tests.server.test_openapi import is_of_the_console, kinds_of

FOR_EVERYBODY = {
    "/sign-in", "/invitation/{code}", "/look", "/info/{name}", "/info/feedback",
    "/info/feedback/answer", "/statistics", "/statistics/{year}", "/statistics/{year}/table.csv",
    "/statistics/{year}/table.xlsx", "/statistics/{year}/{place}",
    "/statistics/{year}/{place}/table.csv", "/statistics/{year}/{place}/table.xlsx",
    "/statistics/{year}/{place}/report.pdf", "/statistics/method",
}  # fmt: skip
HANDLES = {
    Role.DISTRIBUTOR: "jakaja-1",
    Role.VENUE: "kohde-1",
    Role.COORDINATOR: "vastuu-1",
    Role.ANALYST: "hyvinvointialue",
    Role.SERVICE: "keskus",
}


def console_routes(app: FastAPI) -> Iterator[APIRoute]:
    [mount] = (r for r in app.routes if isinstance(r, Mount) and r.path == "/console")
    for included in mount.routes:
        yield from getattr(included, "effective_candidates", list)()


def roles_of(dependant: Dependant) -> frozenset[Role] | None:
    for one in dependant.dependencies:
        if isinstance(one.call, Only):
            return one.call.roles
    return None


def filled(route: APIRoute) -> str:
    return re.sub(r"{\w+}", str(new_id(NOON)), route.path)


def ask(browser, route: APIRoute):
    [method] = route.methods
    return browser.request(method, f"/console{filled(route)}")


def test_every_page_names_its_roles_or_is_known_to_be_for_everybody(network) -> None:
    routes = list(console_routes(network.app))
    assert len(routes) > 30
    open_to_all = {route.path for route in routes if roles_of(route.dependant) is None}
    assert open_to_all == FOR_EVERYBODY


def test_nobody_gets_in_without_signing_in(network) -> None:
    browser = network.browser()
    for route in console_routes(network.app):
        if route.path in FOR_EVERYBODY:
            continue
        answer = ask(browser, route)
        if route.path in {"/", "/sign-out"}:
            assert answer.headers["location"] == "/console/sign-in"
        else:
            assert answer.status_code == 401, route.path
            assert 'name="password"' in answer.text


@pytest.mark.parametrize("role", list(Role))
def test_a_page_of_one_role_refuses_the_others(network, role) -> None:
    browser = network.browser(HANDLES[role])
    refused = 0
    for route in console_routes(network.app):
        roles = roles_of(route.dependant)
        if roles is None or role in roles:
            continue
        assert ask(browser, route).status_code == 403, route.path
        refused += 1
    assert refused > 15
    with network.sessions() as db:
        assert db.scalar(select(AuditEntry.id)) is None


def test_a_distributor_cannot_reach_anothers_card_by_its_id(network, granted) -> None:
    path = granted()
    other = network.browser("jakaja-2")
    acts = [r for r in console_routes(network.app) if r.path.startswith("/cards/{card_id}")]
    assert len(acts) >= 9
    for route in acts:
        [method] = route.methods
        own = route.path.replace("/cards/{card_id}", f"/console{path}")
        assert other.request(method, own, data={"children": "1"}).status_code == 404, route.path
    with network.sessions() as db:
        card = db.scalars(select(Card)).one()
        assert (card.blocked_at, card.children) == (None, 2)
        assert [e.act for e in db.scalars(select(AuditEntry))] == ["card_granted"]


def test_a_form_of_a_card_that_another_granted_shows_it_to_nobody_else(network, granted) -> None:
    path = granted()
    other = network.browser("jakaja-2")
    answer = other.submit(
        "/cards/new", form_id=path.removeprefix("/cards/"), birth_year="1980",
        home_postcode="33100", children="0", grounds="debts",
    )  # fmt: skip
    assert answer.status_code == 404
    with network.sessions() as db:
        assert len(db.scalars(select(Card)).all()) == 1


def test_a_venue_cannot_reach_anothers_scanner_or_event(network) -> None:
    with network.sessions.begin() as db:
        mine = db.scalars(select(Venue).where(Venue.name == "Teatteri 1")).one()
        scanner_id = make_scanner(db, venue=mine).id
        event = Event(
            id=new_id(NOON), venue_id=mine.id, name="Konsertti", category=Category.CULTURE,
            starts_at=NOON, ends_at=NOON.replace(hour=14),
        )  # fmt: skip
        db.add(event)
    other = network.browser("kohde-2")

    assert other.submit(f"/scanners/{scanner_id}/revoke").status_code == 404
    assert other.submit(f"/events/{event.id}/remove").status_code == 404
    with network.sessions() as db:
        assert db.get_one(Scanner, scanner_id).revoked_at is None
        assert db.get(Event, event.id) is not None


def test_a_coordinator_cannot_touch_another_area(network) -> None:
    other = network.browser("vastuu-2")
    with network.sessions() as db:
        accesses = db.scalars(select(Access).where(Access.handle.in_(["jakaja-1", "kohde-1"])))
        ids = [access.id for access in accesses]
    assert len(ids) == 2
    for access_id in ids:
        assert other.submit(f"/locations/{access_id}/invite").status_code == 404
        assert other.submit(f"/locations/{access_id}/withdraw").status_code == 404
    assert "jakaja-1" not in words(other.open("/locations"))
    assert "jakaja-2" in words(other.open("/locations"))


def test_a_coordinator_cannot_invite_the_national_service_or_another_coordinator(network) -> None:
    coordinator = network.browser("vastuu-1")
    with network.sessions() as db:
        found = db.scalars(select(Access).where(Access.handle.in_(["keskus", "vastuu-1"])))
        ids = [access.id for access in found]
    for access_id in ids:
        assert coordinator.submit(f"/locations/{access_id}/invite").status_code == 404


def test_a_form_from_another_site_is_refused(network, granted) -> None:
    path = granted()
    desk = network.browser("jakaja-1")
    for headers in (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "", "origin": "https://elsewhere.example"},
        {"sec-fetch-site": ""},
    ):
        answer = desk.post(f"/console{path}/block", headers=headers)
        assert answer.status_code == 403, headers
    own = {"sec-fetch-site": "", "origin": "http://testserver"}
    assert desk.post(f"/console{path}/block", headers=own).status_code == 303


def test_every_answer_forbids_scripts_and_frames_and_is_kept_by_nobody(desk) -> None:
    for path in ("/sign-in", "/cards", "/nothing", "/static/console.css"):
        headers = desk.open(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"


def test_what_is_not_there_is_a_page_that_says_so(desk) -> None:
    for path in ("/nothing", "/cards/not-an-id", f"/cards/{new_id(NOON)}", "/cards?before=x"):
        answer = desk.open(path)
        assert answer.status_code == 404, path
        assert answer.headers["content-type"].startswith("text/html")


NUL = {
    "jakaja-1": ["/cards?home_postcode=%00", "/cards?birth_year=99999", "/cards?code=%00"],
    "vastuu-1": ["/locations?after=%00"],
    "keskus": ["/areas?after=%00", "/audit?handle=%00"],
}


def test_what_no_database_stores_is_no_failure_of_the_server(network) -> None:
    for handle, paths in NUL.items():
        for path in paths:
            assert network.browser(handle).open(path).status_code in {200, 404}, path
    form = {"content": b"handle=a%00b&password=x&code=1"}
    form["headers"] = {"content-type": "application/x-www-form-urlencoded"}
    assert network.browser().post("/console/sign-in", **form).status_code == 401
    assert network.browser("kohde-1").submit("/scanners", name="Ovi\0 1").status_code == 200
    event = {"name": "a\0b", "category": "sport", "ends_at": "0001-01-01T02:00"}
    answer = network.browser("kohde-1").submit("/events", starts_at="0001-01-01T00:00", **event)
    assert answer.status_code == 422
    desk = network.browser("jakaja-1")
    broken = desk.post("/console/cards/new", headers={"sec-fetch-site": "", "origin": "http://[x"})
    assert broken.status_code == 403


def test_what_was_typed_comes_back_as_text_and_never_as_html(desk) -> None:
    evil = '"><script>alert(1)</script>'
    form_id = field_of(desk.open("/cards/new"), "form_id")
    answer = desk.submit("/cards/new", form_id=form_id, birth_year=evil, home_postcode=evil)
    assert answer.status_code == 422
    assert "<script" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_every_refusal_of_the_console_has_words_of_its_own() -> None:
    shown = {kind.code for kind in kinds_of(Problem) if is_of_the_console(kind)}
    assert shown - WORDS.keys() == set()
    assert len(shown) > 20
