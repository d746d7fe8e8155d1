"""What the national service settles for the country, and a coordinator for an area."""

import re

import pytest
from sqlalchemy import select

from server.area.models import Area
from server.audit.models import AuditEntry
from server.card.models import Card
from server.grant.grounds import list_grounds
from tests.server.console.conftest import field_of, words

NEW = {
    "code": "basic_income", "words_fi": "Perustulo", "words_sv": "Basinkomst",
    "words_en": "Basic income", "words_selko": "Perustulo kaikille",
}  # fmt: skip
FIRST = [
    "income_support", "unemployment_benefit", "small_pension", "sickness_benefit",
    "student_benefit", "parental_benefit", "reception_allowance", "debts", "other_tight",
]  # fmt: skip


@pytest.fixture
def national(network):
    return network.browser("keskus")


def listed(network) -> list[str]:
    with network.sessions() as db:
        return [ground.code for ground in list_grounds(db)]


def offered(page) -> list[str]:
    """The grounds that a desk can choose."""
    [select_] = re.findall(r'<select id="grounds".*?</select>', page.text, flags=re.DOTALL)
    return re.findall(r'<option value="(\w+)"', select_)


def acts(network) -> list[tuple[str, str | None]]:
    with network.sessions() as db:
        found = db.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(one.act, one.detail) for one in found]


def test_the_grounds_of_before_are_the_list_to_begin_with(network, desk) -> None:
    assert listed(network) == offered(desk.open("/cards/new")) == FIRST


def test_a_ground_that_is_added_can_be_chosen_and_is_said_in_every_language(
    network, national, desk, granted
) -> None:
    assert national.submit("/settings/grounds", **NEW).status_code == 303
    assert national.submit("/settings/grounds", **NEW).status_code == 303  # a second click
    assert offered(desk.open("/cards/new"))[-1] == "basic_income"
    path = granted(grounds="basic_income")
    assert "Perustulo" in words(desk.open(path))
    desk.open("/look?language=sv")
    assert "Basinkomst" in words(desk.open(path))
    assert acts(network)[0] == ("ground_added", "basic_income: Perustulo")
    assert [act for act, _ in acts(network)].count("ground_added") == 1


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"code": "Ä"}, "code"),
        ({"code": "ab"}, "code"),
        ({"code": "a" * 31}, "code"),
        ({"code": "debts"}, "code"),
        ({"words_fi": ""}, "words_fi"),
        ({"words_sv": " "}, "words_sv"),
        ({"words_en": "w" * 121}, "words_en"),
        ({"words_selko": ""}, "words_selko"),
    ],
)
def test_a_mistake_adds_no_ground_and_keeps_what_was_typed(network, national, over, field) -> None:
    answer = national.submit("/settings/grounds", **(NEW | over))
    assert answer.status_code == 422
    assert re.findall(r'id="(\w+)-error"', answer.text) == [field]
    assert all(f'value="{one}"' in answer.text for one in (NEW | over).values() if one.strip())
    assert listed(network) == FIRST
    assert acts(network) == []


def test_rewording_changes_what_is_said_and_not_what_is_counted(
    network, national, desk, granted
) -> None:
    path = granted(grounds="debts")
    told = {name: f"Velat {name}" for name in NEW if name.startswith("words_")}
    told["words_selko"] = "Velkoja, joita järjestellään tai peritään"  # as it was
    assert national.submit("/settings/grounds/debts", **told).status_code == 303
    assert "Velat words_fi" in words(desk.open(path))
    with network.sessions() as db:
        assert db.scalars(select(Card.grounds)).one() == "debts"
    [(_, detail)] = [one for one in acts(network) if one[0] == "ground_reworded"]
    assert detail.startswith("debts: fi: Velkajärjestely tai ulosotto → Velat words_fi; sv: ")
    assert "selko" not in detail
    national.submit("/settings/grounds/debts", **told)
    assert [act for act, _ in acts(network)].count("ground_reworded") == 1  # nothing was changed
    shown = words(national.open("/settings"))
    assert "keskus: Muutti perusteen sanoja: debts: fi:" in shown
    assert "Velat words_fi" in words(national.open("/audit?act=ground_reworded"))


def test_words_that_are_missing_change_nothing(network, national) -> None:
    answer = national.submit("/settings/grounds/debts", words_fi="Velat")
    assert answer.status_code == 422
    assert len(re.findall(r'id="words_\w+-error"', answer.text)) == 3
    assert 'value="Velat"' in answer.text
    assert acts(network) == []


def test_a_closed_ground_grants_no_card_and_stays_on_those_that_have_it(
    network, national, desk, granted
) -> None:
    path = granted(grounds="debts")
    form_id = field_of(desk.open("/cards/new"), "form_id")
    assert national.submit("/settings/grounds/debts/close").status_code == 303
    assert "debts" not in offered(desk.open("/cards/new"))
    late = desk.submit(
        "/cards/new", form_id=form_id, birth_year="1975", home_postcode="33100", children="0",
        grounds="debts",
    )  # fmt: skip
    assert late.status_code == 422
    assert 'id="grounds-error"' in late.text
    assert "Velkajärjestely" in words(desk.open(path))
    assert listed(network) == FIRST

    assert national.submit("/settings/grounds/debts/open").status_code == 303
    assert offered(desk.open("/cards/new")) == FIRST
    assert [act for act, _ in acts(network) if "ground" in act] == [
        "ground_closed", "ground_opened",
    ]  # fmt: skip


