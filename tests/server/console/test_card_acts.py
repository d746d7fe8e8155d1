"""What a distributor does with a card: print, correct, block, renew, replace (R7-R13)."""

from datetime import date, timedelta

from sqlalchemy import select

from server.card.models import Activation, CredentialKind, SignedCredential
from server.demo.phone import Phone
from shared.token.codes import read_activation_code
from tests.factories import NOON
from tests.server.console.conftest import words
from tests.server.console.held import acts, cards


def test_a_sheet_is_a_pdf_and_the_one_before_it_is_over(desk, network, granted, clock) -> None:
    path = granted()
    for language in ("fi", "selko", "sv", "en", "nonsense"):
        sheet = desk.submit(f"{path}/sheet", language=language)
        assert sheet.status_code == 200
        assert sheet.headers["content-type"] == "application/pdf"
        assert sheet.content.startswith(b"%PDF-")
    with network.sessions() as db:
        papers = db.scalars(
            select(SignedCredential).where(SignedCredential.kind == CredentialKind.PAPER)
        ).all()
        codes = db.scalars(select(Activation)).all()
    assert [paper.revoked_at is None for paper in papers].count(True) == 1
    assert sum(code.usable_until > clock() for code in codes) == 1
    assert acts(network).count("sheet_printed") == 5


def test_a_code_on_the_screen_brings_the_card_to_a_phone(desk, granted, network, clock) -> None:
    path = granted()
    shown = desk.submit(f"{path}/activation").text
    typed = shown.split('<p class="code big">')[1].split("</p>")[0]
    code, phone = read_activation_code(typed, base_url=None), Phone()
    answer = desk.post(
        "/api/v1/activations",
        content=phone.activation_proof(code, now=clock()),
        headers={"content-type": "application/cose"},
    )
    assert answer.status_code == 200, answer.text
    [card] = cards(network)
    assert (card.key_x, card.key_odd) == (phone.point.x, phone.point.odd)


def test_nothing_is_printed_for_a_blocked_card(desk, granted) -> None:
    path = granted()
    desk.submit(f"{path}/block")
    for act in ("sheet", "activation"):
        answer = desk.submit(f"{path}/{act}")
        assert answer.status_code == 409
        assert "suljettu" in words(answer)


def test_blocking_and_opening_twice_is_once(desk, network, granted) -> None:
    path = granted()
    for act in ("block", "block", "unblock", "unblock"):
        assert desk.submit(f"{path}/{act}").status_code == 303
    assert cards(network)[0].blocked_at is None
    assert acts(network) == ["card_granted", "card_blocked", "card_unblocked"]


def test_children_are_corrected_within_bounds(desk, network, granted) -> None:
    path = granted()
    assert desk.submit(f"{path}/children", children="3").status_code == 303
    wrong = desk.submit(f"{path}/children", children="minus two")
    assert wrong.status_code == 409
    assert 'value="minus two"' in wrong.text
    assert [card.children for card in cards(network)] == [3]


def test_a_replaced_card_is_blocked_and_the_holder_goes_on(desk, network, granted) -> None:
    path = granted(gender="man")
    first = desk.submit(f"{path}/replace")
    again = desk.submit(f"{path}/replace")

    old, new = cards(network)
    assert first.headers["location"].split("?")[0] == again.headers["location"]
    assert old.blocked_at is not None
    assert (new.follows_id, new.holder_id, new.last_valid_on) == (
        old.id, old.holder_id, old.last_valid_on,
    )  # fmt: skip
    assert (new.children, new.gender, new.blocked_at) == (old.children, "man", None)
    assert new.code != old.code
    assert desk.submit(f"{path}/unblock").status_code == 409
    assert cards(network)[0].blocked_at is not None
    assert acts(network).count("card_replaced") == 1


def test_a_card_is_renewed_in_its_last_sixty_days_once(desk, network, granted, clock) -> None:
    path = granted()
    assert desk.submit(f"{path}/renew").status_code == 409
    clock.now = NOON + timedelta(days=310)
    desk = network.browser("jakaja-1")
    first, again = desk.submit(f"{path}/renew"), desk.submit(f"{path}/renew")

    old, new = cards(network)
    assert first.headers["location"].split("?")[0] == again.headers["location"]
    assert new.first_valid_on == old.last_valid_on + timedelta(days=1)
    assert new.last_valid_on == date(2028, 11, 21)
    assert str(new.id) in desk.open(path).text


def test_until_the_old_card_ends_what_is_done_to_one_is_done_to_both(desk, network, granted, clock):
    path = granted()
    clock.now = NOON + timedelta(days=310)
    desk = network.browser("jakaja-1")
    desk.submit(f"{path}/renew")
    desk.submit(f"{path}/children", children="5")
    assert [card.children for card in cards(network)] == [5, 5]
    desk.submit(f"{path}/block")
    assert desk.submit(f"{path}/unblock").status_code == 303  # nothing has taken its place
    assert cards(network)[0].blocked_at is None


def test_only_a_card_in_force_is_replaced(desk, network, granted, clock) -> None:
    path = granted()
    desk.submit(f"{path}/block")
    assert desk.submit(f"{path}/replace").status_code == 409  # that would open it
    desk.submit(f"{path}/unblock")
    clock.now = NOON + timedelta(days=400)
    desk = network.browser("jakaja-1")
    assert desk.submit(f"{path}/replace").status_code == 409
    assert len(cards(network)) == 1


def test_a_lost_phones_open_code_is_over(desk, network, granted, clock) -> None:
    path = granted()
    desk.submit(f"{path}/activation")
    desk.submit(f"{path}/lost-phone")
    with network.sessions() as db:
        assert all(code.usable_until <= clock() for code in db.scalars(select(Activation)))


def test_a_refusal_that_shows_the_card_is_a_look_at_it(desk, network, granted) -> None:
    path = granted()
    desk.submit(f"{path}/children", children="x")
    desk.submit(f"{path}/renew")
    assert acts(network) == ["card_granted", "card_looked_at", "card_looked_at"]


def test_a_card_that_is_over_is_renewed_from_today(desk, network, granted, clock) -> None:
    path = granted()
    clock.now = NOON + timedelta(days=500)
    desk = network.browser("jakaja-1")
    assert desk.submit(f"{path}/renew").status_code == 303
    assert cards(network)[1].first_valid_on == clock.now.date()
