"""What coordinators and the national service do: access, conflicts, areas, the audit log."""

import re
from datetime import timedelta

import pytest
from httpx2 import Response
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import joinedload

from server.access.models import Access, ConsoleSession, Role
from server.area.models import Area, AreaPostcode
from server.audit.models import AuditEntry
from server.conflict.models import Conflict
from server.demo.phone import Phone
from server.distributor.models import Distributor
from server.scan.service import record_scan
from server.venue.models import Scanner, Venue
from server.visit.models import Visit
from shared.token.codes import print_code, read_pairing_code
from tests.factories import NOON, HolderPhone, make_report, make_scanner, make_venue
from tests.server.console.conftest import words


@pytest.fixture
def national(network):
    return network.browser("keskus")


@pytest.fixture
def conflict(network, ring, settings):
    """Two doors of a venue let the same card in; gives the ids of the two visits."""
    with network.sessions.begin() as db:
        venue = db.scalars(select(Venue).where(Venue.name == "Teatteri 1")).one()
        phone = HolderPhone(db, ring=ring, settings=settings)
        for number in range(2):
            at = NOON + timedelta(minutes=number)
            made = make_scanner(db, venue=venue)
            one = select(Scanner).where(Scanner.id == made.id).options(joinedload(Scanner.venue))
            report = make_report(phone.show(now=at), at=at)
            scanner = db.scalars(one).one()
            record_scan(db, scanner, report, ring=ring, settings=settings, now=at)
        return list(db.scalars(select(Visit.id).order_by(Visit.visited_at)))


def open_conflicts(network) -> list[Conflict]:
    with network.sessions() as db:
        return list(db.scalars(select(Conflict).where(Conflict.settled_at.is_(None))))


def test_a_location_is_added_with_its_invitation(network, coordinator) -> None:
    page = coordinator.submit(
        "/locations", kind="venue", name="Uimahalli", sport="1", handle="Uimahalli-1"
    )
    assert page.status_code == 200
    link = page.text.split('<p class="code link">')[1].split("</p>")[0]
    assert link.startswith("http://testserver/console/invitation/")
    assert network.browser().get(link).status_code == 200
    with network.sessions() as db:
        access = db.scalars(select(Access).where(Access.handle == "uimahalli-1")).one()
        venue = db.get_one(Venue, access.venue_id)
        area = db.scalars(select(Area).where(Area.municipality_code == "837")).one()
        assert (access.role, venue.categories, venue.area_id) == (Role.VENUE, ["sport"], area.id)
    assert "Uimahalli" in words(coordinator.open("/locations"))


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "n" * 121}, "name"),
        ({"kind": "venue"}, "culture"),
        ({"handle": "jakaja-1"}, "handle"),
        ({"handle": "x"}, "handle"),
        ({"handle": "Åbo hall"}, "handle"),
    ],
)
def test_a_mistake_adds_nothing_at_all(network, coordinator, over, field) -> None:
    fields = {"kind": "distributor", "name": "Järjestö", "handle": "jarjesto"} | over
    answer = coordinator.submit("/locations", **fields)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    with network.sessions() as db:
        assert len(db.scalars(select(Access)).all()) == 8
        assert len(db.scalars(select(Distributor)).all()) == 2


def test_withdrawing_a_venue_ends_its_people_and_its_scanners(network, coordinator) -> None:
    at_work = network.browser("kohde-1")
    with network.sessions.begin() as db:
        venue = db.scalars(select(Venue).where(Venue.name == "Teatteri 1")).one()
        make_scanner(db, venue=venue)
        access_id = db.scalars(select(Access.id).where(Access.handle == "kohde-1")).one()
    assert coordinator.submit(f"/locations/{access_id}/withdraw").status_code == 303

    assert at_work.open("/visits").status_code == 401
    with network.sessions() as db:
        assert db.scalars(select(Scanner)).one().revoked_at is not None
        assert db.get_one(Access, access_id).withdrawn_at is not None
        mine = select(ConsoleSession).where(ConsoleSession.access_id == access_id)
        assert db.scalars(mine).all() == []

    again = coordinator.submit(f"/locations/{access_id}/invite")
    assert again.status_code == 200  # an invitation is a new beginning
    with network.sessions() as db:
        assert db.get_one(Access, access_id).withdrawn_at is None


