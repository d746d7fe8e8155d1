"""What is full and what is spent: events with places, limits, ticket brokers, in the console."""

import pytest
from sqlalchemy import select

from server.audit.models import AuditEntry
from server.broker.models import Broker, BrokerVenue
from server.event.models import Event
from server.limit.models import UseLimit
from server.venue.models import Venue
from tests.server.console.conftest import words

LIMIT = {"counted": "uses", "most": "1", "period": "academic_year"}
EVENT = {
    "name": "Savikurssi", "category": "culture", "starts_at": "2026-11-22T18:00",
    "ends_at": "2027-03-22T20:00", "course": "1", "places": "8", "fee": "40",
}  # fmt: skip


def rows(network, table) -> list:
    with network.sessions() as db:
        return list(db.scalars(select(table)))


def acts(network) -> list[str]:
    return [entry.act for entry in rows(network, AuditEntry)]


@pytest.fixture
def event_path(network, venue) -> str:
    assert venue.submit("/events", **EVENT, step_free="1").status_code == 303
    (event,) = rows(network, Event)
    return f"/events/{event.id}"


def test_a_course_has_places_a_fee_and_what_one_may_rely_on(network, venue, event_path) -> None:
    (event,) = rows(network, Event)
    assert (event.course, event.places, event.fee_cents) == (True, 8, 4000)
    assert event.accessibility == ["step_free"]
    assert "Kulttuuri, kurssi" in words(venue.open(event_path))
    assert "0 / 8" in words(venue.open("/events"))


def test_an_event_is_changed_but_not_moved(network, venue, event_path) -> None:
    fields = {"name": "Savityöt", "places": "", "fee": "25,50", "captions": "1"}
    assert venue.submit(event_path, **fields, starts_at="2030-01-01T10:00").status_code == 303

    (event,) = rows(network, Event)
    assert (event.name, event.places, event.fee_cents) == ("Savityöt", None, 2550)
    assert event.accessibility == ["captions"]
    assert event.starts_at.year == 2026
    assert "event_changed" in acts(network)


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"places": "monta"}, "places"), ({"places": "-1"}, "places"), ({"fee": "ilmainen"}, "fee"),
        ({"fee": "0"}, "fee"), ({"name": " "}, "name"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_change_stands_beside_its_field(network, venue, event_path, over, field):
    fields = {"name": "Savityöt", "places": "5", "fee": "25,50"}
    answer = venue.submit(event_path, **(fields | over))

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    (event,) = rows(network, Event)
    assert event.name == "Savikurssi"


def test_only_a_course_has_a_fee(venue) -> None:
    answer = venue.submit("/events", **({**EVENT, "ends_at": "2026-11-22T20:00"} | {"course": ""}))

    assert answer.status_code == 422
    assert 'id="fee-error"' in answer.text


def test_an_event_of_somebody_else_is_not_there(network, event_path) -> None:
    other = network.browser("kohde-2")

    assert other.open(event_path).status_code == 404
    assert other.submit(event_path, name="Meidän").status_code == 404


def test_a_venue_sets_and_ends_a_limit(network, venue) -> None:
    assert venue.submit("/limits", **LIMIT, courses="1", covers="25").status_code == 303
    (limit,) = rows(network, UseLimit)
    assert (limit.most, limit.courses, limit.covers_cents, limit.area_id) == (1, True, 2500, None)
    assert "25 euroon asti" in words(venue.open("/limits"))

    assert network.browser("kohde-2").submit(f"/limits/{limit.id}/end").status_code == 404
    assert venue.submit(f"/limits/{limit.id}/end").status_code == 303
    assert "25 euroon asti" not in words(venue.open("/limits"))
    assert acts(network) == ["limit_set", "limit_ended"]


def test_what_a_coordinator_limits_the_venues_of_the_area_see(network, venue, coordinator) -> None:
    assert coordinator.submit("/limits", **LIMIT).status_code == 303
    (limit,) = rows(network, UseLimit)

    assert "lukuvuodessa" in words(venue.open("/limits")).split("Lisää raja")[0]
    assert venue.submit(f"/limits/{limit.id}/end").status_code == 404
    other = words(network.browser("kohde-2").open("/limits"))
    assert "lukuvuodessa" not in other.split("Lisää raja")[0]


@pytest.mark.parametrize(
    ("over", "fields"),
    [
        ({"most": "", "period": "", "covers": "x"}, ["most", "period", "covers"]),
        ({"most": "10000"}, ["most"]),
        ({"counted": "persons"}, ["period"]),
        ({"category": "science"}, ["category"]),
        ({"covers": "25"}, ["covers"]),
        ({"period": "century"}, ["period"]),
    ],
)
def test_mistakes_in_a_limit_are_told_all_at_once(network, venue, over, fields) -> None:
    answer = venue.submit("/limits", **(LIMIT | over))

    assert answer.status_code == 422
    for field in fields:
        assert f'id="{field}-error"' in answer.text
    assert rows(network, UseLimit) == []


def test_a_coordinator_limits_no_places(network, coordinator) -> None:
    answer = coordinator.submit("/limits", **(LIMIT | {"counted": "persons", "period": "day"}))

    assert answer.status_code == 422
    assert rows(network, UseLimit) == []


def test_a_broker_gets_a_key_and_venues_let_it_record(network, venue) -> None:
    service = network.browser("keskus")
    shown = service.submit("/brokers", name="Lippupalvelu")
    assert "kaiku_" in words(shown)
    (broker,) = rows(network, Broker)
    assert "kaiku_" not in words(service.open("/brokers"))

    assert venue.submit(f"/tickets/{broker.id}/allow").status_code == 303
    assert venue.submit(f"/tickets/{broker.id}/allow").status_code == 303
    (allowed,) = rows(network, BrokerVenue)
    with network.sessions() as db:
        assert db.get_one(Venue, allowed.venue_id).name == "Teatteri 1"
    assert venue.submit(f"/tickets/{broker.id}/stop").status_code == 303
    assert rows(network, BrokerVenue) == []


def test_a_new_key_ends_the_one_before_and_a_key_can_be_ended(network) -> None:
    service = network.browser("keskus")
    service.submit("/brokers", name="Lippupalvelu")
    (before,) = rows(network, Broker)
    service.submit(f"/brokers/{before.id}/key")
    (after,) = rows(network, Broker)
    assert before.key_hash != after.key_hash

    service.submit(f"/brokers/{before.id}/end")
    (ended,) = rows(network, Broker)
    assert ended.key_hash is None
    assert "Ilman avainta" in words(service.open("/brokers"))


def test_a_broker_without_a_name_is_none(network) -> None:
    answer = network.browser("keskus").submit("/brokers", name="  ")

    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text
