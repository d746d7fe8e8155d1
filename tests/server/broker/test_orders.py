"""Ticket brokers: all of an order or nothing, with words for the holder (R20)."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from server.broker.models import Broker
from server.broker.service import add_broker, allow, disallow, end_key
from server.event.models import Event
from server.event.service import EventFacts, add_event
from server.limit.models import Counted, Period, UseLimit
from server.limit.service import set_limit
from server.scan.models import Scan
from server.visit.models import Visit, Voiding
from shared.scan import Category
from tests.factories import NOON, SECRET
from tests.server.callers import all_at_once, one_session, refusal

FAR_OFF = NOON + timedelta(days=40)


@pytest.fixture
def venue(desk):
    return desk.venue(categories=["culture", "sport"])


@pytest.fixture
def event_id(engine, venue) -> str:
    with one_session(engine) as db:
        facts = EventFacts(
            "Kevätjuhla", Category.CULTURE, FAR_OFF, FAR_OFF + timedelta(hours=2), places=4,
            accessibility=("step_free",),
        )  # fmt: skip
        return str(add_event(db, venue, facts, now=NOON).id)


class HttpBroker:
    def __init__(self, http, key: str, venue_id: UUID) -> None:
        self.http, self.venue_id = http, str(venue_id)
        self.headers = {"Authorization": f"Bearer {key}"}

    def post(self, path: str, body: dict):
        return self.http.post(f"broker/{path}", json=body, headers=self.headers)

    def order(self, *codes: str, path: str = "orders", uses: list | None = None, **over):
        uses = uses or [{"use_id": str(uuid4()), "card_code": code} for code in codes]
        return self.post(path, {"venue_id": self.venue_id, "uses": uses} | over)

    def read(self, path: str):
        return self.http.get(f"broker{path}", headers=self.headers)


@pytest.fixture
def broker(http, engine, venue) -> HttpBroker:
    with one_session(engine) as db:
        known, key = add_broker(db, name="Lippupalvelu", secret=SECRET, now=NOON)
        allow(db, venue.id, known, now=NOON)
    return HttpBroker(http, key, venue.id)


@pytest.fixture
def codes(desk):
    return [desk.grant(children=2).card.code for _ in range(3)]


def change(engine, act) -> None:
    with one_session(engine) as db:
        act(db, db.scalars(select(Broker)).one())


def refused_for(answer) -> list[str]:
    assert refusal(answer) == (409, "uses_refused")
    return [one["code"] for one in answer.json()["refusals"]]


def test_tickets_for_an_event_far_off_are_visits_of_today(broker, codes, event_id, desk) -> None:
    answer = broker.order(*codes, event_id=event_id)

    assert answer.is_success, answer.text
    told = answer.json()
    visits = {str(visit.id): visit for visit in desk.rows(Visit)}
    assert {one["visit_id"] for one in told["uses"]} == visits.keys()
    assert {str(visit.event_id) for visit in visits.values()} == {event_id}
    assert {visit.visited_at for visit in visits.values()} == {NOON}
    assert told["pays_cents"] == 0


def test_the_door_hears_of_the_ticket(  # noqa: PLR0913, PLR0917 - fixtures
    broker, codes, event_id, make_scanner, venue, clock
) -> None:
    broker.order(codes[0], event_id=event_id)
    scanner = make_scanner(venue)
    clock.now = FAR_OFF
    assert scanner.sign_in().is_success
    body = f'{{"text": "{codes[0]}", "category": "culture", "event_id": "{event_id}"}}'

    assert scanner.ask("card-questions", body).json()["reasons"] == ["already_in"]


def test_one_refused_use_refuses_the_whole_order(broker, codes, event_id, desk) -> None:
    answer = broker.order(codes[0], "XXQKFBF5S", codes[2], event_id=event_id)

    (one,) = answer.json()["refusals"]
    assert refused_for(answer) == ["code_unknown"]
    assert one["text"].keys() == {"fi", "sv", "en"}
    assert (desk.count(Visit), desk.count(Scan)) == (0, 0)
    assert broker.order(codes[0], codes[2], event_id=event_id).is_success


def test_every_refusal_says_which_use_it_is_about(broker, codes, event_id) -> None:
    uses = [
        {"use_id": str(uuid4()), "card_code": codes[0], "children": 3},
        {"use_id": str(uuid4()), "card_code": codes[1]},
        {"use_id": str(uuid4()), "card_code": "hello"},
        {"use_id": str(uuid4()), "card_code": codes[1]},
    ]
    answer = broker.order(uses=uses, event_id=event_id)

    assert refused_for(answer) == ["too_many_children", "malformed_card_code", "already_in"]
    refused = [one["use_id"] for one in answer.json()["refusals"]]
    assert refused == [uses[0]["use_id"], uses[2]["use_id"], uses[3]["use_id"]]


def test_the_same_order_again_is_the_same_uses(broker, codes, event_id, desk) -> None:
    uses = [{"use_id": str(uuid4()), "card_code": code} for code in codes]
    first = broker.order(uses=uses, event_id=event_id).json()["uses"]
    again = broker.order(uses=uses, event_id=event_id).json()["uses"]

    assert [one["already"] for one in first] == [False] * 3
    assert [one["already"] for one in again] == [True] * 3
    assert [one["visit_id"] for one in first] == [one["visit_id"] for one in again]
    assert desk.count(Visit) == 3


def test_a_full_event_is_refused_and_says_so_beforehand(broker, codes, event_id, desk) -> None:
    uses = [{"use_id": str(uuid4()), "card_code": codes[0], "children": 2}]
    assert broker.order(uses=uses, event_id=event_id).is_success

    check = broker.order(codes[1], codes[2], path="checks", event_id=event_id).json()
    assert [one["code"] for one in check["refusals"]] == ["quota_full"]
    assert refused_for(broker.order(codes[1], codes[2], event_id=event_id)) == ["quota_full"]
    assert desk.count(Visit) == 1
    (event,) = broker.read(f"/venues/{broker.venue_id}/events").json()
    assert (event["places_left"], event["accessibility"]) == (1, ["step_free"])


def test_a_cancelled_event_is_not_offered(broker, engine, event_id) -> None:
    with one_session(engine) as db:
        db.get_one(Event, UUID(event_id)).cancelled_at = NOON

    assert broker.read(f"/venues/{broker.venue_id}/events").json() == []


def test_two_orders_in_the_same_instant_do_not_both_get_the_last_place(
    broker, desk, event_id
) -> None:
    codes = [desk.grant().card.code for _ in range(8)]
    broker.order(*codes[:2], event_id=event_id)

    answers = all_at_once(
        *(lambda code=code: broker.order(code, event_id=event_id) for code in codes[2:])
    )

    assert sorted(answer.status_code for answer in answers) == [200, 200, 409, 409, 409, 409]
    assert desk.count(Visit) == 4


def test_a_spent_share_is_refused(broker, codes, engine, venue, clock) -> None:
    with one_session(engine) as db:
        limit = UseLimit(counted=Counted.USES, most=1, period=Period.YEAR, courses=False)
        set_limit(db, venue, limit, now=NOON)
    assert broker.order(codes[0], category="culture").is_success
    clock.advance(days=1)

    assert refused_for(broker.order(codes[0], category="sport")) == ["limit_reached"]


def test_the_same_card_within_seconds_is_refused_and_not_lost(broker, codes, event_id) -> None:
    broker.order(codes[0], event_id=event_id)

    assert refused_for(broker.order(codes[0], event_id=event_id)) == ["already_in"]


def test_a_card_that_was_elsewhere_a_moment_ago_still_gets_a_ticket(
    broker, codes, event_id, make_scanner
) -> None:
    make_scanner().scan(codes[0])

    assert broker.order(codes[0], event_id=event_id).is_success


def test_a_use_is_undone_for_a_quarter_of_an_hour(broker, codes, event_id, desk, clock) -> None:
    uses = [{"use_id": str(uuid4()), "card_code": code} for code in codes[:2]]
    broker.order(uses=uses, event_id=event_id)

    assert broker.post("voidings", {"use_id": uses[0]["use_id"]}).is_success
    clock.advance(minutes=16)
    late = broker.post("voidings", {"use_id": uses[1]["use_id"]})
    assert refusal(late) == (409, "undo_too_late")
    assert desk.count(Voiding) == 1
    unknown = broker.post("voidings", {"use_id": str(uuid4())})
    assert refusal(unknown) == (404, "visit_not_found")


def test_a_broker_does_not_undo_what_a_door_recorded(broker, make_scanner, venue, codes) -> None:
    told = make_scanner(venue).scan(codes[0]).json()

    assert refusal(broker.post("voidings", {"use_id": told["scan_id"]})) == (404, "visit_not_found")


def test_thirty_unknown_codes_make_a_broker_rest(broker, codes, event_id) -> None:
    for _ in range(3):
        broker.order(*["XXQKFBF5S"] * 10, event_id=event_id)

    assert refused_for(broker.order(codes[0], event_id=event_id)) == ["resting"]


@pytest.mark.parametrize(
    ("over", "told"),
    [
        ({"venue_id": str(uuid4())}, (403, "broker_not_for_venue")),
        ({"event_id": str(uuid4())}, (404, "event_unknown")),
        ({}, (422, "order_category_missing")),
        ({"category": "science"}, (409, "uses_refused")),
        ({"category": "culture", "uses": []}, (422, "order_out_of_range")),
        ({"category": "culture", "sold_by": "me"}, (422, "malformed_request")),
    ],
)
def test_what_is_no_order_is_refused(broker, codes, over, told) -> None:
    body = {
        "venue_id": broker.venue_id,
        "uses": [{"use_id": str(uuid4()), "card_code": codes[0]}],
    }

    assert refusal(broker.post("orders", body | over)) == told


def test_an_id_twice_in_one_order_is_refused(broker, codes) -> None:
    same = str(uuid4())
    uses = [{"use_id": same, "card_code": code} for code in codes[:2]]

    told = refusal(broker.order(uses=uses, category="culture"))
    assert told == (422, "order_out_of_range")


def test_an_event_that_is_over_takes_nobody(broker, codes, event_id, clock) -> None:
    clock.now = FAR_OFF + timedelta(hours=6)

    assert refusal(broker.order(codes[0], event_id=event_id)) == (409, "event_over")


def test_a_venue_that_stops_a_broker_is_out_of_its_reach(broker, engine, venue, codes) -> None:
    change(engine, lambda db, known: disallow(db, venue.id, known))

    told = refusal(broker.order(codes[0], category="culture"))
    assert told == (403, "broker_not_for_venue")
    assert broker.read("").json()["venues"] == []
    assert broker.read(f"/venues/{venue.id}/events").status_code == 403


@pytest.mark.parametrize("key", ["", "kaiku_x", "x" * 50, "kaiku_ä"])
def test_a_key_that_is_none_opens_nothing(broker, key) -> None:
    broker.headers = {"Authorization": b"Bearer " + key.encode()}

    assert refusal(broker.read("")) == (401, "broker_key_refused")


def test_an_ended_key_opens_nothing(broker, engine) -> None:
    change(engine, lambda _db, known: end_key(known))

    assert refusal(broker.read("")) == (401, "broker_key_refused")


def test_a_scanner_s_bearer_is_no_broker_s_key(broker, scanner) -> None:
    broker.headers = scanner.speaking

    assert refusal(broker.read("")) == (401, "broker_key_refused")