def test_a_withdrawn_venue_pairs_no_scanner_with_an_old_code(network, coordinator, clock) -> None:
    venue = network.browser("kohde-1")
    typed = venue.submit("/scanners", name="Ovi").text.split('<p class="code big">')[1]
    code = read_pairing_code(typed.split("</p>")[0], base_url=None)
    with network.sessions() as db:
        access_id = db.scalars(select(Access.id).where(Access.handle == "kohde-1")).one()
    coordinator.submit(f"/locations/{access_id}/withdraw")
    paired = venue.post(
        "/api/v1/pairings",
        content=Phone().pairing_proof(code, now=clock()),
        headers={"content-type": "application/cose"},
    )
    assert paired.status_code == 404


def test_the_national_service_withdraws_and_invites_coordinators_and_nobody_else(network, national):
    at_work = network.browser("vastuu-1")
    with network.sessions() as db:
        ids = {one.handle: one.id for one in db.scalars(select(Access))}
    assert "vastuu-1" in words(national.open("/areas"))
    assert national.submit(f"/areas/{ids['vastuu-1']}/withdraw").status_code == 303
    assert at_work.open("/locations").status_code == 401
    assert "invitation/" in national.submit(f"/areas/{ids['vastuu-1']}/invite").text
    for handle in ("jakaja-1", "kohde-1", "keskus"):
        assert national.submit(f"/areas/{ids[handle]}/withdraw").status_code == 404
        assert national.submit(f"/areas/{ids[handle]}/invite").status_code == 404


def test_a_withdrawn_distributors_cards_stay_good(network, coordinator, granted) -> None:
    granted()
    with network.sessions() as db:
        access_id = db.scalars(select(Access.id).where(Access.handle == "jakaja-1")).one()
    coordinator.submit(f"/locations/{access_id}/withdraw")
    with network.sessions() as db:
        assert db.scalar(text("SELECT count(*) FROM card WHERE blocked_at IS NULL")) == 1


def test_a_conflict_is_settled_by_undoing_one_visit(network, coordinator, conflict) -> None:
    shown = words(coordinator.open("/conflicts"))
    assert "14.00" in shown
    assert "14.01" in shown
    _, second = conflict
    assert coordinator.submit(f"/conflicts/visits/{second}/undo").status_code == 303
    assert open_conflicts(network) == []


def test_a_visit_is_undone_by_its_coordinator_however_old(network, coordinator, conflict, clock):
    clock.advance(days=40)
    coordinator = network.browser("vastuu-1")
    first, _ = conflict
    assert coordinator.submit(f"/conflicts/visits/{first}/undo").status_code == 303
    assert open_conflicts(network) == []


def test_a_conflict_is_settled_by_letting_the_visits_stand(network, coordinator, conflict) -> None:
    [one] = open_conflicts(network)
    other = network.browser("vastuu-2")
    assert "Teatteri 1" not in words(other.open("/conflicts"))
    other.submit(f"/conflicts/{one.id}/settle")
    assert other.submit(f"/conflicts/visits/{conflict[0]}/undo").status_code == 404
    assert len(open_conflicts(network)) == 1

    coordinator.submit(f"/conflicts/{one.id}/settle")
    coordinator.submit(f"/conflicts/{one.id}/settle")
    assert open_conflicts(network) == []
    with network.sessions() as db:
        assert list(db.scalars(select(AuditEntry.act))) == ["conflict_settled"]


def test_an_area_is_added_with_its_coordinators_invitation(network, national) -> None:
    page = national.submit(
        "/areas", municipality="536 Nokia", postcodes="37100, 37120\n37130",
        handle="nokian-vastuuhenkilo",
    )  # fmt: skip
    assert page.status_code == 200
    with network.sessions() as db:
        area = db.scalars(select(Area).where(Area.municipality_code == "536")).one()
        assert (area.name, area.county_code) == ("Nokia", "08")
        own = select(AreaPostcode.postcode).where(AreaPostcode.area_id == area.id)
        assert sorted(db.scalars(own)) == ["37100", "37120", "37130"]
        access = db.scalars(select(Access).where(Access.area_id == area.id)).one()
        assert access.role is Role.COORDINATOR


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"municipality": " "}, "municipality"),
        ({"municipality": "49"}, "municipality"),
        ({"municipality": "999"}, "municipality"),
        ({"municipality": "536 Tampere"}, "municipality"),
        ({"municipality": "Tammerfors"}, "municipality"),  # it is there already
        ({"postcodes": ""}, "postcodes"),
        ({"postcodes": "3710"}, "postcodes"),
        ({"postcodes": "33100"}, "postcodes"),
        ({"handle": "keskus"}, "handle"),
    ],
)
def test_a_mistake_in_an_area_adds_nothing(network, national, over, field) -> None:
    good = {"municipality": "Nokia", "postcodes": "37100", "handle": "nokia"}
    answer = national.submit("/areas", **(good | over))
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    with network.sessions() as db:
        assert len(db.scalars(select(Area)).all()) == 2