def test_a_card_on_a_closed_ground_is_replaced_on_the_same_one(
    network, national, desk, granted
) -> None:
    path = granted(grounds="debts")
    national.submit("/settings/grounds/debts/close")
    assert desk.submit(f"{path}/replace").status_code == 303
    with network.sessions() as db:
        assert list(db.scalars(select(Card.grounds))) == ["debts", "debts"]


def test_one_ground_stays_open(network, national) -> None:
    for code in FIRST[1:]:
        national.submit(f"/settings/grounds/{code}/close")
    refused = national.submit("/settings/grounds/income_support/close")
    assert refused.status_code == 409
    assert "ainoa avoin peruste" in words(refused)
    with network.sessions() as db:
        assert [one.code for one in list_grounds(db) if one.closed_at is None] == FIRST[:1]


def test_a_ground_moves_up_one_place_at_a_time(network, national, desk) -> None:
    national.submit("/settings/grounds/small_pension/up")
    national.submit("/settings/grounds/small_pension/up")
    national.submit("/settings/grounds/small_pension/up")  # it is first already
    wanted = ["small_pension", "income_support", "unemployment_benefit", *FIRST[3:]]
    assert listed(network) == offered(desk.open("/cards/new")) == wanted


def test_no_ground_can_be_changed_that_is_not_in_the_list(national) -> None:
    for path in ("", "/close", "/open", "/up"):
        assert national.submit(f"/settings/grounds/nothing{path}").status_code == 404
    assert national.open("/settings/grounds/nothing").status_code == 404


def test_the_childrens_age_of_the_country_is_on_the_form_and_of_an_area_goes_before_it(
    network, national, desk, coordinator
) -> None:
    assert "Alle 18-vuotiaiden" in words(desk.open("/cards/new"))
    assert national.submit("/settings/children-age", children_age="17").status_code == 303
    assert "Alle 17-vuotiaiden" in words(desk.open("/cards/new"))
    assert coordinator.submit("/area", children_age="16").status_code == 303
    other = network.browser("jakaja-2")
    assert "Alle 16-vuotiaiden" in words(desk.open("/cards/new"))
    assert "Alle 17-vuotiaiden" in words(other.open("/cards/new"))
    assert coordinator.submit("/area", children_age="").status_code == 303
    assert "Alle 17-vuotiaiden" in words(desk.open("/cards/new"))
    assert acts(network) == [
        ("children_age_set", "18 → 17"),
        ("area_age_set", "(17) → 16"),
        ("area_age_set", "16 → (17)"),
    ]
    assert "vastuu-1" not in words(national.open("/settings"))


@pytest.mark.parametrize("typed", ["", "kuusitoista", "6", "26", "-1", "16.5"])
def test_an_age_that_is_none_is_refused_beside_its_field(network, national, typed) -> None:
    answer = national.submit("/settings/children-age", children_age=typed)
    assert answer.status_code == 422
    assert 'id="children_age-error"' in answer.text
    assert f'value="{typed}"' in answer.text
    assert acts(network) == []


def test_a_wrong_age_of_an_area_changes_nothing_and_keeps_the_form(network, coordinator) -> None:
    answer = coordinator.submit("/area", children_age="sata", local_only="1")
    assert answer.status_code == 422
    assert 'id="children_age-error"' in answer.text
    assert 'value="sata"' in answer.text
    assert "checked" in answer.text
    with network.sessions() as db:
        area = db.scalars(select(Area).where(Area.municipality_code == "837")).one()
        assert (area.children_age, area.local_only_since_at) == (None, None)
    assert acts(network) == []


def test_a_coordinator_begins_and_ends_a_pilot_in_the_own_area_only(
    network, coordinator, clock
) -> None:
    def since() -> dict[str, object]:
        with network.sessions() as db:
            return {
                area.municipality_code: area.local_only_since_at
                for area in db.scalars(select(Area))
            }

    assert coordinator.submit("/area", local_only="1").status_code == 303
    began = since()
    assert began["837"] == clock()
    assert began["604"] is None
    coordinator.submit("/area", local_only="1")
    assert since() == began  # the day it began is kept
    shown = words(coordinator.open("/area"))
    assert "Pirkanmaan hyvinvointialue" in shown
    assert "vastuu-1: Aloitti paikallisen kokeilun" in shown
    assert "837 Tampere (Paikallinen kokeilu)" in words(network.browser("keskus").open("/areas"))
    assert "kokeilun" not in words(network.browser("vastuu-2").open("/area")).split("Tallenna")[1]
    coordinator.submit("/area")
    assert set(since().values()) == {None}
    assert acts(network) == [("pilot_begun", None), ("pilot_ended", None)]
