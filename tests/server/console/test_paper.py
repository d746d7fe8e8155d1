"""Visits from paper: seen before they are recorded, with their true day, once (R21, R22)."""

import html
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
from tests.server.console.conftest import field_of, words


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


def preview(venue, *lines: str):
    return venue.post("/console/paper/preview", files=table(*lines))


def visits(network) -> list[Visit]:
    with network.sessions() as db:
        return list(db.scalars(select(Visit).order_by(Visit.visited_at)))


def carried(page) -> str:
    return html.unescape(field_of(page, "table"))


def test_nothing_is_recorded_before_it_is_said(network, venue, codes) -> None:
    page = preview(
        venue, f"20.11.2026;18.30;{codes[0]};1;kulttuuri", f"21.11.2026;;{codes[1]};;liikunta"
    )
    assert page.status_code == 200
    assert "2 riviä voidaan kirjata" in words(page)
    with network.sessions() as db:
        assert db.scalars(select(Visit)).all() == []
        assert db.scalars(select(Scan)).all() == []

    done = venue.submit("/paper", table=carried(page))
    assert done.status_code == 200
    first, second = visits(network)
    assert (first.visited_at.isoformat(), first.children) == ("2026-11-20T16:30:00+00:00", 1)
    assert (second.category, second.recorded_at.date()) == ("sport", NOON.date())
    with network.sessions() as db:
        assert sorted(db.scalars(select(AuditEntry.act))) == ["paper_recorded", "paper_tried"]


def test_the_same_table_twice_is_recorded_once(network, venue, codes) -> None:
    page = preview(venue, f"20.11.2026;;{codes[0]};1;kulttuuri")
    for _ in range(2):
        done = venue.submit("/paper", table=carried(page))
    assert "Kirjattu jo ennen" in words(done)
    assert len(visits(network)) == 1


def test_each_line_says_what_becomes_of_it_and_bad_ones_hold_up_no_others(network, venue, codes):
    page = preview(
        venue,
        f"20.11.2026;;{codes[0]};1;kulttuuri",
        f"20.11.2026;;{codes[0]};1;kulttuuri",
        f"1.10.2026;;{codes[0]};1;kulttuuri",
        f"24.12.2026;;{codes[0]};1;kulttuuri",
        f"20.11.2026;;{codes[1]};9;kulttuuri",
        f"20.11.2026;;{codes[1]};1;tiede",
        "20.11.2026;;AAA-AAA-AAA;1;kulttuuri",
    )
    rows = re.findall(r"<tr>(.*?)</tr>", page.text, re.DOTALL)[1:]
    assert len(rows) == 7
    assert sum('class="error"' in row for row in rows) == 3
    assert carried(page).count("\n") == 1 + 4
    venue.submit("/paper", table=carried(page))
    with network.sessions() as db:
        outcomes = sorted(db.scalars(select(Scan.outcome)))
    assert outcomes == ["quarantined", "recorded", "recorded"]


def test_typed_rows_are_read_and_come_back_when_there_is_none(network, venue, codes) -> None:
    empty = venue.submit("/paper/preview", **{"time-1": "18.00"})
    assert empty.status_code == 422
    assert 'value="18.00"' in empty.text
    page = venue.submit(
        "/paper/preview",
        **{
            "day-2": "20.11.2026",
            "code-2": codes[0],
            "children-2": "1",
            "assistant-2": "1",
            "category-2": "sport",
        },
    )
    venue.submit("/paper", table=carried(page))
    [visit] = visits(network)
    assert (visit.children, visit.assistant, visit.category) == (1, True, "sport")


def test_unknown_codes_cannot_be_searched_by_previews(venue) -> None:
    alphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
    made = [code for a in alphabet for b in alphabet if (code := complete_code(f"7K3M9Q{a}{b}"))]
    page = preview(venue, *(f"20.11.2026;;{code};;kulttuuri" for code in made[:40]))
    assert page.text.count("Tuntemattomia koodeja on liikaa") == 10
    again = preview(venue, f"20.11.2026;;{made[50]};;kulttuuri")
    assert "minuut" in words(again)  # it rests


def test_an_old_line_waits_for_the_coordinator_of_the_area(network, venue, coordinator, codes):
    page = preview(venue, *(f"{day}.10.2026;;{codes[0]};1;kulttuuri" for day in (1, 2)))
    venue.submit("/paper", table=carried(page))
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
    venue.submit("/paper", table=carried(preview(venue, wrong)))
    [visit] = visits(network)
    assert venue.submit(f"/visits/{visit.id}/undo").status_code == 303  # typed just now
    venue.submit("/paper", table=carried(preview(venue, right)))
    assert sorted(visit.children for visit in visits(network)) == [1, 2]


def test_several_first_tables_at_once_have_one_hand(network, codes) -> None:
    lines = [f"{day}.11.2026;;{codes[0]};;kulttuuri" for day in (18, 19, 20)]
    tables = [carried(preview(network.browser("kohde-1"), line)) for line in lines]
    with network.sessions.begin() as db:
        db.execute(delete(Scanner))
    with ThreadPoolExecutor() as pool:
        browsers = [network.browser("kohde-1") for _ in tables]
        sent = pool.map(
            lambda pair: pair[0].submit("/paper", table=pair[1]), zip(browsers, tables, strict=True)
        )
    assert [answer.status_code for answer in sent] == [200, 200, 200]
    with network.sessions() as db:
        assert len(db.scalars(select(Scanner)).all()) == 1
        assert len(db.scalars(select(Visit)).all()) == 3


def test_the_hand_that_writes_is_no_scanner_on_the_list(venue, codes) -> None:
    page = preview(venue, f"20.11.2026;;{codes[0]};1;kulttuuri")
    venue.submit("/paper", table=carried(page))
    assert "Lomakkeet" not in words(venue.open("/scanners"))
