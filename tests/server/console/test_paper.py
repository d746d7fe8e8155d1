"""Visits from paper: seen before they are recorded, with their true day, once (R21, R22)."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from server.audit.models import AuditEntry
from server.grant.service import CardRequest, grant_card
from server.scan.models import Scan
from server.venue.models import Scanner
from server.visit.models import Visit
from shared.token.codes import complete_code
from tests.factories import NOON, SECRET, make_distributor
from tests.server.console.conftest import words


@pytest.fixture
def codes(network):
    with network.sessions.begin() as db:
        desk = make_distributor(db)
        request = CardRequest(birth_year=1975, home_postcode="33100", children=2)
        long_ago = NOON - timedelta(days=100)
        return [
            grant_card(db, desk, request, secret=SECRET, now=long_ago).card.code for _ in range(2)
        ]


def table(*lines: str) -> dict:
    text = "\n".join(["päivä;kello;kortti;lapset;luokka", *lines])
    return {"file": ("kaavake.csv", text.encode(), "text/csv")}


def preview(venue, *lines: str) -> str:
    """Send a table; give the page where it stands."""
    return sent_on(venue.post("/console/paper/preview", files=table(*lines)))


def sent_on(answer) -> str:
    assert answer.status_code == 303, words(answer)
    return answer.headers["location"].removeprefix("/console")


def record(venue, path: str):
    """Say that the lines are to be recorded; give the page that tells what came of it."""
    return venue.open(sent_on(venue.submit(f"{path}/record")))


def visits(network) -> list[Visit]:
    with network.sessions() as db:
        return list(db.scalars(select(Visit).order_by(Visit.visited_at)))


def test_nothing_is_recorded_before_it_is_said(network, venue, codes) -> None:
    path = preview(
        venue, f"20.11.2026;18.30;{codes[0]};1;kulttuuri", f"21.11.2026;;{codes[1]};;liikunta"
    )
    page = venue.open(path)
    assert page.status_code == 200
    assert "2 riviä voidaan kirjata" in words(page)
    with network.sessions() as db:
        assert db.scalars(select(Visit)).all() == []
        assert db.scalars(select(Scan)).all() == []

    assert "2 riviä on kirjattu" in words(record(venue, path))
    first, second = visits(network)
    assert (first.visited_at.isoformat(), first.children) == ("2026-11-20T16:30:00+00:00", 1)
    assert (second.category, second.recorded_at.date()) == ("sport", NOON.date())
    with network.sessions() as db:
        assert sorted(db.scalars(select(AuditEntry.act))) == ["paper_recorded", "paper_tried"]


def test_the_same_table_twice_is_recorded_once(network, venue, codes) -> None:
    line = f"20.11.2026;;{codes[0]};1;kulttuuri"
    path = preview(venue, line)
    for _ in range(2):
        record(venue, path)
    again = preview(venue, line)
    assert "Kirjattu jo ennen" in words(venue.open(again))
    record(venue, again)
    assert len(visits(network)) == 1


def test_each_line_says_what_becomes_of_it_and_bad_ones_hold_up_no_others(network, venue, codes):
    path = preview(
        venue,
        f"20.11.2026;;{codes[0]};1;kulttuuri",
        f"20.11.2026;;{codes[0]};1;kulttuuri",
        f"1.10.2026;;{codes[0]};1;kulttuuri",
        f"24.12.2026;;{codes[0]};1;kulttuuri",
        f"20.11.2026;;{codes[1]};9;kulttuuri",
        f"20.11.2026;;{codes[1]};1;tiede",
        "20.11.2026;;AAA-AAA-AAA;1;kulttuuri",
    )
    rows = re.findall(r"<tr>(.*?)</tr>", venue.open(path).text, re.DOTALL)[1:]
    assert len(rows) == 7
    assert [number for number, row in enumerate(rows, 1) if 'class="error"' in row] == [4, 6, 7]
    assert "Kirjattu jo ennen" in rows[1]
    record(venue, path)
    with network.sessions() as db:
        outcomes = sorted(db.scalars(select(Scan.outcome)))
    assert outcomes == ["quarantined", "recorded", "recorded"]


def test_lines_with_a_problem_are_listed_alone_and_given_as_a_table(venue, codes) -> None:
    path = preview(
        venue,
        f"20.11.2026;;{codes[0]};1;kulttuuri",
        f"=1+1;;{codes[0]};1;kulttuuri",
        f"20.11.2026;;{codes[1]};monta;kulttuuri",
    )
    page = venue.open(f"{path}?only=problems")
    assert page.text.count("<tr>") == 1 + 2
    given = venue.open(f"{path}/problems.csv")
    assert given.headers["content-disposition"] == 'attachment; filename="korjattavat.csv"'
    head, *rows = given.content.decode("utf-8-sig").splitlines()
    assert head == "päivä;kello;kortti;lapset;avustaja;luokka;Mikä on pielessä"
    assert rows[0] == f"'=1+1;;{codes[0]};1;;kulttuuri;Kirjoita päivä muodossa 28.2.2027."
    assert rows[1].startswith(f"20.11.2026;;{codes[1]};monta;")


def test_typed_rows_are_read_and_come_back_when_there_is_none(network, venue, codes) -> None:
    empty = venue.submit("/paper/preview", **{"time-1": "18.00"})
    assert empty.status_code == 422
    assert 'value="18.00"' in empty.text
    path = sent_on(
        venue.submit(
            "/paper/preview",
            **{
                "day-2": "20.11.2026",
                "code-2": codes[0],
                "children-2": "1",
                "assistant-2": "1",
                "category-2": "sport",
            },
        )
    )
    record(venue, path)
    [visit] = visits(network)
    assert (visit.children, visit.assistant, visit.category) == (1, True, "sport")


def unknown_codes() -> list[str]:
    alphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
    return [code for a in alphabet for b in alphabet if (code := complete_code(f"7K3M9Q{a}{b}"))]


def test_unknown_codes_cannot_be_searched_by_previews(network, venue, codes) -> None:
    made = unknown_codes()
    lines = [f"20.11.2026;;{code};;kulttuuri" for code in made[:40]]
    page = venue.open(preview(venue, *lines))
    assert page.text.count("Millään kortilla ei ole tätä koodia") == 30
    assert page.text.count("Ei vielä tarkistettu") == 10

    other = preview(venue, f"20.11.2026;;{codes[1]};;kulttuuri")
    assert "Ei vielä tarkistettu" in words(venue.open(other))  # known or not: it would learn which
    runner = network.app.state.runner
    runner.work_off()
    assert venue.open("/work").text.count("Odottaa vuoroaan") == 2
    asked = 0
    while "Odottaa vuoroaan" in venue.open("/work").text:
        network.app.state.clock.advance(seconds=61)
        runner.work_off()
        asked += 1
    assert 10 <= asked <= 12  # one more each minute, as any scanner may ask
    assert "Yksi rivi voidaan kirjata" in words(venue.open(other))


def test_an_old_line_waits_for_the_coordinator_of_the_area(network, venue, coordinator, codes):
    record(venue, preview(venue, *(f"{d}.10.2026;;{codes[0]};1;kulttuuri" for d in (1, 2))))
    assert visits(network) == []

    other = network.browser("vastuu-2")
    with network.sessions() as db:
        first, second = db.scalars(select(Scan.id).order_by(Scan.scanned_at))
    for act in ("take", "leave"):
        assert other.submit(f"/quarantine/{first}/{act}").status_code == 404
    assert "1.10.2026" in words(coordinator.open("/quarantine"))

    assert coordinator.submit(f"/quarantine/{first}/take").status_code == 303
    assert coordinator.submit(f"/quarantine/{first}/take").status_code == 404
    assert coordinator.submit(f"/quarantine/{second}/leave").status_code == 303
    [visit] = visits(network)
    assert visit.visited_at.date().isoformat() == "2026-10-01"
    assert visit.recorded_at.date() == NOON.date()
    assert "Mikään ei odota päätöstä" in words(coordinator.open("/quarantine"))
    with network.sessions() as db:
        acts = set(db.scalars(select(AuditEntry.act)))
        assert acts == {"paper_tried", "paper_recorded", "scan_taken", "scan_left"}


def test_a_typing_error_is_undone_and_the_right_line_recorded(network, venue, codes) -> None:
    wrong, right = (f"20.11.2026;;{codes[0]};{children};kulttuuri" for children in (2, 1))
    record(venue, preview(venue, wrong))
    [visit] = visits(network)
    assert venue.submit(f"/visits/{visit.id}/undo").status_code == 303  # typed just now
    record(venue, preview(venue, right))
    assert sorted(visit.children for visit in visits(network)) == [1, 2]


def test_several_first_tables_at_once_have_one_hand(network, codes) -> None:
    lines = [f"{day}.11.2026;;{codes[0]};;kulttuuri" for day in (18, 19, 20)]
    paths = [preview(network.browser("kohde-1"), line) for line in lines]
    with network.sessions.begin() as db:
        db.execute(delete(Scanner))
    with ThreadPoolExecutor() as pool:
        browsers = [network.browser("kohde-1") for _ in paths]
        sent = pool.map(
            lambda pair: pair[0].submit(f"{pair[1]}/record"), zip(browsers, paths, strict=True)
        )
    assert [answer.status_code for answer in sent] == [303, 303, 303]
    with network.sessions() as db:
        assert len(db.scalars(select(Scanner)).all()) == 1
        assert len(db.scalars(select(Visit)).all()) == 3


def test_the_hand_that_writes_is_no_scanner_on_the_list(venue, codes) -> None:
    record(venue, preview(venue, f"20.11.2026;;{codes[0]};1;kulttuuri"))
    assert "Lomakkeet" not in words(venue.open("/scanners"))
