"""Events: what may be added, what scanners hear of, and what a visit for one means."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from server.event.errors import EventCategoryNotHere, EventEndsTooSoon, EventTooLong, EventUnnamed
from server.event.service import TOLD_MOST, EventFacts, add_event
from server.visit.models import Visit
from shared.rules.admission import Reason
from shared.rules.ledger import default_event
from shared.scan import CardQuestion, Category
from shared.wire import to_json
from tests.factories import NOON
from tests.server.callers import one_session

NOON_S = int(NOON.timestamp())


@pytest.fixture
def venue(desk):
    return desk.venue(categories=["culture", "sport"])


@pytest.fixture
def scanner(make_scanner, venue):
    return make_scanner(venue)


@pytest.fixture
def add(engine, venue):
    def act(at=venue, **over) -> UUID:
        given = {
            "name": "Hamlet", "category": Category.SPORT,
            "starts_at": NOON + timedelta(hours=1), "ends_at": NOON + timedelta(hours=3),
        }  # fmt: skip
        with one_session(engine) as db:
            return add_event(db, at, EventFacts(**(given | over)), now=NOON).id

    return act


def told(scanner) -> list[dict]:
    return scanner.http.get("scanner/snapshot", headers=scanner.speaking).json()["events"]


def visits(engine) -> list[Visit]:
    with one_session(engine) as db:
        return list(db.scalars(select(Visit).order_by(Visit.recorded_at, Visit.id)))


@pytest.mark.parametrize(
    ("over", "refused"),
    [
        ({"name": " "}, EventUnnamed),
        ({"name": "x" * 121}, EventUnnamed),
        ({"ends_at": NOON + timedelta(hours=1)}, EventEndsTooSoon),
        ({"ends_at": NOON + timedelta(days=7, hours=2)}, EventTooLong),
        ({"category": Category.SCIENCE}, EventCategoryNotHere),
    ],
)
def test_what_is_no_event_is_refused_and_not_kept(add, scanner, over, refused):
    with pytest.raises(refused):
        add(**over)

    assert told(scanner) == []


def test_scanners_hear_of_their_venues_events_of_now_and_the_next_days(add, desk, scanner):
    later = add(
        name="Macbeth", starts_at=NOON + timedelta(days=7), ends_at=NOON + timedelta(days=8)
    )
    soon = add(name="  Kolme   sisarta ")
    just_over = add(starts_at=NOON - timedelta(hours=4), ends_at=NOON - timedelta(hours=2))
    add(starts_at=NOON - timedelta(hours=5), ends_at=NOON - timedelta(hours=3))
    add(starts_at=NOON + timedelta(days=8), ends_at=NOON + timedelta(days=9))
    add(at=desk.venue(), name="Elsewhere")

    events = told(scanner)

    assert [event["event_id"] for event in events] == [str(just_over), str(soon), str(later)]
    assert events[1]["name"] == "Kolme sisarta"
    assert events[1]["category"] == "sport"


def test_a_venue_with_very_many_events_tells_the_soonest(add, scanner):
    for number in range(TOLD_MOST + 1):
        add(name=f"N{number}", ends_at=NOON + timedelta(hours=3, minutes=number))

    assert len(told(scanner)) == TOLD_MOST


def test_a_new_event_makes_a_new_snapshot(add, scanner):
    def ask(held: str):
        headers = scanner.speaking | {"If-None-Match": held}
        return scanner.http.get("scanner/snapshot", headers=headers)

    held = ask("").headers["ETag"]
    assert ask(held).status_code == 304

    add()

    assert ask(held).status_code == 200


def test_a_visit_for_an_event_counts_for_it_and_the_holder_sees_its_name(
    add, engine, holder, scanner
):
    event_id = add()

    receipt = scanner.scan(holder.show(), event_id=event_id).json()

    assert (receipt["outcome"], receipt["reasons"]) == ("recorded", ["ok"])
    [visit] = visits(engine)
    assert visit.event == str(event_id)
    assert visit.category is Category.SPORT  # the event's, whatever the scanner said
    [line] = holder.read("visits").json()["visits"]
    assert (line["event_name"], line["category"]) == ("Hamlet", "sport")


def test_a_card_counts_once_for_an_event_and_again_for_the_next(add, clock, holder, scanner):
    first, second = add(), add(name="Macbeth")
    scanner.scan(holder.show(), event_id=first)
    clock.advance(minutes=1)

    again = scanner.scan(holder.show(), event_id=first).json()
    clock.advance(minutes=1)
    next_one = scanner.scan(holder.show(), event_id=second).json()

    assert again["reasons"][0] == Reason.ALREADY_IN
    assert next_one["reasons"] == ["ok"]


@pytest.fixture
def not_on_here(add, desk):
    """Events that a scanner of the venue may name, and must not."""
    long_ago, later = NOON - timedelta(hours=5), NOON + timedelta(hours=4)
    return {
        "another venue's": add(at=desk.venue()),
        "unknown": UUID(int=7),
        "over": add(starts_at=long_ago, ends_at=NOON - timedelta(hours=3)),
        "not yet": add(starts_at=later, ends_at=later + timedelta(hours=1)),
    }


@pytest.mark.parametrize("named", ["another venue's", "unknown", "over", "not yet"])
def test_a_visit_for_what_is_not_on_here_is_one_of_the_day(
    engine, holder, scanner, not_on_here, named
):
    assert scanner.scan(holder.show(), event_id=not_on_here[named]).json()["outcome"] == "recorded"

    [visit] = visits(engine)
    assert visit.event == default_event(str(visit.venue_id), "culture", NOON_S)
    [line] = holder.read("visits").json()["visits"]
    assert line["event_name"] is None


def test_a_card_code_is_asked_about_for_the_event(add, desk, clock, scanner):
    event_id, code = add(), desk.grant().card.code
    scanner.scan(code, event_id=event_id, reasons=[Reason.OK_CODE])
    clock.advance(minutes=1)

    def ask(event_id: UUID | None) -> list[str]:
        question = CardQuestion(code, Category.SPORT, event_id)
        return scanner.ask("card-questions", to_json(question)).json()["reasons"]

    assert ask(event_id)[0] == Reason.ALREADY_IN
    assert Reason.ALREADY_IN not in ask(None)
