"""Events from Linked Events: a document that was really recorded, and documents gone wrong."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from server.event.errors import DocumentEmpty, DocumentTooLong, DocumentUnreadable
from server.event.importing import Asked, Step, look_at, store
from server.event.linked import LinkedEvent, Unread, only_used, read_document, read_events
from server.event.models import Event
from shared.scan import Category
from tests.factories import NOON
from tests.server.callers import one_session

RECORDED = Path(__file__).parents[2] / "assets" / "linked_events" / "events.json"
"""An answer of the City of Helsinki's interface of May 2020 (CC BY 4.0, see its README)."""

THEN = datetime(2020, 5, 6, 9, tzinfo=UTC)


@pytest.fixture
def venue(desk):
    return desk.venue(categories=["culture"])


@pytest.fixture
def bring(engine, venue):
    """Looks at a document and stores it; gives what became of each event."""

    def act(document: object, *, at: datetime = NOON, place: str = "") -> dict[str, Step]:
        content = document if isinstance(document, bytes) else json.dumps(document).encode()
        with one_session(engine) as db:
            asked = Asked(venue, Category.CULTURE, place, at)
            looked = look_at(db, asked, read_events(read_document(content)))
            list(store(db, asked, looked))
        return {one.name: one.step for one in looked}

    return act


@pytest.fixture
def stored(engine, venue):
    def read() -> dict[str, Event]:
        with one_session(engine) as db:
            mine = select(Event).where(Event.venue_id == venue.id)
            return {event.source_id: event for event in db.scalars(mine)}

    return read


def linked(**over: object) -> dict:
    return {
        "id": "kulke:1",
        "name": {"fi": "Konsertti"},
        "start_time": "2026-12-01T16:00:00Z",
        "end_time": "2026-12-01T18:00:00Z",
        "event_status": "EventScheduled",
        "super_event_type": None,
        "location": {"@id": "https://api.hel.fi/linkedevents/v1/place/tprek:8740/?format=json"},
        "in_language": [{"@id": "https://api.hel.fi/linkedevents/v1/language/sv/"}],
        "info_url": {"fi": "https://esimerkki.fi/1"},
    } | over


def one(document: dict) -> LinkedEvent | Unread:
    [read] = read_events(read_document(json.dumps(document).encode()))
    return read


def test_the_recorded_document_is_read(bring, stored) -> None:
    became = bring(RECORDED.read_bytes(), at=THEN)

    assert became == {
        "Uutta Koillis-Helsinkiä verkkotilaisuus": Step.ADD,
        "Raija Malka & Kaija Saariaho: Blick": Step.NEVER_KNOWN,  # put off, without a time
    }
    [event] = stored().values()
    assert event.source_id == "helsinki:afy6ikna3u"
    assert event.starts_at == datetime(2020, 6, 1, 13, 45, tzinfo=UTC)
    assert event.ends_at == datetime(2020, 6, 1, 16, 0, tzinfo=UTC)
    assert event.languages == ["fi"]
    assert event.link.startswith("https://www.hel.fi/Helsinki/fi/")


def test_the_recorded_document_today_is_over(bring, stored) -> None:
    assert bring(RECORDED.read_bytes())["Uutta Koillis-Helsinkiä verkkotilaisuus"] is Step.OVER
    assert stored() == {}


def test_the_same_document_twice_is_stored_once(bring, stored) -> None:
    assert bring({"data": [linked()]}) == {"Konsertti": Step.ADD}
    assert bring({"data": [linked()]}) == {"Konsertti": Step.SAME}
    assert list(stored()) == ["kulke:1"]


def test_a_new_time_and_name_are_taken_over_and_the_venues_own_facts_stay(
    engine, bring, stored
) -> None:
    bring([linked()])
    with one_session(engine) as db:
        db.scalars(select(Event)).one().places = 20
    moved = linked(name={"sv": "Konsert"}, start_time="2026-12-02T17:00:00+02:00", end_time=None)
    assert bring(moved) == {"Konsert": Step.CHANGE}

    event = stored()["kulke:1"]
    assert (event.name, event.places) == ("Konsert", 20)
    assert event.starts_at == datetime(2026, 12, 2, 15, tzinfo=UTC)
    assert event.ends_at - event.starts_at == timedelta(hours=2)  # no end is told


@pytest.mark.parametrize(
    "off",
    [
        {"event_status": "EventCancelled"},
        {"event_status": "EventPostponed", "start_time": None, "end_time": None},
        {"deleted": True},
    ],
)
def test_what_was_called_off_is_marked_and_stays_and_comes_back(bring, stored, off) -> None:
    bring([linked()])
    assert bring([linked(**off)]) == {"Konsertti": Step.CANCEL}
    assert stored()["kulke:1"].cancelled_at == NOON
    assert bring([linked(**off)]) == {"Konsertti": Step.SAME}
    assert bring([linked()]) == {"Konsertti": Step.CHANGE}
    assert stored()["kulke:1"].cancelled_at is None


