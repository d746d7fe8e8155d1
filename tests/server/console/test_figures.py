"""Pages of figures: the country's for everybody, an area's for its coordinator."""

import csv
import io

import pytest
from httpx2 import Response
from sqlalchemy import select

from server.area.models import Area
from server.audit.models import AuditEntry
from server.audit.service import Act
from server.report.models import FigureKind, Publication, PublishedFigure
from server.venue.models import Venue
from tests.factories import NOON, make_card, make_scanner
from tests.server.report.test_rollup import settle, visit


@pytest.fixture
def busy(network):
    """Twelve holders were at a venue of the first coordinator's area, one of them with children."""
    with network.sessions.begin() as db:
        venue = db.scalars(select(Venue).where(Venue.name == "Teatteri 1")).one()
        scanner = make_scanner(db, venue=venue)
        for number in range(12):
            visit(db, make_card(db)[0], scanner, children=2 if number == 0 else 0)
        settle(db)
        return db.get_one(Area, venue.area_id)


def publish(network, area: Area, *, uses: int | None) -> None:
    scopes = {"fi": 14, f"county:{area.county_code}": 14, f"area:{area.id}": uses}
    with network.sessions.begin() as db:
        db.add(Publication(year="2025", made_at=NOON))
        db.flush()
        for scope, value in scopes.items():
            key = {"year": "2025", "kind": FigureKind.USES, "scope": scope, "slice": "all"}
            db.add(PublishedFigure(**key, value=value))


def headline(told: Response, title: str) -> str:
    """What a number on top of live figures is."""
    return told.text.split(f"<dt>{title}</dt>")[1].split("<strong>")[1].split("</strong>")[0]


@pytest.mark.usefixtures("busy")
def test_everybody_reads_the_national_table(network) -> None:
    told = network.browser().open("/statistics")

    assert told.status_code == 200
    row = told.text[told.text.index('<th scope="row">2026</th>') :].split("</tr>")[0]
    numbers = [cell.split("<")[0] for cell in row.replace("<strong>", "").split('"number">')[1:]]
    assert numbers == ["12", "12", "12", "0", "0", "0", "2", "0", "0", "0", "14", "1"]


def test_without_figures_the_page_says_so(network) -> None:
    assert "Lukuja ei vielä ole" in network.browser().open("/statistics").text


@pytest.mark.usefixtures("busy")
def test_a_coordinator_reads_the_own_area_and_that_is_written_down(network) -> None:
    told = network.browser("vastuu-1").open("/figures")

    assert headline(told, "Käyttökertoja yhteensä") == "14"
    assert headline(told, "Kävijöinä kortinhaltijoita") == "12"
    with network.sessions() as db:
        [entry] = db.scalars(select(AuditEntry).where(AuditEntry.act == Act.FIGURES_READ))
    assert entry.detail == "2026"


@pytest.mark.usefixtures("busy")
def test_another_areas_figures_are_not_there_whatever_year_is_asked(network) -> None:
    for year in ("", "2026", "20xx", "9999"):
        told = network.browser("vastuu-2").open(f"/figures?year={year}")
        assert told.status_code == 200
        assert "Lukuja ei vielä ole" in told.text


@pytest.mark.parametrize(("uses", "cell"), [(14, "14"), (None, "..")])
def test_a_published_year_is_a_page_and_a_table(network, busy, uses, cell) -> None:
    publish(network, busy, uses=uses)
    browser = network.browser()

    page = browser.open("/statistics/2025")
    answer = browser.open("/statistics/2025/table.csv")

    row = page.text[page.text.index(f'<th scope="row">{busy.name}</th>') :].split("</tr>")[0]
    assert (f'<td class="number">{cell}</td>' in row) is (uses is not None)
    assert ("Piilotettu" in row.split("</td>")[0]) is (uses is None)
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[1][:2] == ["Koko maa", "14"]
    assert [busy.name, cell] in [row[:2] for row in rows]


@pytest.mark.parametrize("path", ["/statistics/2024", "/statistics/2024/table.csv"])
def test_a_year_that_was_not_published_is_not_there(network, path) -> None:
    answer = network.browser().open(path)

    assert answer.status_code == 404
    assert "ei ole julkaistu" in answer.text


@pytest.mark.parametrize("year", ["49", "20255", "abcd", "2025'--"])
def test_what_is_no_year_is_no_page(network, year) -> None:
    assert network.browser().open(f"/statistics/{year}").status_code == 404
