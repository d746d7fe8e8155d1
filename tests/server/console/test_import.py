"""A long table from paper: in the background, a chunk at a time, stopped and gone on with."""

import pytest
from sqlalchemy import func, select

from server.app import MOST_TABLE_BYTES
from server.grant.service import CardRequest, grant_card
from server.paperform.models import KeptLine
from server.paperform.work import CHUNK, SMALL
from server.scan.models import Scan
from server.visit.models import Visit
from server.work.models import Work, WorkFile
from tests.factories import NOON, SECRET, make_distributor
from tests.server.console.conftest import words
from tests.server.console.test_paper import preview, record, sent_on, table

LINES = SMALL + 100


@pytest.fixture
def long_table(network) -> list[str]:
    """Lines of 40 cards, each on many days; the very first two say the same."""
    with network.sessions.begin() as db:
        desk = make_distributor(db)
        request = CardRequest(birth_year=1975, home_postcode="33100", children=2)
        codes = [
            grant_card(db, desk, request, secret=SECRET, now=NOON.replace(month=9)).card.code
            for _ in range(40)
        ]
    lines = [
        f"{1 + at // 40 % 20}.11.2026;{10 + at // 800}.00;{codes[at % 40]};1;kulttuuri"
        for at in range(LINES - 1)
    ]
    return [lines[0], *lines]


@pytest.fixture
def runner(network):
    return network.app.state.runner


def count(network, kind) -> int:
    with network.sessions() as db:
        return db.scalar(select(func.count()).select_from(kind)) or 0


def test_a_long_table_is_looked_at_and_recorded_in_the_background(
    network, venue, runner, long_table
) -> None:
    path = preview(venue, *long_table)
    page = venue.open(path)
    assert "Nothing" not in page.text
    assert '<iframe class="progress"' in page.text
    assert "frame-src 'self'" in page.headers["content-security-policy"]
    assert count(network, KeptLine) == 0

    runner.work_off()
    assert count(network, WorkFile) == 0
    done = words(venue.open(path))
    assert f"{LINES} riviä voidaan kirjata" in done
    assert "Kirjattu jo ennen: kerta riittää 1 " in done  # across chunks: a card has one
    assert count(network, Visit) == 0

    assert "Rivejä kirjataan" in words(record(venue, path))
    runner.work_off()
    assert f"{LINES} riviä on kirjattu" in words(venue.open(path))
    assert count(network, Visit) == LINES - 1
    assert count(network, Scan) == LINES - 1


def test_what_is_looked_at_is_what_becomes_of_it(network, venue, runner, long_table) -> None:
    def outcomes() -> list[tuple]:
        with network.sessions() as db:
            rows = select(KeptLine.number, KeptLine.outcome, KeptLine.reasons)
            return list(map(tuple, db.execute(rows.order_by(KeptLine.number))))

    again = [line.replace(".00;", ".30;") for line in long_table[::3]]
    path = preview(venue, *long_table, *again)
    runner.work_off()
    looked_at = outcomes()
    assert sum("already_in" in (reasons or ()) for _, _, reasons in looked_at) > len(again) // 2
    record(venue, path)
    runner.work_off()
    assert outcomes() == looked_at


def test_a_recording_that_is_stopped_keeps_what_it_has_and_goes_on(
    network, venue, runner, long_table
) -> None:
    path = preview(venue, *long_table)
    runner.work_off()
    record(venue, path)
    for _ in range(3):
        runner.do_turn()
    work = path.replace("/paper", "/work")
    progress = venue.open(f"{work}/progress")
    assert progress.headers["refresh"] == "2"
    assert "frame-ancestors 'self'" in progress.headers["content-security-policy"]

    assert sent_on(venue.submit(f"{work}/cancel")) == path
    runner.work_off()
    recorded = count(network, Visit)
    assert 3 * CHUNK - 1 <= recorded < LINES - 1
    stopped = words(venue.open(path))
    assert "Työ on pysäytetty." in stopped
    assert "riviä on kirjattu, ja ne säilyvät" in stopped
    assert "refresh" not in venue.open(f"{work}/progress").headers

    assert sent_on(venue.submit(f"{work}/resume")) == path
    runner.work_off()
    assert count(network, Visit) == LINES - 1
    assert f"{LINES} riviä on kirjattu" in words(venue.open(path))


def test_a_stopped_look_records_nothing_and_goes_on(network, venue, runner, long_table) -> None:
    path = preview(venue, *long_table)
    runner.do_turn()
    work = path.replace("/paper", "/work")
    venue.submit(f"{work}/cancel")
    record(venue, path)
    runner.work_off()
    assert count(network, Visit) == 0
    venue.submit(f"{work}/resume")
    runner.work_off()
    assert f"{LINES} riviä voidaan kirjata" in words(venue.open(path))


def test_lines_are_shown_by_the_hundred(venue, runner, long_table) -> None:
    path = preview(venue, *long_table, "31.2.2026;;X;;")
    runner.work_off()
    page = venue.open(path)
    assert page.text.count("<tr>") == 1 + 100
    assert f"{path}?after=100" in page.text
    page = venue.open(f"{path}?only=problems")
    assert page.text.count("<tr>") == 1 + 1
    assert f">{LINES + 1}</td>" in page.text


def test_a_table_of_two_hundred_thousand_lines_is_refused_beside_the_field(network, venue) -> None:
    page = venue.post("/console/paper/preview", files=table(*["20.11.2026;;X;1;"] * 200_000))
    assert page.status_code == 422
    field = page.text.split('id="file-error"')[1]
    assert "Lähetä enintään 50\N{NO-BREAK SPACE}000 riviä" in field.split("</span>")[0]
    assert 'aria-invalid="true"' in field.split("</p>")[0]
    assert count(network, Work) == 0


def test_a_file_without_end_is_not_read(venue) -> None:
    sent = table("20.11.2026;;X;1;" + "x" * 9_000_000)
    assert venue.post("/console/paper/preview", files=sent).status_code == 422
    sent = table("x" * MOST_TABLE_BYTES)
    assert venue.post("/console/paper/preview", files=sent).status_code == 413


def test_a_third_long_table_is_the_last_that_waits(network, venue, long_table) -> None:
    for _ in range(3):
        preview(venue, *long_table)
    page = venue.post("/console/paper/preview", files=table(*long_table))
    assert page.status_code == 422
    assert "Kolme taustatyötä on kesken" in words(page)
    assert count(network, Work) == 3


def test_the_work_of_a_location_is_shown_to_nobody_else(network, venue, runner, long_table) -> None:
    path = preview(venue, *long_table)
    other, work = network.browser("kohde-2"), path.replace("/paper", "/work")
    assert "Ei viimeaikaisia töitä" in words(other.open("/work"))
    assert path in venue.open("/work").text
    for one in (path, f"{path}/problems.csv", f"{work}/progress"):
        assert other.open(one).status_code == 404
    for one in (f"{path}/record", f"{work}/cancel", f"{work}/resume"):
        assert other.submit(one).status_code == 404
    runner.work_off()
    assert other.submit(f"{path}/record").status_code == 404
    assert count(network, Visit) == 0


def test_after_a_week_the_lines_are_gone(network, venue, runner, clock, long_table) -> None:
    path = preview(venue, *long_table)
    runner.work_off()
    clock.advance(days=7)
    runner.work_off()
    assert network.browser("kohde-1").open(path).status_code == 404
    assert count(network, KeptLine) == 0
