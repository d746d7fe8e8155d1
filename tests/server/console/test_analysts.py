"""Analysts: Kaikukeskus lets a wellbeing county read its figures, and nothing else."""

import pytest
from sqlalchemy import select

from server.access.models import Access, Role
from server.audit.models import AuditEntry
from server.ids import new_id
from tests.factories import NOON
from tests.server.console.conftest import words


@pytest.fixture
def national(network):
    return network.browser("keskus")


def test_a_county_is_invited_and_the_invitation_works(network, national) -> None:
    page = national.submit("/analysts", county="07", handle="Hame-analyytikko")

    assert page.status_code == 200
    assert "Kanta-Hämeen hyvinvointialue" in words(page)
    link = page.text.split('<p class="code link">')[1].split("</p>")[0]
    assert network.browser().get(link).status_code == 200
    with network.sessions() as db:
        access = db.scalars(select(Access).where(Access.handle == "hame-analyytikko")).one()
        assert (access.role, access.county_code) == (Role.ANALYST, "07")
        assert access.induction_due_on is None, "who changes nothing needs no induction"
        assert [one.act for one in db.scalars(select(AuditEntry))] == ["access_granted"]


@pytest.mark.parametrize("county", ["", "8", "99", "Pirkanmaa"])
def test_all_that_is_wrong_is_told_at_once_and_nothing_typed_is_lost(national, county) -> None:
    page = national.submit("/analysts", county=county, handle="hyvinvointialue")

    assert page.status_code == 422
    assert 'id="county-error"' in page.text
    assert "Valitse hyvinvointialue luettelosta." in words(page)
    assert 'id="handle-error"' in page.text
    assert 'value="hyvinvointialue"' in page.text


def test_a_new_invitation_and_a_withdrawal_end_what_was_signed_in(network, national) -> None:
    with network.sessions() as db:
        access_id = db.scalars(select(Access.id).where(Access.role == Role.ANALYST)).one()
    for act in ("invite", "withdraw"):
        analyst = network.browser("hyvinvointialue")
        assert analyst.open("/figures").status_code == 200
        assert national.submit(f"/analysts/{access_id}/{act}").status_code in {200, 303}
        assert analyst.open("/figures").status_code == 401
        if act == "invite":
            continue
        assert "Käyttöoikeus poistettu" in words(national.open("/analysts?done=1"))


def test_nobody_elses_access_is_an_analysts(network, national) -> None:
    with network.sessions() as db:
        others = db.scalars(select(Access.id).where(Access.role != Role.ANALYST)).all()
    for access_id in (*others, new_id(NOON)):
        for act in ("invite", "withdraw"):
            assert national.submit(f"/analysts/{access_id}/{act}").status_code == 404


def test_an_analyst_sees_whose_figures_they_are_in_ones_own_language(network) -> None:
    analyst = network.browser("hyvinvointialue")
    start = analyst.open("/")
    assert start.headers["location"] == "/console/figures"
    assert "Luvut: Pirkanmaan hyvinvointialue" in words(analyst.open("/figures"))
    analyst.cookies.set("kaiku_language", "sv", path="/console")
    assert "Siffror: Birkalands välfärdsområde" in words(analyst.open("/figures"))
