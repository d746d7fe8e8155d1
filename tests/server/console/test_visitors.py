"""What a venue tells those who come, and the events that it brings from Linked Events."""

import json

import pytest
from sqlalchemy import select

from server.audit.models import AuditEntry
from server.directory.models import VisitorFacts
from server.event.models import Event
from tests.server.console.conftest import field_of, words
from tests.server.event.test_linked import RECORDED, linked


def told(network) -> list[VisitorFacts]:
    with network.sessions() as db:
        return list(db.scalars(select(VisitorFacts)))


def events(network) -> list[Event]:
    with network.sessions() as db:
        return list(db.scalars(select(Event).order_by(Event.starts_at)))


FACTS = {
    "municipality": "091 Helsinki",
    "street": "Katu  1",
    "getting_there": "Bussi 3\r\nOvi pihalta",
    "greeting_fi": "Näytä korttisi.",
    "website": "https://teatteri.example/a",
    "in_fi": "1",
    "in_fse": "1",
    "step_free": "1",
}


def test_a_venue_tells_its_visitors_and_the_form_shows_it_again(network, venue) -> None:
    assert venue.submit("/visitors", **FACTS).status_code == 303

    [facts] = told(network)
    assert (facts.municipality_code, facts.street) == ("091", "Katu 1")
    assert facts.getting_there == "Bussi 3\nOvi pihalta"
    assert (facts.languages, facts.accessibility) == (["fi", "fse"], ["step_free"])
    page = venue.open("/visitors")
    assert field_of(page, "municipality" + '" type="text') == "091 Helsinki"
    assert "Näytä korttisi." in words(page)
    assert venue.submit("/visitors").status_code == 303
    [empty] = told(network)
    assert (empty.municipality_code, empty.street, empty.website) == (None, "", None)
    with network.sessions() as db:
        acts = [entry.act for entry in db.scalars(select(AuditEntry))]
    assert acts == ["visitors_told", "visitors_told"]


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"municipality": "Atlantis"}, "municipality"),
        ({"municipality": "49"}, "municipality"),
        ({"street": "k" * 121}, "street"),
        ({"getting_there": "k" * 601}, "getting_there"),
        ({"greeting_sv": "k" * 601}, "greeting_sv"),
        ({"website": "http://teatteri.example"}, "website"),
        ({"website": "javascript:alert(1)"}, "website"),
    ],
)
def test_a_mistake_stands_beside_its_field_and_what_was_typed_stays(
    network, venue, over, field
) -> None:
    answer = venue.submit("/visitors", **(FACTS | over))

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "Näytä korttisi." in answer.text
    assert told(network) == []


def look(venue, content: bytes, **over: str):
    fields = {"category": "culture", "place": "", "document": ""} | over
    return venue.post("/console/linked-events/look", data=fields, files={"file": content})


def test_events_are_looked_at_first_and_stored_when_asked(network, venue) -> None:
    document = {"data": [linked(), linked(id="x:2", name={"fi": "Peli <b>"}, start_time=None)]}
    seen = look(venue, json.dumps(document).encode())
    assert "Yksi tilaisuus tallennettaisiin." in words(seen)
    assert "milloin se alkaa" in words(seen)
    assert "<b>" not in seen.text
    assert events(network) == []

    carried = json.loads(json.dumps(document))
    answer = venue.submit("/linked-events", document=json.dumps(carried), category="culture")
    assert answer.status_code == 303
    assert [event.name for event in events(network)] == ["Konsertti"]
    venue.submit("/linked-events", document=json.dumps(carried), category="culture")
    assert len(events(network)) == 1
    assert "1.12.2026 18.00" in words(venue.open("/events"))


def test_what_the_page_carries_on_can_be_stored(network, venue) -> None:
    seen = look(venue, json.dumps([linked(description={"fi": "x" * 9_000})]).encode())
    document = field_of(seen, "document").replace("&#34;", '"')

    assert len(document) < 400
    venue.submit("/linked-events", document=document, category="culture")
    assert [event.link for event in events(network)] == ["https://esimerkki.fi/1"]


def test_the_recorded_document_is_looked_at(venue) -> None:
    seen = words(look(venue, RECORDED.read_bytes()))

    assert "Uutta Koillis-Helsinkiä verkkotilaisuus" in seen
    assert "On ohi" in seen
    assert "Tallenna yksi" not in seen


@pytest.mark.parametrize(
    ("content", "over", "field"),
    [
        (b"<html>", {}, "file"),
        (b"", {}, "file"),
        (b'{"data": []}', {}, "file"),
        (b"", {"document": "[" + " " * 2_000_000 + "]"}, "file"),
        (b" " * 9_000_000 + b"[]", {}, "file"),
        (b"[" + b"7" * 20_000_000 + b"]", {}, "file"),
        (b"[{}]", {"category": "science"}, "category"),
        (b"[{}]", {"category": ""}, "category"),
    ],
)
def test_a_document_that_cannot_be_read_is_told_beside_its_field(
    network, venue, content, over, field
) -> None:
    answer = look(venue, content, **over)

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert events(network) == []


def test_a_cancelled_event_is_marked_on_the_list(network, venue) -> None:
    for document in (linked(), linked(event_status="EventCancelled")):
        venue.submit("/linked-events", document=json.dumps(document), category="culture")

    [event] = events(network)
    assert event.cancelled_at is not None
    assert "peruttu" in words(venue.open("/events"))
    assert "peruttu" in words(venue.open(f"/events/{event.id}"))


def test_languages_and_the_address_of_an_event_are_typed(network, venue) -> None:
    fields = {
        "name": "Konsertti", "category": "culture", "starts_at": "2026-11-22T18:00",
        "ends_at": "2026-11-22T20:00", "in_uk": "1", "link": "https://a.example/1",
    }  # fmt: skip
    assert venue.submit("/events", **fields).status_code == 303
    [event] = events(network)
    assert (event.languages, event.link) == (["uk"], "https://a.example/1")
    refused = venue.submit(f"/events/{event.id}", name="Konsertti", link="ftp://a.example")
    assert 'id="link-error"' in refused.text
    assert venue.submit(f"/events/{event.id}", name="Konsertti").status_code == 303
    assert events(network)[0].link is None
