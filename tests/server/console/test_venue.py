"""What a venue does: its visits, events and scanners (R17, R20)."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from server.audit.models import AuditEntry
from server.demo.phone import Phone
from server.event.models import Event
from server.event.service import events_for_scanners
from server.scan.service import record_scan
from server.venue.models import Scanner, Venue
from server.venue.service import note_waiting
from server.visit.models import Visit, Voiding
from shared.token.codes import read_pairing_code
from tests.factories import NOON, HolderPhone, make_report, make_scanner
from tests.server.console.conftest import words


@pytest.fixture
def scanner_id(network):
    with network.sessions.begin() as db:
        venue = db.scalars(select(Venue).where(Venue.name == "Teatteri 1")).one()
        return make_scanner(db, venue=venue).id


@pytest.fixture
def visits(network, scanner_id, ring, settings):
    """Records a visit of a new card at each of the instants, and gives their ids."""

    def record(*instants):
        ids = []
        for at in instants:
            with network.sessions.begin() as db:
                phone = HolderPhone(db, ring=ring, settings=settings, now=at)
                one = select(Scanner).where(Scanner.id == scanner_id)
                scanner = db.scalars(one.options(joinedload(Scanner.venue))).one()
                report = make_report(phone.show(now=at), at=at, children=1)
                record_scan(db, scanner, report, ring=ring, settings=settings, now=at)
                found = select(Visit.id).where(Visit.scan_id == report.scan_id)
                ids.append(db.scalars(found).one())
        return ids

    return record


def test_a_venue_sees_its_own_visits_and_nothing_of_the_cards(network, venue, visits) -> None:
    visits(NOON, NOON - timedelta(hours=2))
    page = words(venue.open("/visits"))
    assert "22.11.2026 14.00" in page
    assert "22.11.2026 12.00" in page
    assert "1975" not in page
    assert "33100" not in page
    assert "14.00" not in words(network.browser("kohde-2").open("/visits"))


def test_a_visit_is_undone_for_a_quarter_of_an_hour_and_stays_on_the_list(network, venue, visits):
    early, late = visits(NOON - timedelta(minutes=16), NOON)
    assert venue.submit(f"/visits/{late}/undo").status_code == 303
    assert venue.submit(f"/visits/{late}/undo").status_code == 303  # a second click
    too_late = venue.submit(f"/visits/{early}/undo")
    assert too_late.status_code == 409
    assert "15 minuut" in words(too_late)
    other = network.browser("kohde-2").submit(f"/visits/{early}/undo")
    assert other.status_code == 404

    with network.sessions() as db:
        [voiding] = db.scalars(select(Voiding))
        assert (voiding.visit_id, voiding.scanner_id) == (late, None)
        assert len(db.scalars(select(Visit)).all()) == 2
    assert "Kumottu" in words(venue.open("/visits"))


def test_long_lists_of_visits_come_in_pages(venue, visits) -> None:
    visits(*(NOON - timedelta(minutes=n) for n in range(60)))
    first = venue.open("/visits")
    more = first.text.split('href="/console/visits?cursor=')[1].split('"')[0]
    second = venue.open(f"/visits?cursor={more}")
    rows = [page.text.count("<tr>") - 1 for page in (first, second)]
    assert rows == [50, 10]
    assert venue.open("/visits?cursor=nonsense").text.count("<tr>") - 1 == 50


def add(venue, **over: str):
    fields = {
        "name": "Konsertti", "category": "culture", "starts_at": "2026-11-22T18:00",
        "ends_at": "2026-11-22T20:00",
    }  # fmt: skip
    return venue.submit("/events", **(fields | over))


def test_an_event_reaches_the_scanners_in_helsinkis_time(network, venue) -> None:
    assert add(venue).status_code == 303
    with network.sessions() as db:
        [event] = db.scalars(select(Event))
        assert event.starts_at.hour == 16
        assert [e.event_id for e in events_for_scanners(db, event.venue_id, now=NOON)] == [event.id]
    assert "22.11.2026 18.00" in words(venue.open("/events"))


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"name": "   "}, "name"),
        ({"name": "k" * 121}, "name"),
        ({"category": "science"}, "category"),  # this venue records none
        ({"category": "nonsense"}, "category"),
        ({"starts_at": ""}, "starts_at"),
        ({"starts_at": "22.11.2026 18.00"}, "starts_at"),
        ({"ends_at": "2026-11-22T18:00"}, "ends_at"),
        ({"ends_at": "2026-12-24T18:00"}, "ends_at"),
        ({"ends_at": "99999-12-24T18:00"}, "ends_at"),
    ],
)
def test_a_mistake_in_an_event_stands_beside_its_field(network, venue, over, field) -> None:
    answer = add(venue, **over)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    with network.sessions() as db:
        assert db.scalars(select(Event)).all() == []


def test_an_event_that_somebody_came_to_stays(network, venue, scanner_id, ring, settings) -> None:
    add(venue)
    add(venue, name="Toinen")
    with network.sessions.begin() as db:
        ids = {event.name: event.id for event in db.scalars(select(Event))}
        phone = HolderPhone(db, ring=ring, settings=settings)
        one = select(Scanner).where(Scanner.id == scanner_id).options(joinedload(Scanner.venue))
        at = NOON + timedelta(hours=4)
        report = make_report(phone.show(now=at), at=at, event_id=ids["Konsertti"])
        record_scan(db, db.scalars(one).one(), report, ring=ring, settings=settings, now=at)

    stays = venue.submit(f"/events/{ids['Konsertti']}/remove")
    assert stays.status_code == 422
    assert venue.submit(f"/events/{ids['Toinen']}/remove").status_code == 303
    assert venue.submit(f"/events/{ids['Toinen']}/remove").status_code == 404
    with network.sessions() as db:
        assert [event.name for event in db.scalars(select(Event))] == ["Konsertti"]


def test_a_scanner_is_paired_with_the_code_of_the_page_and_revoked(network, venue, clock) -> None:
    assert venue.submit("/scanners", name=" ").status_code == 422
    assert venue.submit("/scanners", name="o" * 61).status_code == 422
    page = venue.submit("/scanners", name="Pääovi <b>")
    assert "<b>" not in page.text
    typed = page.text.split('<p class="code big">')[1].split("</p>")[0]
    code = read_pairing_code(typed, base_url=None)
    proof = Phone().pairing_proof(code, now=clock())
    paired = venue.post(
        "/api/v1/pairings", content=proof, headers={"content-type": "application/cose"}
    )
    assert paired.status_code == 200, paired.text
    assert paired.json()["venue_name"] == "Teatteri 1"

    assert "Pääovi" in words(venue.open("/scanners"))
    scanner_id = paired.json()["scanner_id"]
    assert venue.submit(f"/scanners/{scanner_id}/revoke").status_code == 303
    assert venue.submit(f"/scanners/{scanner_id}/revoke").status_code == 303
    with network.sessions() as db:
        acts = list(db.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))
        assert acts == ["scanner_invited", "scanner_revoked"]
        assert db.scalars(select(Scanner)).one().revoked_at is not None


def test_a_venue_sees_what_waits_on_a_scanner_and_since_when_it_is_known(
    network, venue, scanner_id
) -> None:
    assert "Ei tiedossa" in words(venue.open("/scanners"))
    with network.sessions.begin() as db:
        note_waiting(db, scanner_id, 12, now=NOON)
    assert "12 tilanne 22.11.2026 14.00" in words(venue.open("/scanners"))
