"""A distributor grants a card: what is asked, refused and kept (R1-R6)."""

from datetime import date

import pytest
from sqlalchemy import select

from server.card.models import Card
from tests.server.console.conftest import field_of, words
from tests.server.console.held import acts, cards

GOOD = {"birth_year": "1975", "home_postcode": "33100", "children": "2", "grounds": "debts"}


def test_a_grant_keeps_what_was_asked_and_nothing_else(network, granted) -> None:
    granted(life_situation="retired", gender="woman", name="Maija Meikäläinen")

    [card] = cards(network)
    assert (card.birth_year, card.home_postcode, card.children) == (1975, "33100", 2)
    assert (card.grounds, card.life_situation, card.gender) == (
        "income_support", "retired", "woman",
    )  # fmt: skip
    assert card.last_valid_on == date(2027, 11, 21)
    with network.sessions() as db:
        for table in reversed(Card.metadata.sorted_tables):
            for row in db.execute(select(table)):
                assert "Maija" not in str(row)


def test_everything_that_is_wrong_is_told_at_once_beside_its_field(desk, network) -> None:
    form_id = field_of(desk.open("/cards/new"), "form_id")
    answer = desk.submit(
        "/cards/new", form_id=form_id, birth_year="75", home_postcode="3310",
        children="-1", grounds="rich", gender="woman",
    )  # fmt: skip

    assert answer.status_code == 422
    for field in ("birth_year", "home_postcode", "children", "grounds"):
        assert f'id="{field}-error"' in answer.text, field
        assert f'href="#{field}"' in answer.text, field
    assert 'value="75"' in answer.text
    assert '<option value="woman" selected>' in answer.text
    assert field_of(answer, "form_id") == form_id
    assert cards(network) == []


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"birth_year": "2011"}, "16"),
        ({"birth_year": "1850"}, "1975"),
        ({"birth_year": "١٩٧٥"}, "1975"),
        ({"home_postcode": "99999"}, "verkosto"),
        ({"home_postcode": "33100; DROP TABLE card"}, "33100"),
        ({"children": "24"}, "23"),
        ({"children": ""}, "23"),
        ({"children": "9" * 400}, "23"),
        ({"grounds": ""}, "Valitse"),
    ],
)
def test_each_mistake_says_what_to_do(desk, network, over, said) -> None:
    form_id = field_of(desk.open("/cards/new"), "form_id")
    answer = desk.submit("/cards/new", **({"form_id": form_id} | GOOD | over))
    assert answer.status_code == 422
    assert said in words(answer)
    assert cards(network) == []


def test_a_form_sent_twice_or_again_after_going_back_grants_one_card(desk, network) -> None:
    form = {"form_id": field_of(desk.open("/cards/new"), "form_id")} | GOOD
    first, second = desk.submit("/cards/new", **form), desk.submit("/cards/new", **form)
    assert first.headers["location"] == second.headers["location"]
    assert acts(network) == ["card_granted"]


def test_a_form_that_was_used_and_now_says_something_else_asks_first(desk, network) -> None:
    form = {"form_id": field_of(desk.open("/cards/new"), "form_id")} | GOOD
    desk.submit("/cards/new", **form)
    changed = desk.submit("/cards/new", **(form | {"birth_year": "1990"}))
    assert changed.status_code == 422
    assert "1990" in changed.text
    assert len(cards(network)) == 1

    again = form | {"birth_year": "1990", "form_id": field_of(changed, "form_id")}
    assert desk.submit("/cards/new", **again).status_code == 303
    assert [card.birth_year for card in cards(network)] == [1975, 1990]


def test_a_community_card_has_neither_birth_year_nor_home(network, granted) -> None:
    granted(community="1", children="10", birth_year="1975", grounds="")
    [card] = cards(network)
    assert (card.community, card.children) == (True, 10)
    assert (card.birth_year, card.home_postcode) == (None, None)
