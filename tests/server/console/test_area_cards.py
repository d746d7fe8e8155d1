"""How a coordinator helps with lost cards and phones of the own area (R13)."""

import re

import pytest
from sqlalchemy import select

from server.access.models import Access
from server.audit.models import AuditEntry
from server.card.models import Activation, Card
from server.demo.phone import Phone
from shared.token.codes import print_code, read_activation_code
from tests.server.console.conftest import words


def the_card(network) -> Card:
    with network.sessions() as db:
        return db.scalars(select(Card).order_by(Card.id)).first()


@pytest.fixture
def card(network, granted) -> Card:
    granted(life_situation="retired", gender="woman")
    return the_card(network)


@pytest.fixture
def activate(desk, clock):
    """Bring a card to a phone."""

    def activate_card(card: Card) -> None:
        shown = desk.submit(f"/cards/{card.id}/activation").text
        typed = shown.split('<p class="code big">')[1].split("</p>")[0]
        proof = Phone().activation_proof(read_activation_code(typed, base_url=None), now=clock())
        sent = desk.post(
            "/api/v1/activations", content=proof, headers={"content-type": "application/cose"}
        )
        assert sent.is_success, sent.text

    return activate_card


def found(browser, card: Card):
    answer = browser.open(f"/area-cards?code={print_code(card.code).lower()}")
    assert answer.status_code == 303, words(answer)
    return browser.get(answer.headers["location"])


def acts_of(network, handle: str) -> list[str]:
    with network.sessions() as db:
        own = select(AuditEntry.act).join(Access, Access.id == AuditEntry.access_id)
        return list(db.scalars(own.where(Access.handle == handle).order_by(AuditEntry.id)))


def test_a_card_is_found_by_its_code_and_shows_nothing_of_its_holder(
    network, coordinator, card
) -> None:
    shown = words(found(coordinator, card))
    assert print_code(card.code) in shown
    assert "Sosiaaliasema 1" in shown
    for background in ("1975", "33100", "Eläke", "Nainen", "toimeentulo", str(card.holder_id)):
        assert background not in shown
    assert acts_of(network, "vastuu-1") == ["card_looked_at"]


def test_another_areas_code_is_answered_exactly_as_one_that_no_card_has(network, card) -> None:
    stranger = network.browser("vastuu-2")
    theirs, none = (
        stranger.open(f"/area-cards?code={code}") for code in (card.code, "ZZZ-ZZZ-ZZZ")
    )
    assert theirs.status_code == none.status_code == 200
    assert re.sub(r'value="[^"]*"', "", theirs.text) == re.sub(r'value="[^"]*"', "", none.text)
    assert acts_of(network, "vastuu-2") == ["card_sought", "card_sought"]


def test_another_areas_card_is_out_of_reach_by_its_id_too(network, card) -> None:
    stranger = network.browser("vastuu-2")
    assert stranger.open(f"/area-cards/{card.id}").status_code == 404
    for act in ("block", "unblock", "lost-phone"):
        assert stranger.submit(f"/area-cards/{card.id}/{act}").status_code == 404, act
    assert the_card(network).blocked_at is None
    assert acts_of(network, "vastuu-2") == []


def test_a_lost_card_is_blocked_once_and_opened_again(network, coordinator, card) -> None:
    for _ in range(2):  # a second click
        assert coordinator.submit(f"/area-cards/{card.id}/block").status_code == 303
    assert the_card(network).blocked_at is not None
    assert "Suljettu" in words(coordinator.open(f"/area-cards/{card.id}"))
    assert coordinator.submit(f"/area-cards/{card.id}/unblock").status_code == 303
    assert the_card(network).blocked_at is None
    assert acts_of(network, "vastuu-1") == ["card_blocked", "card_looked_at", "card_unblocked"]


def test_a_card_that_another_has_replaced_stays_closed(network, coordinator, desk, card) -> None:
    desk.submit(f"/cards/{card.id}/replace")
    shown = coordinator.open(f"/area-cards/{card.id}")
    assert "/unblock" not in shown.text
    assert "uudempi kortti" in words(shown)
    assert coordinator.submit(f"/area-cards/{card.id}/unblock").status_code == 409
    assert the_card(network).blocked_at is not None


def test_a_card_is_taken_off_a_lost_phone_and_its_codes_end(
    network, coordinator, desk, card, activate
) -> None:
    activate(card)
    desk.submit(f"/cards/{card.id}/activation")  # a code that nobody has used yet
    assert "/lost-phone" in coordinator.open(f"/area-cards/{card.id}").text
    assert coordinator.submit(f"/area-cards/{card.id}/lost-phone").status_code == 303
    assert the_card(network).key_x is None
    assert "/lost-phone" not in coordinator.open(f"/area-cards/{card.id}").text
    with network.sessions() as db:
        waiting = db.scalars(select(Activation).where(Activation.used_at.is_(None))).all()
        assert waiting
        assert all(one.usable_until <= network.app.state.clock() for one in waiting)


def test_an_empty_search_finds_nothing_and_is_no_search(network, coordinator) -> None:
    assert coordinator.open("/area-cards?code=%20").status_code == 200
    assert acts_of(network, "vastuu-1") == []
