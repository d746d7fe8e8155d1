"""Visits as a table to download: who may have which, what stands in it, and how it ends."""

import asyncio
import csv
import io
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from starlette.requests import ClientDisconnect

from server.audit.models import AuditEntry
from server.audit.service import Act
from server.console.streamed import AT_ONCE, StreamedTable
from server.venue.models import Venue
from server.visit.models import Voiding
from tests.factories import NOON, make_card, make_scanner, make_visit
from tests.server.console.conftest import words


@pytest.fixture
def visited(network):
    """A visit in each of the two areas, and one more that was recorded late and undone."""
    with network.sessions.begin() as db:
        for venue in db.scalars(select(Venue).order_by(Venue.name)):
            scanner = make_scanner(db, venue=venue)
            make_visit(db, make_card(db)[0], scanner, children=2)
        late = {"at": NOON - timedelta(days=60), "recorded_at": NOON}
        undone = make_visit(db, make_card(db)[0], scanner, **late)
        db.add(Voiding(visit_id=undone.id, scanner_id=scanner.id, voided_at=NOON))


def rows_of(answer) -> list[list[str]]:
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    text = answer.content.decode("utf-8-sig")
    assert answer.content != text.encode(), "spreadsheets know by its mark that it is UTF-8"
    return list(csv.reader(io.StringIO(text), delimiter=";"))


@pytest.mark.usefixtures("visited")
def test_kaikukeskus_has_the_whole_network(network) -> None:
    answer = network.browser("keskus").open("/visits.csv?first_on=1.9.2026&last_on=30.11.2026")

    assert 'filename="kaynnit-koko-maa.csv"' in answer.headers["content-disposition"]
    assert rows_of(answer) == [
        ["Päivä", "Kuukausi", "Kohde", "Alue", "Mihin", "Lapset",
         "Kirjattu vasta yli vuorokauden päästä", "Kumottu", "Laskettu"],
        ["23.9.2026", "2026-09", "Teatteri 2", "Pirkkala", "Kulttuuri", "0", "Kyllä", "Kyllä",
         "Ei"],
        ["22.11.2026", "2026-11", "Teatteri 2", "Pirkkala", "Kulttuuri", "2", "Ei", "Ei", "Kyllä"],
        ["22.11.2026", "2026-11", "Teatteri 1", "Tampere", "Kulttuuri", "2", "Ei", "Ei", "Kyllä"],
    ]  # fmt: skip
    with network.sessions() as db:
        [entry] = db.scalars(select(AuditEntry).where(AuditEntry.act == Act.VISITS_DOWNLOADED))
    assert entry.detail == "1.9.2026 - 30.11.2026"


@pytest.mark.usefixtures("visited")
def test_a_coordinator_has_the_own_area_as_it_is_filtered_in_the_list(network) -> None:
    coordinator = network.browser("vastuu-2")
    page = coordinator.open("/area-visits?first_on=1.1.2026&only=undone")
    link = page.text.split('href="/console/area-visits.csv?')[1].split('"')[0]

    [_, only] = rows_of(coordinator.open(f"/area-visits.csv?{link.replace('&amp;', '&')}"))

    assert only[2:4] == ["Teatteri 2", "Pirkkala"]
    assert only[7] == "Kyllä"
    with network.sessions() as db:
        theatre = db.scalars(select(Venue).where(Venue.name == "Teatteri 1")).one()
    asked = f"/area-visits.csv?first_on=&venue={theatre.id}"
    assert len(rows_of(coordinator.open(asked))) == 1, "a venue of another area"


@pytest.mark.usefixtures("visited")
def test_a_name_that_would_be_a_formula_is_none(network) -> None:
    with network.sessions.begin() as db:
        named = update(Venue).where(Venue.name == "Teatteri 1").values(name="=HYPERLINK(1)")
        db.execute(named)

    rows = rows_of(network.browser("vastuu-1").open("/area-visits.csv"))

    assert rows[1][2] == "'=HYPERLINK(1)"


@pytest.mark.parametrize(
    ("query", "beside"),
    [
        ("first_on=31.2.2026", "first_on"),
        ("last_on=eilen", "last_on"),
        ("first_on=2.1.2026&last_on=1.1.2026", "last_on"),
    ],
)
@pytest.mark.parametrize(
    ("handle", "path"), [("keskus", "/visits.csv"), ("vastuu-1", "/area-visits.csv")]
)
def test_a_mistake_is_told_beside_its_field(network, handle, path, query, beside) -> None:
    answer = network.browser(handle).open(f"{path}?{query}")

    assert answer.status_code == 422
    assert f'id="{beside}-error"' in answer.text
    for typed in query.split("&"):
        assert f'value="{typed.partition("=")[2]}"' in answer.text
    with network.sessions() as db:
        assert db.scalar(select(AuditEntry.id)) is None


def test_the_page_that_asks_for_days_begins_with_this_year(network) -> None:
    page = network.browser("keskus").open("/visit-table")

    assert 'value="1.1.2026"' in page.text
    assert "Ei mitään korteista" in words(page)


@pytest.mark.parametrize("spec", ["2.3", "2.4"])
async def test_a_reader_who_goes_away_stops_the_rows(spec) -> None:
    asked = 0
    closed = False

    def rows():
        nonlocal asked, closed
        try:
            while True:
                asked += 1
                yield ("row",)
        finally:
            closed = True

    sent: list[dict] = []
    scope = {"type": "http", "asgi": {"spec_version": spec}}

    goes_away = asyncio.Event()

    async def receive():
        await goes_away.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)
        if len(sent) > 4:
            goes_away.set()
            if spec == "2.4":
                raise OSError

    with suppress(ClientDisconnect):
        await StreamedTable(rows(), name="x")(scope, receive, send)

    assert closed
    assert asked < 100 * AT_ONCE
