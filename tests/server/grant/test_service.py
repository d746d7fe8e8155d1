"""Who gets a card, and until when: R1-R5, R11."""

from datetime import UTC, date, datetime

import pytest

from server.card.errors import ChildrenOutOfRange
from server.card.models import Activation, Card
from server.grant.errors import (
    HomeNotInNetwork,
    MalformedBirthYear,
    MalformedPostcode,
    TooYoung,
)
from server.grant.service import CardRequest, grant_card
from server.holder.models import Holder
from tests.factories import SECRET, make_distributor


@pytest.fixture
def grant(db):
    distributor = make_distributor(db)

    def act(*, now: datetime = datetime(2026, 11, 22, 12, tzinfo=UTC), **over: object) -> Card:
        asked = {"birth_year": 1975, "home_postcode": "33100", "children": 2} | over
        return grant_card(db, distributor, CardRequest(**asked), secret=SECRET, now=now).card

    return act


def test_who_turns_sixteen_this_year_gets_a_card(grant) -> None:
    assert grant(birth_year=2010).birth_year == 2010


def test_who_turns_sixteen_next_year_gets_none(grant) -> None:
    with pytest.raises(TooYoung):
        grant(birth_year=2011)


def test_the_year_is_that_of_helsinki(grant) -> None:
    new_year_in_helsinki = datetime(2026, 12, 31, 22, 0, tzinfo=UTC)

    assert grant(birth_year=2011, now=new_year_in_helsinki).first_valid_on == date(2027, 1, 1)


@pytest.mark.parametrize("birth_year", [None, 1905, 2027, 0, -1, 99, 10**6])
def test_a_birth_year_is_that_of_somebody_alive(grant, birth_year) -> None:
    with pytest.raises(MalformedBirthYear):
        grant(birth_year=birth_year)


@pytest.mark.parametrize(
    "postcode", [None, "", "3310", "331000", "3310O", " 33100", "33100\n", "٣٣١٠٠"]
)
def test_a_postcode_has_five_digits(grant, postcode) -> None:
    with pytest.raises(MalformedPostcode):
        grant(home_postcode=postcode)


def test_the_home_is_in_the_network(grant) -> None:
    with pytest.raises(HomeNotInNetwork):
        grant(home_postcode="00100")


@pytest.mark.parametrize("children", [-1, 24, 10**9])
def test_children_are_what_a_token_can_carry(grant, children) -> None:
    with pytest.raises(ChildrenOutOfRange):
        grant(children=children)


@pytest.mark.parametrize("children", [0, 23])
def test_no_children_and_many_children_are_fine(grant, children) -> None:
    assert grant(children=children).children == children


@pytest.mark.parametrize(
    ("granted", "last"),
    [
        (date(2026, 3, 1), date(2027, 2, 28)),
        (date(2027, 3, 1), date(2028, 2, 29)),
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_card_is_valid_for_a_year_the_day_of_grant_counted_in(grant, granted, last) -> None:
    now = datetime(granted.year, granted.month, granted.day, 10, tzinfo=UTC)

    card = grant(now=now)

    assert (card.first_valid_on, card.last_valid_on) == (granted, last)


def test_a_community_card_is_nobodys(grant) -> None:
    card = grant(community=True, birth_year=None, home_postcode=None, children=12)

    assert (card.community, card.birth_year, card.home_postcode) == (True, None, None)


def test_what_is_said_of_a_community_cards_holder_is_not_kept(grant) -> None:
    card = grant(community=True, birth_year=1975, home_postcode="33100")

    assert (card.birth_year, card.home_postcode) == (None, None)


def test_a_refused_grant_leaves_nothing(grant, db) -> None:
    with pytest.raises(TooYoung):
        grant(birth_year=2011)

    assert (db.query(Card).count(), db.query(Holder).count()) == (0, 0)


def test_card_codes_differ_and_come_from_nothing_else(grant) -> None:
    cards = [grant() for _ in range(20)]

    assert len({card.code for card in cards}) == 20
    for card in cards:
        told = f"{card.id.hex}{card.holder_id.hex}".upper()
        assert card.code[:-1] not in told
    # Equal requests in the same instant: the codes differ in every place, not in a counter.
    assert all(len({card.code[place] for card in cards}) > 3 for place in range(8))


def test_the_activation_code_is_kept_as_a_hash_for_three_days(grant, db) -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    card = grant(now=now)

    (activation,) = db.query(Activation).all()
    assert activation.card_id == card.id
    assert activation.usable_until == datetime(2026, 11, 25, 12, tzinfo=UTC)
