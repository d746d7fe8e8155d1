"""What a location owes: an agreement that it reads before it works, an induction once a year."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from server.access.duties import AGREEMENT
from server.access.models import Access
from server.audit.models import AuditEntry
from server.card.models import Card
from server.console.pages import LANGUAGES
from server.info.layout import read_agreement
from tests.factories import NOON
from tests.server.console.conftest import field_of, words

AGREED = {"version": str(AGREEMENT)}


def access_of(network, handle: str) -> Access:
    with network.sessions() as db:
        return db.scalars(select(Access).where(Access.handle == handle)).one()


def acts_of(network, handle: str) -> list[str]:
    with network.sessions() as db:
        own = select(AuditEntry.act).join(Access, Access.id == AuditEntry.access_id)
        return list(db.scalars(own.where(Access.handle == handle).order_by(AuditEntry.id)))


@pytest.fixture
def owing(network):
    """Make a location one that has agreed to an older version only, or whatever else is said."""

    def owe(handle: str, **over) -> None:
        with network.sessions.begin() as db:
            access = db.scalars(select(Access).where(Access.handle == handle)).one()
            for name, value in ({"agreement_version": AGREEMENT - 1} | over).items():
                setattr(access, name, value)

    return owe


@pytest.mark.parametrize(
    ("handle", "path"), [("jakaja-1", "/cards"), ("kohde-1", "/visits?category=sport")]
)
def test_a_location_reads_the_newest_agreement_once_and_goes_on(
    network, owing, handle, path
) -> None:
    owing(handle)
    browser = network.browser(handle)
    asked = browser.open(path)
    assert asked.status_code == 403
    then = field_of(asked, "then")
    assert then == path
    gone_on = browser.submit("/agreement", then=then, **AGREED)
    assert gone_on.headers["location"] == f"/console{path}"
    assert browser.open(path).status_code == 200
    browser.submit("/agreement", **AGREED)  # a second click
    assert acts_of(network, handle)[0] == "agreement_acknowledged"
    assert acts_of(network, handle).count("agreement_acknowledged") == 1
    assert access_of(network, handle).agreed_at > NOON


def test_nothing_is_done_before_and_what_was_typed_waits(network, owing, desk) -> None:
    form_id = field_of(desk.open("/cards/new"), "form_id")
    owing("jakaja-1")
    typed = {
        "form_id": form_id, "birth_year": "1975", "home_postcode": "33100", "children": "2",
        "grounds": "debts",
    }  # fmt: skip
    asked = desk.submit("/cards/new", **typed)
    assert asked.status_code == 403
    assert "tallessa" in words(asked)
    assert "33100" not in asked.text
    with network.sessions() as db:
        assert db.scalars(select(Card)).all() == []
    waits = {name: field_of(asked, name) for name in ("then", "kept")}
    going_on = desk.submit("/agreement", **AGREED, **waits)
    assert 'action="/console/cards/new"' in going_on.text
    assert field_of(going_on, "home_postcode") == "33100"
    assert desk.submit("/cards/new", **typed).status_code == 303


def test_another_version_than_the_newest_is_acknowledged_by_nobody(network, owing, desk) -> None:
    owing("jakaja-1")
    for version in (str(AGREEMENT - 1), str(AGREEMENT + 1), "", "x"):
        assert desk.submit("/agreement", version=version).status_code == 200
    assert desk.open("/cards").status_code == 403
    assert acts_of(network, "jakaja-1") == []


def test_who_has_still_to_agree_can_leave(owing, desk) -> None:
    owing("jakaja-1")
    assert desk.submit("/sign-out").status_code == 303
    assert desk.open("/cards").status_code == 401


def test_coordinators_and_the_national_service_are_asked_nothing(network) -> None:
    for handle, path in (("vastuu-1", "/locations"), ("keskus", "/areas")):
        browser = network.browser(handle)
        assert access_of(network, handle).agreement_version in {None, AGREEMENT}
        assert browser.open(path).status_code == 200
        assert browser.open("/agreement").status_code == 200
        assert browser.submit("/agreement/induction").status_code == 403


@pytest.mark.parametrize(
    ("today", "told"),
    [
        (date(2027, 10, 21), None),
        (date(2027, 10, 22), "viimeistään 21.11.2027"),  # 30 days before
        (date(2027, 11, 21), "viimeistään 21.11.2027"),
        (date(2027, 11, 22), "oli käytävä läpi viimeistään 21.11.2027"),
    ],
)
def test_a_location_is_reminded_from_30_days_before_and_told_when_it_is_late(
    network, clock, today, told
) -> None:
    clock.advance(days=(today - NOON.date()).days)
    page = network.browser("jakaja-1").open("/cards")
    assert page.status_code == 200  # it stops nobody
    assert ("perehdytys" in words(page).replace("Sopimus ja perehdytys", "")) == (told is not None)
    assert (told or "Kortit") in words(page)


def test_an_induction_is_confirmed_for_a_year(network, clock) -> None:
    clock.advance(days=400)
    desk = network.browser("jakaja-1")
    assert "myöhässä" in words(desk.open("/agreement"))
    done = desk.submit("/agreement/induction")
    assert "Perehdytys on vahvistettu" in words(desk.get(done.headers["location"]))
    assert access_of(network, "jakaja-1").induction_due_on == date(2028, 12, 26)
    assert acts_of(network, "jakaja-1") == ["induction_confirmed"]


def test_a_new_location_has_a_month_for_its_first_induction(network, coordinator) -> None:
    coordinator.submit("/locations", kind="distributor", name="Järjestö", handle="jarjesto")
    new = access_of(network, "jarjesto")
    assert (new.agreement_version, new.induction_due_on) == (None, date(2026, 12, 22))
    assert "Ei vielä" in words(coordinator.open("/locations"))


def test_the_coordinator_finds_where_the_induction_is_overdue(owing, coordinator) -> None:
    owing("kohde-1", agreement_version=AGREEMENT, induction_due_on=date(2026, 11, 21))
    owing("jakaja-1", agreement_version=AGREEMENT, induction_due_on=date(2026, 11, 22))
    owing("kohde-2", induction_due_on=date(2026, 11, 1))  # of another area
    everybody, overdue = (
        words(coordinator.open(f"/locations{query}")) for query in ("", "?overdue=1")
    )
    assert "jakaja-1" in everybody
    assert "Määräpäivä oli 21.11.2026" in everybody
    assert "kohde-1" in overdue
    assert "jakaja-1" not in overdue
    assert "kohde-2" not in everybody + overdue
    owing("kohde-1", withdrawn_at=NOON)
    assert "kohde-1" not in words(coordinator.open("/locations?overdue=1"))


def test_a_location_that_is_asked_again_reads_again_and_has_two_weeks(
    network, coordinator, desk
) -> None:
    access_id = access_of(network, "jakaja-1").id
    asked = coordinator.submit(f"/locations/{access_id}/ask-again")
    assert asked.status_code == 303
    assert "Pyydetty uudelleen" in words(coordinator.get(asked.headers["location"]))
    assert desk.open("/cards").status_code == 403
    desk.submit("/agreement", **AGREED)
    assert "viimeistään 6.12.2026" in words(desk.open("/cards"))
    assert acts_of(network, "vastuu-1") == ["duties_asked_again"]


def test_to_ask_again_gives_nobody_more_time(network, owing, coordinator) -> None:
    owing("jakaja-1", induction_due_on=NOON.date() - timedelta(days=1))
    access_id = access_of(network, "jakaja-1").id
    coordinator.submit(f"/locations/{access_id}/ask-again")
    assert access_of(network, "jakaja-1").induction_due_on == NOON.date() - timedelta(days=1)


def test_another_areas_location_is_asked_by_its_own_coordinator(network) -> None:
    path = f"/locations/{access_of(network, 'jakaja-1').id}/ask-again"
    assert network.browser("vastuu-2").submit(path).status_code == 404
    assert access_of(network, "jakaja-1").agreement_version == AGREEMENT


@pytest.mark.parametrize("version", range(1, AGREEMENT + 1))
def test_every_version_says_the_same_points_in_every_language(version) -> None:
    shapes = {
        tuple(tuple(len(block.items) for block in section.blocks) for section in sections)
        for sections in (
            read_agreement(language, version, controller="Kaikukeskus") for language in LANGUAGES
        )
    }
    assert len(shapes) == 1