def test_events_at_other_places_are_left_out(bring, stored) -> None:
    document = [linked(), linked(id="kulke:2", name={"fi": "Muualla"}, location=None)]
    assert bring(document, place="tprek:8740") == {
        "Konsertti": Step.ADD,
        "Muualla": Step.ELSEWHERE,
    }
    assert list(stored()) == ["kulke:1"]


def test_another_venue_may_have_the_same_event(engine, desk, bring) -> None:
    bring([linked()])
    other = desk.venue(categories=["culture"], name="Toinen")
    with one_session(engine) as db:
        asked = Asked(other, Category.CULTURE, "", NOON)
        looked = look_at(db, asked, read_events([linked()]))
        [(step, event)] = store(db, asked, looked)
        assert (step, event.venue_id) == (Step.ADD, other.id)


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"id": 7}, "source_unnamed"),
        ({"id": ""}, "source_unnamed"),
        ({"id": "x" * 121}, "source_unnamed"),
        ({"start_time": None}, "source_untimed"),
        ({"start_time": "2026-12-01T16:00:00"}, "source_untimed"),
        ({"start_time": "2026-12-01"}, "source_untimed"),
        ({"start_time": 1_800_000_000}, "source_untimed"),
        ({"start_time": "0001-01-01T00:00:00+14:00"}, "source_untimed"),
        ({"end_time": "soon"}, "source_untimed"),
        ({"end_time": "2026-12-01T15:00:00Z"}, "event_ends_too_soon"),
        ({"end_time": "2027-12-01T15:00:00Z"}, "event_too_long"),
        ({"name": None}, "event_unnamed"),
        ({"name": {"fi": " ", "sv": None}}, "event_unnamed"),
        ({"name": ["x"]}, "event_unnamed"),
    ],
)
def test_an_event_that_makes_no_sense_is_refused_by_name_and_the_others_taken(  # noqa: PLR0913, PLR0917
    engine, venue, bring, stored, over, code
) -> None:
    document = [linked(**over), linked(id="kulke:2", name={"fi": "Hyvä"})]
    with one_session(engine) as db:
        asked = Asked(venue, Category.CULTURE, "", NOON)
        looked = look_at(db, asked, read_events(document))
    assert [(o.problem.code if o.problem else None) for o in looked] == [code, None]
    bring(document)
    assert list(stored()) == ["kulke:2"]


def test_a_series_is_told_and_not_stored(bring, stored) -> None:
    assert bring([linked(super_event_type="recurring", end_time="2027-12-01T18:00:00Z")]) == {
        "Konsertti": Step.SERIES
    }
    assert stored() == {}


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        (b"", DocumentUnreadable),
        (b"<html>kirjaudu</html>", DocumentUnreadable),
        (b'{"meta": {}}', DocumentUnreadable),
        (b'{"data": {"id": 1}}', DocumentUnreadable),
        (b"[1, 2]", DocumentUnreadable),
        (b"\xff\xfe\xfa", DocumentUnreadable),
        (b"[" * 100_000, DocumentUnreadable),
        (b'{"data": []}', DocumentEmpty),
        (b"[" + b",".join([b"{}"] * 501) + b"]", DocumentTooLong),
        (b" " * (20 * 1024 * 1024), DocumentTooLong),
    ],
)
def test_a_bad_document_is_refused_by_name(content, refused) -> None:
    with pytest.raises(refused):
        read_document(content)


def test_a_name_that_is_too_long_is_shortened() -> None:
    read = one(linked(name={"fi": "🎭" + "مرحبا " * 40}))

    assert len(read.name) <= 120
    assert read.name.endswith("…")


def test_an_address_that_is_not_safe_is_left_out() -> None:
    for link in (
        "http://a.fi",
        "javascript:alert(1)",
        "https://",
        "https://u@a.fi",
        "https://a.fi/ b",
    ):
        assert one(linked(info_url={"fi": link})).link is None
    assert one(linked(info_url="https://a.fi/b")).link == "https://a.fi/b"


def test_what_a_form_carries_on_says_the_same() -> None:
    found = [
        *read_document(RECORDED.read_bytes()),
        linked(),
        linked(id=5),
        linked(id="2", end_time=7),
        linked(id="3", name={"sv": "x" * 9_000}, deleted=True, start_time=None),
    ]
    carried = only_used(found)

    assert len(carried) < 2_000
    again = [str(read) for read in read_events(read_document(carried.encode()))]
    assert again == [str(read) for read in read_events(found)]


def test_of_one_id_twice_in_a_document_the_later_counts(bring, stored) -> None:
    bring([linked(), linked(name={"fi": "Toinen nimi"})])

    assert [event.name for event in stored().values()] == ["Toinen nimi"]
