"""Sheets of many cards in one file: printed in the background, downloaded once."""

from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select

from server.audit.models import AuditEntry
from server.card.models import Activation, Card, CredentialKind, SignedCredential
from server.console.forms import MOST_FIELDS
from server.distributor.models import Distributor
from server.grant.service import CardRequest, grant_card
from server.sheet.models import SheetPage
from server.sheet.work import PAGES_AT_ONCE
from server.work.models import WorkFile
from tests.factories import NOON, SECRET
from tests.server.console.conftest import words
from tests.server.console.test_paper import sent_on

CARDS = 12


@pytest.fixture
def cards(network) -> list[Card]:
    with network.sessions.begin() as db:
        own = db.scalars(select(Distributor).where(Distributor.name == "Sosiaaliasema 1")).one()
        request = CardRequest(birth_year=1975, home_postcode="33100", children=2)
        return [grant_card(db, own, request, secret=SECRET, now=NOON).card for _ in range(CARDS)]


@pytest.fixture
def runner(network):
    return network.app.state.runner


def papers(network) -> list[SignedCredential]:
    with network.sessions() as db:
        paper = SignedCredential.kind == CredentialKind.PAPER
        return list(db.scalars(select(SignedCredential).where(paper)))


def count(network, kind, *where) -> int:
    with network.sessions() as db:
        return db.scalar(select(func.count()).select_from(kind).where(*where)) or 0


def text_of(pdf: bytes) -> list[str]:
    return [one.extract_text() for one in PdfReader(BytesIO(pdf)).pages]


def newest_first(cards: list[Card]) -> list[Card]:
    return sorted(cards, key=lambda card: card.id, reverse=True)


def printed(code: str) -> str:
    return f"{code[:3]}-{code[3:6]}-{code[6:]}"


def test_all_cards_of_a_choice_are_printed_into_one_file(
    network, desk, runner, cards, clock
) -> None:
    assert f"Tulosta {CARDS} kortin arkit" in words(desk.open("/sheets?choice=today"))
    path = sent_on(desk.submit("/sheets", which="all", choice="today", language="sv"))
    assert "iframe" in desk.open(path).text
    assert papers(network) == []
    runner.work_off()
    assert f"{CARDS} kortin arkit ovat valmiit" in words(desk.open(path))

    answer = desk.submit(f"{path}/file")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment")
    pages = text_of(answer.content)
    assert len(pages) == CARDS
    for card, page in zip(newest_first(cards), pages, strict=True):
        assert printed(card.code) in page
        assert "Ditt Kaikukort" in page
    assert count(network, Activation, Activation.usable_until > clock()) == CARDS
    with network.sessions() as db:
        entries = list(db.scalars(select(AuditEntry).where(AuditEntry.act == "sheet_printed")))
    assert {entry.card_id for entry in entries} == {card.id for card in cards}
    assert {f"/sheets/{entry.subject_id}" for entry in entries} == {path}

    gone = desk.submit(f"{path}/file")
    assert gone.status_code == 410
    assert "Tiedosto on ladattu ja poistettu" in words(gone)
    assert count(network, AuditEntry, AuditEntry.act == "sheets_downloaded") == 1


def test_ticked_cards_alone_are_printed(desk, runner, cards) -> None:
    ticked = {f"card-{card.id}": "1" for card in cards[:2]}
    path = sent_on(desk.submit("/sheets", which="ticked", choice="all", **ticked))
    runner.work_off()
    assert len(text_of(desk.submit(f"{path}/file").content)) == 2
    assert f"Tulosta {CARDS - 2} kortin arkit" in words(desk.open("/sheets"))  # not printed yet


def test_no_card_chosen_is_said_and_the_ticks_stay(desk, cards) -> None:
    assert len(cards) < MOST_FIELDS
    page = desk.submit("/sheets", which="ticked", choice="today", language="sv")
    assert page.status_code == 422
    assert "Valitse ainakin yksi kortti." in words(page)
    assert '<option value="sv" selected>' in page.text


def test_anothers_cards_are_not_printed(network, desk, cards) -> None:
    other = network.browser("jakaja-2")
    page = other.submit("/sheets", which="ticked", **{f"card-{cards[0].id}": "1"})
    assert page.status_code == 422
    path = sent_on(desk.submit("/sheets", which="all", choice="today"))
    network.app.state.runner.work_off()
    assert other.open(path).status_code == 404
    assert other.submit(f"{path}/file").status_code == 404
    assert count(network, WorkFile) == 1


def test_a_card_that_is_blocked_meanwhile_is_left_out(desk, runner, cards) -> None:
    path = sent_on(desk.submit("/sheets", which="all", choice="today"))
    desk.submit(f"/cards/{cards[0].id}/block")
    runner.work_off()
    assert "Yksi kortti jäi pois" in words(desk.open(path))
    assert len(text_of(desk.submit(f"{path}/file").content)) == CARDS - 1


def test_codes_lie_nowhere_in_the_database_as_they_are(network, desk, runner, cards) -> None:
    path = sent_on(desk.submit("/sheets", which="all", choice="today"))
    runner.do_turn()
    with network.sessions() as db:
        sealed = [one for one in db.scalars(select(SheetPage.sealed)) if one]
    assert len(sealed) == PAGES_AT_ONCE
    assert not any(b"activation" in one or cards[-1].code.encode() in one for one in sealed)
    runner.work_off()
    assert count(network, SheetPage, SheetPage.sealed.is_not(None)) == 0
    with network.sessions() as db:
        assert not db.scalars(select(WorkFile.content)).one().startswith(b"%PDF")
    desk.submit(f"{path}/file")
    assert count(network, WorkFile) == 0


@pytest.mark.usefixtures("cards")
def test_printing_that_was_stopped_goes_on_with_the_same_codes(network, desk, runner) -> None:
    path = sent_on(desk.submit("/sheets", which="all", choice="today"))
    runner.do_turn()
    work = path.replace("/sheets", "/work")
    desk.submit(f"{work}/cancel")
    runner.work_off()
    page = words(desk.open(path))
    assert f"{PAGES_AT_ONCE} kortilla on jo uusi arkki" in page
    desk.submit(f"{work}/resume")
    runner.work_off()
    assert len(text_of(desk.submit(f"{path}/file").content)) == CARDS
    assert [paper.revoked_at for paper in papers(network)] == [None] * CARDS  # each printed once


@pytest.mark.usefixtures("cards")
def test_after_a_day_the_file_is_gone(network, desk, runner, clock) -> None:
    path = sent_on(desk.submit("/sheets", which="all", choice="today"))
    runner.work_off()
    clock.advance(days=1)
    runner.work_off()
    assert network.browser("jakaja-1").open(path).status_code == 404
    assert count(network, WorkFile) == 0
