"""Not my visit: the venue sees it beside the visit and in a list, and decides; so does the area."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from server.audit.models import AuditEntry
from server.card.models import Card
from server.dispute.service import tell_dispute
from server.scan.service import record_scan
from server.venue.models import Scanner, Venue
from server.visit.models import Dispute, Visit, Voiding
from shared.visit import DisputeReport
from tests.factories import NOON, HolderPhone, make_report, make_scanner
from tests.server.console.conftest import words

AT = NOON - timedelta(days=3)


@pytest.fixture
def disputed(network, ring, settings) -> Dispute:
    """A visit at Teatteri 1, three days ago, that its holder says is not theirs."""
    with network.sessions.begin() as db:
        venue = db.scalars(select(Venue).where(Venue.name == "Teatteri 1")).one()
        scanner_id = make_scanner(db, venue=venue).id
        phone = HolderPhone(db, ring=ring, settings=settings, now=AT)
        asked = select(Scanner).where(Scanner.id == scanner_id)
        scanner = db.scalars(asked.options(joinedload(Scanner.venue))).one()
        report = make_report(phone.show(now=AT), at=AT, children=1)
        receipt = record_scan(db, scanner, report, ring=ring, settings=settings, now=AT)
        told = DisputeReport(uuid4(), receipt.visit_id)
        tell_dispute(db, phone.card, told, now=NOON)
        return db.scalars(select(Dispute)).one()


def test_the_venue_sees_the_word_beside_the_visit_and_nothing_of_the_holder(
    venue, disputed
) -> None:
    assert "Kortinhaltija sanoo: ei minun käyntini" in words(venue.open("/visits"))
    page = words(venue.open("/disputes"))
    assert "19.11.2026 14.00" in page
    assert "1975" not in page
    assert str(disputed.holder_id) not in venue.open("/disputes").text


def test_the_venue_undoes_it_after_days_and_it_is_written_down(network, venue, disputed) -> None:
    assert venue.submit(f"/disputes/{disputed.id}/undo").headers["location"].endswith("=undone")
    assert venue.submit(f"/disputes/{disputed.id}/uphold").headers["location"].endswith("=already")

    page = words(venue.open("/disputes?done=undone"))
    assert "Käynti on kumottu. Kortinhaltija näkee sen." in page
    assert "Kukaan kortinhaltija ei ole kertonut" in page
    with network.sessions() as db:
        assert len(db.scalars(select(Voiding)).all()) == 1
        [entry] = db.scalars(select(AuditEntry).where(AuditEntry.act == "visit_undone"))
        assert (entry.subject_id, entry.card_id) == (disputed.visit_id, None)


def test_the_coordinator_sees_those_of_the_area_and_lets_one_stand(
    network, coordinator, disputed
) -> None:
    assert "Teatteri 1" in words(coordinator.open("/disputes"))
    assert "Kortinhaltija sanoo" in words(coordinator.open("/area-visits"))
    coordinator.submit(f"/disputes/{disputed.id}/uphold")

    with network.sessions() as db:
        assert db.scalars(select(Voiding)).all() == []
        assert db.get_one(Dispute, disputed.id).outcome == "happened"
        assert [e.act for e in db.scalars(select(AuditEntry))] == ["visit_upheld"]


@pytest.mark.parametrize("handle", ["kohde-2", "vastuu-2"])
def test_others_neither_see_nor_decide_it(network, disputed, handle) -> None:
    other = network.browser(handle)
    assert "19.11.2026" not in words(other.open("/disputes"))
    for act in ("undo", "uphold"):
        assert other.submit(f"/disputes/{disputed.id}/{act}").status_code == 404
    with network.sessions() as db:
        assert db.get_one(Dispute, disputed.id).settled_at is None
        assert db.get_one(Visit, disputed.visit_id).left_out is False


def test_the_desk_erases_a_holder_after_saying_what_happens(network, desk, granted) -> None:
    path = granted()
    assert "Tätä ei voi perua." in words(desk.open(f"{path}/erasure"))
    with network.sessions() as db:
        assert db.scalars(select(Card)).one().erased_at is None

    assert desk.submit(f"{path}/erasure").headers["location"] == "/console/cards?done=erased"

    assert "tiedot on poistettu" in words(desk.open("/cards?done=erased"))
    assert desk.open(path).status_code == 404
    assert desk.submit(f"{path}/unblock").status_code == 404
    with network.sessions() as db:
        card = db.scalars(select(Card)).one()
        assert (card.birth_year, card.grounds) == (None, None)
        acts = [entry.act for entry in db.scalars(select(AuditEntry).order_by(AuditEntry.id))]
        assert acts[-2:] == ["holder_erased", "cards_listed"]