def test_a_code_without_its_zero_is_told_whole_and_kept_as_typed(national) -> None:
    answer = national.submit("/areas", municipality="49", postcodes="02100", handle="espoo")
    assert "Tarkoititko: 049 Espoo?" in words(answer)
    assert 'value="49"' in answer.text


def test_areas_are_listed_by_county(national) -> None:
    national.submit("/areas", municipality="Esbo", postcodes="02100", handle="espoo")
    pirkanmaa, uusimaa = (areas_on(national.open(f"/areas?county={c}")) for c in ("08", "03"))
    assert (pirkanmaa, uusimaa) == (["604 Pirkkala", "837 Tampere"], ["049 Espoo"])
    assert areas_on(national.open("/areas?county=21")) == []
    assert len(areas_on(national.open("/areas?county=nonsense"))) == 3


def areas_on(page: Response) -> list[str]:
    return re.findall(r'data-label="Kunta">([^<]+)<', page.text)


def test_who_looked_at_a_card_is_found_by_its_code(network, national, desk, granted) -> None:
    path, other = granted(), granted()
    desk.open(path)
    desk.open(other)
    with network.sessions() as db:
        entry = select(AuditEntry.card_id).where(AuditEntry.act == "card_looked_at").limit(1)
        code = db.scalar(
            text("SELECT code FROM card WHERE id = :id").bindparams(
                id=db.scalars(entry).one().hex if db.bind.dialect.name == "sqlite"
                else db.scalars(entry).one()
            )
        )  # fmt: skip
    rows = words(national.open(f"/audit?code={print_code(code)}"))
    assert rows.count("jakaja-1") == 2  # granted and looked at
    assert rows.count("Katsoi korttia") == 2  # the choice above the list, and the one look
    assert "jakaja-1" not in words(national.open("/audit?code=AAA-AAA-AAA"))
    assert "jakaja-1" not in words(national.open("/audit?handle=jakaja-2"))
    assert words(national.open("/audit?handle=jakaja-1&act=card_granted")).count("jakaja-1") == 2
    assert national.open("/audit?act=nonsense").status_code == 200


def test_the_database_itself_keeps_the_log_as_it_is(network, granted) -> None:
    granted()
    for change in (update(AuditEntry).values(act="nothing"), delete(AuditEntry)):
        with pytest.raises(DatabaseError, match="append-only"), network.sessions.begin() as db:
            db.execute(change)
    with network.sessions() as db:
        assert list(db.scalars(select(AuditEntry.act))) == ["card_granted"]


def merge(national, former="853 Turku", into="837 Tampere", since="2027-01-01") -> Response:
    return national.submit("/areas/merge", former=former, into=into, since=since)


def test_a_municipality_becomes_a_part_of_another(network, national) -> None:
    national.submit("/areas", municipality="853", postcodes="20100", handle="turku")
    with network.sessions.begin() as db:
        turku = db.scalars(select(Area).where(Area.municipality_code == "853")).one()
        castle = make_venue(db, area=turku).id

    page = merge(national)

    assert page.headers["location"].endswith("/areas?merged=1")
    assert "853 Turku (osana aluetta Tampere 1.1.2027 alkaen)" in words(national.open("/areas"))
    assert "Turku → Tampere 1.1.2027" in words(national.open("/audit?act=area_merged"))
    with network.sessions() as db:
        tampere = db.scalars(select(Area).where(Area.municipality_code == "837")).one()
        assert db.get_one(AreaPostcode, "20100").area_id == tampere.id
        assert db.get_one(Venue, castle).area_id == tampere.id


@pytest.mark.parametrize(
    ("over", "told"),
    [
        ({"former": "49"}, "049 Espoo"),
        ({"into": "Kuopio"}, "Tämä kunta ei ole verkostossa. Lisää se ensin."),
        ({"into": "853"}, "Valitse kaksi eri kuntaa."),
        ({"since": "2026-11-01"}, "Valitse päivä luettelosta."),
        ({"since": "soon"}, "Valitse päivä luettelosta."),
    ],
)
def test_a_merger_that_cannot_be_keeps_what_was_typed(national, over, told) -> None:
    national.submit("/areas", municipality="853", postcodes="20100", handle="turku")
    page = merge(national, **over)

    assert page.status_code == 422
    assert told in words(page)
    assert f'value="{over.get("former", "853 Turku")}"' in page.text


def test_a_municipality_merges_away_once(national) -> None:
    national.submit("/areas", municipality="853", postcodes="20100", handle="turku")
    assert merge(national).status_code == 303
    assert "on jo yhdistetty toiseen" in words(merge(national))
