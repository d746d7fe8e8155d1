"""Figures that a coordinator chooses: months, a venue, a category; and what is wrong with them."""

import pytest
from sqlalchemy import select

from server.audit.models import AuditEntry
from server.audit.service import Act
from server.venue.models import Venue
from shared.scan import Category
from tests.factories import NOON, make_card, make_scanner, make_visit
from tests.server.console.conftest import headline, words
from tests.server.report.cells import settle


@pytest.fixture
def venue_id(network):
    """Six holders were at the theatre in September, each with a child; one at a match."""
    with network.sessions.begin() as db:
        venue = db.scalars(select(Venue).where(Venue.name == "Teatteri 1")).one()
        scanner = make_scanner(db, venue=venue)
        for _ in range(6):
            make_visit(db, make_card(db)[0], scanner, children=1, at=NOON.replace(month=9))
        alone = {"category": Category.SPORT, "at": NOON.replace(month=10)}
        make_visit(db, make_card(db)[0], scanner, **alone)
        settle(db)
        return venue.id


def choose(network, **fields: object):
    query = {"first": "1.2026", "last": "12.2026"} | fields
    return network.browser("vastuu-1").get("/console/figures/chosen", params=query)


def test_the_form_asks_for_this_year_and_tells_nothing_yet(network, venue_id) -> None:
    told = network.browser("vastuu-1").open("/figures/chosen")

    assert 'value="1.2026"' in told.text
    assert 'value="11.2026"' in told.text
    assert str(venue_id) in told.text
    assert "<dl" not in told.text
    with network.sessions() as db:
        assert db.scalar(select(AuditEntry.id)) is None


def test_a_choice_is_told_and_written_down(network, venue_id) -> None:
    told = choose(network, first="9.2026", last="2026-09", venue=venue_id, category="culture")

    assert told.status_code == 200
    assert headline(told, "Käyttökertoja yhteensä") == "12"
    assert headline(told, "Niistä lapsia") == "6"
    assert "Syyskuu 2026" in words(told)
    with network.sessions() as db:
        [entry] = db.scalars(select(AuditEntry).where(AuditEntry.act == Act.FIGURES_CHOSEN))
    assert entry.detail == "2026-09 - 2026-09, Teatteri 1, culture"


@pytest.mark.usefixtures("venue_id")
def test_what_one_person_did_is_not_shown(network) -> None:
    for fields in ({"category": "sport"}, {"first": "10.2026", "last": "10.2026"}):
        told = choose(network, **fields)
        assert told.status_code == 200
        assert "Alle viisi kortinhaltijaa" in words(told)
        assert "<dl" not in told.text


@pytest.mark.usefixtures("venue_id")
def test_the_month_of_one_person_is_hidden_in_the_line(network) -> None:
    told = words(choose(network, first="9.2026", last="10.2026"))

    assert "Syyskuu 2026 .." in told
    assert "Lokakuu 2026 .." in told


@pytest.mark.parametrize(
    ("fields", "beside", "said"),
    [
        ({"first": "9.2026", "last": "8.2026"}, "last", "ei voi päättyä ennen kuin se alkaa"),
        ({"first": "1.1987", "last": "11.2026"}, "last", "enintään kymmenen vuotta"),
        ({"first": "12.2016", "last": "12.2026"}, "last", "enintään kymmenen vuotta"),
        ({"first": "12.2026"}, "first", "vasta tulossa"),
        ({"first": "syyskuu"}, "first", "muodossa 2.2027"),
        ({"last": "13.2026"}, "last", "muodossa 2.2027"),
        ({"last": ""}, "last", "muodossa 2.2027"),
        ({"last": "\N{ARABIC-INDIC DIGIT ONE}.2026"}, "last", "muodossa 2.2027"),
        ({"venue": "x"}, "venue", "alueen kohde"),
        ({"category": "film"}, "category", "Valitse yksi"),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_nothing_is_lost(
    network, fields, beside, said
) -> None:
    told = choose(network, **fields)

    assert told.status_code == 422
    assert said in told.text.split(f'id="{beside}-error">')[1].split("<")[0]
    for name, typed in fields.items():
        if name in {"first", "last"}:
            assert f'name="{name}" type="text" value="{typed}"' in told.text


@pytest.mark.usefixtures("venue_id")
def test_another_areas_venue_is_not_chosen(network) -> None:
    with network.sessions() as db:
        other = db.scalars(select(Venue.id).where(Venue.name == "Teatteri 2")).one()

    told = choose(network, venue=other)

    assert told.status_code == 422
    assert 'id="venue-error"' in told.text
    with network.sessions() as db:
        assert db.scalar(select(AuditEntry.id)) is None


@pytest.mark.usefixtures("venue_id")
def test_ten_years_are_not_too_long_and_those_before_the_network_are_empty(network) -> None:
    told = choose(network, first="12.2016", last="11.2026")

    assert told.status_code == 200
    assert headline(told, "Käyttökertoja yhteensä") == "13"
