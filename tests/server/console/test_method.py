"""The note on method, and what a published year says of what came after it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from server.report.publishing.publication import publish_year
from server.venue.models import Scanner, Venue
from server.visit.models import Visit, Voiding
from tests.factories import NOON, make_card, make_scanner, make_visit
from tests.server.console.conftest import words
from tests.server.report.cells import settle

PUBLISHED = datetime(2027, 2, 1, 12, tzinfo=UTC)


@pytest.fixture
def door(network):
    """The id of a theatre's scanner; twelve holders were there in a year that is published."""
    with network.sessions.begin() as db:
        venue = db.scalars(select(Venue).where(Venue.name == "Teatteri 1")).one()
        scanner = make_scanner(db, venue=venue)
        for number in range(12):
            make_visit(db, make_card(db)[0], scanner, children=number % 3)
        settle(db)
        publish_year(db, 2026, now=PUBLISHED)
        return scanner.id


@pytest.mark.usefixtures("door")
@pytest.mark.parametrize("path", ["/statistics", "/statistics/2026"])
def test_pages_of_figures_lead_to_the_note_on_method(network, path) -> None:
    assert 'href="/console/statistics/method"' in network.browser().open(path).text


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fi", ["alle viisi", "kymmenen", "(..)", "CC BY 4.0", "naapurin"]),
        ("sv", ["färre än fem", "tio", "(..)", "CC BY 4.0", "grannens"]),
        ("en", ["fewer than five", "ten", "(..)", "CC BY 4.0", "neighbour"]),
    ],
)
def test_everybody_reads_how_figures_are_made_and_whom_to_ask(
    network, monkeypatch, language, told
) -> None:
    settings = network.app.state.settings
    monkeypatch.setattr(
        network.app.state,
        "settings",
        settings.model_copy(update={"controller": "Kunta\n0123"}),
    )
    browser = network.browser()
    browser.open(f"/look?language={language}")

    answer = browser.open("/statistics/method")

    assert answer.status_code == 200
    assert [one for one in [*told, "Kunta 0123"] if one not in words(answer)] == []


def test_what_is_undone_or_comes_in_after_publishing_changes_nothing_there(network, door) -> None:
    browser = network.browser()
    before = browser.open("/statistics/2026").text
    table = browser.open("/statistics").text
    with network.sessions.begin() as db:
        scanner = db.get_one(Scanner, door)
        undone = db.scalars(select(Visit).order_by(Visit.id)).first()
        db.add(Voiding(visit_id=undone.id, scanner_id=door, voided_at=PUBLISHED))
        for day in range(3):
            make_visit(db, make_card(db)[0], scanner, at=NOON + timedelta(days=day))
        settle(db)

    after = browser.open("/statistics/2026")

    assert after.text == before
    assert "Sen jälkeen kirjattu tai kumottu ei ole mukana." in words(after)
    assert browser.open("/statistics").text != table, "the national table goes on"
