"""The public directory: what is in it, what never is, and how little it costs to ask again."""

import json
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from icalendar import Calendar

from server.access.service import grant_access, withdraw_access
from server.area.models import Area
from server.directory import service
from server.directory.service import LOOKS_AHEAD
from server.directory.visitors import ForVisitors, tell_visitors
from server.event.models import Event
from server.event.service import EventFacts, add_event
from server.ids import new_id
from server.limit.models import Counted, UseLimit
from server.limit.service import set_limit
from shared.directory import Directory
from shared.scan import Category
from shared.wire import from_json
from tests.factories import NOON, SECRET
from tests.server.callers import one_session, refusal

TOLD = ForVisitors(
    street="Hämeenkatu 1",
    getting_there="Bussi 3, pysäkki Keskustori",
    greeting_fi="Näytä kortti kassalla.",
    website="https://teatteri.example/",
    languages=("fi", "fse"),
    accessibility=("step_free",),
)


@pytest.fixture
def venue(desk):
    return desk.venue(name="Teatteri", categories=["culture", "education"])


@pytest.fixture
def add(engine, venue):
    def act(at=venue, **over) -> UUID:
        given = {
            "name": "Konsertti", "category": Category.CULTURE,
            "starts_at": NOON + timedelta(days=1), "ends_at": NOON + timedelta(days=1, hours=2),
        }  # fmt: skip
        with one_session(engine) as db:
            return add_event(db, at, EventFacts(**(given | over)), now=NOON).id

    return act


def directory(http) -> Directory:
    answer = http.get("directory")
    assert answer.status_code == 200, answer.text
    return from_json(Directory, answer.content)


def test_anybody_reads_venues_and_events_without_saying_who_they_are(http, engine, venue, add):
    with one_session(engine) as db:
        tell_visitors(db, venue.id, TOLD)
    event_id = add(languages=("sv",), accessibility=("captions",), link="https://lippu.example/1")
    told = directory(http)

    [listed] = told.venues
    assert (listed.name, listed.street, listed.website) == (
        "Teatteri",
        "Hämeenkatu 1",
        "https://teatteri.example/",
    )
    assert listed.greetings == {"fi": "Näytä kortti kassalla."}
    assert (listed.languages, listed.accessibility) == (["fi", "fse"], ["step_free"])
    [event] = told.events
    assert (event.event_id, event.venue_id) == (event_id, listed.venue_id)
    assert (event.languages, event.accessibility) == (["sv"], ["captions"])
    assert event.link == "https://lippu.example/1"
    [town] = told.municipalities
    assert town.code == listed.municipality
    assert told.server_time == NOON


def test_a_venue_that_says_nothing_is_listed_where_its_area_is(http, venue) -> None:
    told = directory(http)

    [listed] = told.venues
    assert listed.venue_id == venue.id
    assert [town.code for town in told.municipalities] == [listed.municipality]
    assert (listed.street, listed.greetings, listed.website) == ("", {}, None)


def test_a_venue_says_that_it_is_somewhere_else_than_its_area(http, engine, venue) -> None:
    with one_session(engine) as db:
        tell_visitors(db, venue.id, ForVisitors(municipality_code="091"))
    told = directory(http)

    assert told.venues[0].municipality == "091"
    assert [(town.name_fi, town.name_sv) for town in told.municipalities] == [
        ("Helsinki", "Helsingfors")
    ]


def test_what_is_over_or_too_far_ahead_is_not_told(http, add) -> None:
    add(starts_at=NOON - timedelta(hours=3), ends_at=NOON)
    add(starts_at=NOON + LOOKS_AHEAD, ends_at=NOON + LOOKS_AHEAD + timedelta(hours=1))
    now = add(starts_at=NOON - timedelta(hours=1), ends_at=NOON + timedelta(hours=1))
    told = directory(http)

    assert [event.event_id for event in told.events] == [now]
    assert told.complete_until == NOON.replace(hour=0) + LOOKS_AHEAD


def test_places_left_are_those_of_now(  # noqa: PLR0913, PLR0917 - a door, a holder, a day
    http, make_scanner, make_holder, venue, add, clock
) -> None:
    free, unnumbered = add(places=3), add(name="Näyttely")
    clock.advance(days=1)
    scanner, holder = make_scanner(venue), make_holder()
    assert {e.event_id: e.places_left for e in directory(http).events} == {
        free: 3,
        unnumbered: None,
    }
    assert scanner.scan(holder.show(), event_id=free, children=1).is_success
    assert 3 in {e.places_left for e in directory(http).events}  # the same for all, for seconds
    clock.advance(seconds=5)

    assert {e.event_id: e.places_left for e in directory(http).events} == {
        free: 1,
        unnumbered: None,
    }


def test_what_the_holder_pays_of_a_course_is_told(http, engine, venue, add) -> None:
    with one_session(engine) as db:
        limit = UseLimit(counted=Counted.USES, period="year", most=2, courses=True)
        limit.covers_cents = 1000
        set_limit(db, venue, limit, now=NOON)
    add(course=True, fee_cents=2550, category=Category.EDUCATION)

    assert [event.pays_cents for event in directory(http).events] == [1550]


