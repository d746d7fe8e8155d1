"""A distributor finds cards, and is told how they are used (R7-R13)."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from server.access.models import Access
from server.card.desk import block_card
from server.card.models import Card
from server.distributor.models import Distributor
from server.distributor.service import FEWEST_TOLD, count_use
from server.grant.service import CardRequest, grant_card
from server.ids import new_id
from server.scan.service import record_scan
from shared.token.codes import print_code
from tests.factories import NOON, SECRET, HolderPhone, make_report, make_scanner
from tests.server.console.conftest import words
from tests.server.console.held import acts, cards


def test_every_look_at_a_card_is_written_down(desk, network, granted) -> None:
    path = granted()
    desk.open(path)
    desk.open("/cards")
    assert acts(network) == ["card_granted", "card_looked_at", "cards_listed"]


def test_a_card_is_found_by_its_code_however_typed_or_by_what_is_known(desk, network, granted):
    granted()
    granted(birth_year="1980", home_postcode="33960")
    code = print_code(cards(network)[0].code)

    for query in (
        f"code={code}", f"code={code.lower().replace('-', ' ')}", "birth_year=1975",
        "home_postcode=33100", "home_postcode=33100&in_force=1",
    ):  # fmt: skip
        found = words(desk.open(f"/cards?{query}"))
        assert code in found, query
        assert "1980" not in found, query
    assert code not in words(desk.open("/cards?code=nonsense"))
    assert code not in words(network.browser("jakaja-2").open("/cards"))


@pytest.mark.parametrize("order", ["", "ending"])
def test_long_lists_come_in_pages(desk, network, order) -> None:
    _grant_many(network, 120)
    seen, path = [], f"/cards?order={order}"
    while path:
        page = desk.open(path)
        assert page.text.count('<td class="number">') <= 2 * 50
        seen += [line.split('"')[0] for line in page.text.split("/console/cards/01")[1:]]
        more = page.text.split('href="/console/cards?before=')
        rest = more[1].split('"')[0].replace("&amp;", "&") if len(more) > 1 else None
        path = f"/cards?before={rest}" if rest else None
    assert len(seen) == len(set(seen)) == 120


def test_the_cards_that_end_next_can_stand_first(desk, network, granted) -> None:
    _, sooner, _ = (granted().rsplit("/", 1)[1] for _ in range(3))
    with network.sessions.begin() as db:
        db.get_one(Card, UUID(sooner)).last_valid_on -= timedelta(days=90)

    listed = desk.open("/cards?order=ending").text.split("/console/cards/01")[1:]
    assert listed[0].startswith(sooner[2:])
    assert len(listed) == 3


def test_how_many_are_used_is_told_only_where_it_names_nobody(network, desk) -> None:
    _grant_many(network, FEWEST_TOLD)
    with network.sessions() as db:
        desk_id = db.scalars(select(Card.distributor_id).limit(1)).one()
        use = count_use(db, desk_id, now=NOON + timedelta(days=20))
    assert (use.in_force, use.used) == (5, None)  # nobody used any: that, too, would tell
    assert "voimassa 5." in words(desk.open("/cards"))


def test_what_is_told_of_use_changes_with_the_month_and_with_nothing_else(network, ring, settings):
    _grant_many(network, 0)
    with network.sessions.begin() as db:
        desk = db.scalars(select(Distributor).where(Distributor.name == "Sosiaaliasema 1")).one()
        scanner = make_scanner(db)
        phones = [HolderPhone(db, ring=ring, settings=settings) for _ in range(12)]
        for number, phone in enumerate(phones):
            phone.card.distributor_id = desk.id
            if number < 6:
                report = make_report(phone.show())
                record_scan(db, scanner, report, ring=ring, settings=settings, now=NOON)

    def told(**days: int) -> tuple[int | None, int | None]:
        with network.sessions() as db:
            use = count_use(db, desk.id, now=NOON + timedelta(**days))
            return use.used, use.unused

    assert told(days=0) == (None, None)  # no month has turned yet
    assert told(days=10) == (6, 6)
    with network.sessions.begin() as db:
        block_card(db, db.get_one(Card, phones[0].card.id), now=NOON + timedelta(days=11))
    assert told(days=11) == (6, 6)  # who blocks a card learns nothing


def _grant_many(network, count: int) -> None:
    with network.sessions.begin() as db:
        access = db.scalars(select(Access).where(Access.handle == "jakaja-1")).one()
        desk = db.get_one(Distributor, access.distributor_id)
        for number in range(count):
            at = NOON + timedelta(milliseconds=number)
            request = CardRequest(birth_year=1975, home_postcode="33100", children=0)
            grant_card(db, desk, request, secret=SECRET, now=at, card_id=new_id(at))
