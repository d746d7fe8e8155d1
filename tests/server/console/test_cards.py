"""What a distributor does: grant, find, print, correct, block, renew, replace (R1-R13)."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from server.access.models import Access
from server.audit.models import AuditEntry
from server.card.desk import block_card
from server.card.models import Activation, Card, CredentialKind, SignedCredential
from server.demo.phone import Phone
from server.distributor.models import Distributor
from server.distributor.service import FEWEST_TOLD, count_use
from server.grant.service import CardRequest, grant_card
from server.ids import new_id
from server.scan.service import record_scan
from shared.token.codes import print_code, read_activation_code
from tests.factories import NOON, SECRET, HolderPhone, make_report, make_scanner
from tests.server.console.conftest import field_of, words

GOOD = {"birth_year": "1975", "home_postcode": "33100", "children": "2", "grounds": "debts"}


def cards(network) -> list[Card]:
    with network.sessions() as db:
        return list(db.scalars(select(Card).order_by(Card.id)))


def acts(network) -> list[str]:
    with network.sessions() as db:
        return list(db.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))


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


def _grant_many(network, count: int) -> None:
    with network.sessions.begin() as db:
        access = db.scalars(select(Access).where(Access.handle == "jakaja-1")).one()
        desk = db.get_one(Distributor, access.distributor_id)
        for number in range(count):
            at = NOON + timedelta(milliseconds=number)
            request = CardRequest(birth_year=1975, home_postcode="33100", children=0)
            grant_card(db, desk, request, secret=SECRET, now=at, card_id=new_id(at))