def test_more_events_than_there_is_room_for_are_told_honestly(http, add, monkeypatch) -> None:
    monkeypatch.setattr(service, "EVENTS_MOST", 2)
    starts = [NOON + timedelta(days=day) for day in (3, 1, 2)]
    for at in starts:
        add(starts_at=at, ends_at=at + timedelta(hours=1))
    told = directory(http)

    assert [event.starts_at for event in told.events] == sorted(starts)[:2]
    assert told.complete_until == max(starts)


def test_a_venue_that_left_the_network_is_not_listed_nor_are_its_events(
    http, engine, venue, add, clock
) -> None:
    event_id = add()
    with one_session(engine) as db:
        access, _ = grant_access(db, venue, handle="teatteri", secret=SECRET, now=NOON)
        db.flush()
        withdraw_access(db, access, now=clock())
    told = directory(http)

    assert (told.venues, told.events) == ([], [])
    assert refusal(http.get(f"events/{event_id}.ics")) == (404, "event_not_listed")
    assert refusal(http.get(f"venues/{venue.id}/events.ics")) == (404, "venue_not_listed")


def test_local_pilots_are_told(http, engine, venue) -> None:
    with one_session(engine) as db:
        area = db.get_one(Area, venue.area_id)
        area.local_only_since_at, name = NOON, area.name
    told = directory(http)

    assert told.venues[0].pilot == name
    assert told.pilots == [name]


def test_asking_again_costs_nothing_until_something_changes(http, add, clock) -> None:
    add()
    first = http.get("directory")
    held = {"If-None-Match": first.headers["etag"]}
    clock.advance(hours=3)
    again = http.get("directory", headers=held)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert (
        http.get("directory", headers={"If-None-Match": f"W/{held['If-None-Match']}"}).status_code
        == 304
    )

    add(name="Toinen")
    clock.advance(seconds=5)
    assert http.get("directory", headers=held).status_code == 200


def test_the_directory_knows_nothing_of_cards_or_visits(http, add, make_holder) -> None:
    make_holder()
    add(places=5)
    said = json.dumps(http.get("directory").json())

    for word in ("card", "holder", "scanner", "area_id", "taken"):
        assert word not in said


def test_an_event_goes_out_as_icalendar_with_a_lasting_uid(http, engine, venue, add, clock) -> None:
    with one_session(engine) as db:
        tell_visitors(db, venue.id, TOLD)
    event_id = add(name="Ilta, jossa; kaikki\\")
    answer = http.get(f"events/{event_id}.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    [event] = Calendar.from_ical(answer.content).walk("VEVENT")
    clock.advance(hours=1)
    [later] = Calendar.from_ical(http.get(f"events/{event_id}.ics").content).walk("VEVENT")

    assert event["UID"] == later["UID"] == str(event_id)
    assert event["DTSTAMP"].dt == NOON
    assert event["SUMMARY"] == "Ilta, jossa; kaikki\\"
    assert event.start == NOON + timedelta(days=1)
    assert str(event["LOCATION"]).startswith("Teatteri, Hämeenkatu 1")
    assert "Näytä kortti kassalla." in event["DESCRIPTION"]


def test_a_venues_calendar_has_its_events_to_come_and_marks_the_cancelled(
    http, engine, desk, venue, add
) -> None:
    ids = [add(), add(name="Peruttu"), add(at=desk.venue(name="Muualla"))]
    with one_session(engine) as db:
        db.get_one(Event, ids[1]).cancelled_at = NOON
    answer = http.get(f"venues/{venue.id}/events.ics")
    events = Calendar.from_ical(answer.content).walk("VEVENT")

    assert {event["UID"]: str(event["STATUS"]) for event in events} == {
        str(ids[0]): "CONFIRMED",
        str(ids[1]): "CANCELLED",
    }
    assert [e.cancelled for e in directory(http).events if e.event_id == ids[1]] == [True]


def test_doors_are_not_told_of_a_cancelled_event(engine, make_scanner, venue, add) -> None:
    event_id = add(starts_at=NOON + timedelta(hours=1), ends_at=NOON + timedelta(hours=2))
    scanner = make_scanner(venue)

    def told() -> list[dict]:
        return scanner.http.get("scanner/snapshot", headers=scanner.speaking).json()["events"]

    assert [event["event_id"] for event in told()] == [str(event_id)]
    with one_session(engine) as db:
        db.get_one(Event, event_id).cancelled_at = NOON
    assert told() == []


@pytest.mark.parametrize("path", ["events/{}.ics", "venues/{}/events.ics"])
def test_what_is_not_there_is_refused_by_name(http, path) -> None:
    status, code = refusal(http.get(path.format(new_id(NOON))))
    assert (status, code.rpartition("_")[2]) == (404, "listed")
    assert refusal(http.get(path.format("x"))) == (422, "malformed_request")


def test_an_event_in_the_year_2999_breaks_nothing(http, add) -> None:
    far = datetime(2999, 12, 31, 12, tzinfo=NOON.tzinfo)
    event_id = add(starts_at=far, ends_at=far + timedelta(hours=1))

    assert directory(http).events == []
    assert http.get(f"events/{event_id}.ics").status_code == 200
