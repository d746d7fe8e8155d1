"""This visit is not mine: told once, decided once, and seen by the holder."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from server.access.service import grant_access
from server.card.models import Card
from server.dispute.errors import DisputedVisitUnknown
from server.dispute.service import (
    disputed_of,
    list_open_disputes,
    of_area,
    of_venue,
    settle_dispute,
)
from server.venue.models import Venue
from server.visit.models import Dispute, Voiding
from shared.scan import Category
from shared.visit import DisputeOutcome
from tests.factories import SECRET
from tests.server.callers import all_at_a_lock, one_session, refusal


@pytest.fixture
def visit_id(holder, scanner) -> str:
    return scanner.scan(holder.show()).json()["visit_id"]


@pytest.fixture
def access_id(engine, clock, visit_id) -> UUID:
    """The venue's access."""
    del visit_id
    with one_session(engine) as db:
        venue = db.scalars(select(Venue)).one()
        return grant_access(db, venue, handle="kohde", secret=SECRET, now=clock.now)[0].id


@pytest.fixture
def tell(http):
    def tell(holder, visit_id, dispute_id=None):
        told = {"dispute_id": str(dispute_id or uuid4()), "visit_id": str(visit_id)}
        return http.post("disputes", json=told, headers=holder.speaking)

    return tell


@pytest.fixture
def decide(engine, clock, access_id):
    def decide(outcome, dispute):
        with one_session(engine) as db:
            venue = db.scalars(select(Venue)).one()
            return settle_dispute(
                db, of_venue(venue.id), dispute.id, outcome, access_id=access_id, now=clock.now
            )

    return decide


def said_in_history(holder) -> object:
    [visit] = holder.read("visits").json()["visits"]
    return None if visit["dispute"] is None else visit["dispute"]["outcome"] or "waiting"


def test_the_same_word_twice_is_one_and_the_history_says_it(
    desk, holder, tell, visit_id, clock
) -> None:
    assert said_in_history(holder) is None
    dispute_id = uuid4()
    first = tell(holder, visit_id, dispute_id)
    clock.advance(minutes=3)
    again, anew = tell(holder, visit_id, dispute_id), tell(holder, visit_id)

    assert first.json() == again.json() == anew.json()
    assert desk.count(Dispute) == 1
    assert said_in_history(holder) == "waiting"


def test_nobody_disputes_anothers_visit_or_one_that_is_not_there(
    make_holder, holder, tell, visit_id
) -> None:
    for who, what in ((make_holder(), visit_id), (holder, uuid4())):
        assert refusal(tell(who, what)) == (404, "disputed_visit_unknown")


def test_a_visit_that_is_undone_or_older_than_a_year_is_refused_by_name(  # noqa: PLR0913, PLR0917 - fixtures
    desk, holder, scanner, tell, visit_id, clock
) -> None:
    undone = scanner.scan(holder.show(), category=Category.SPORT).json()
    scanner.void(undone["scan_id"])
    assert refusal(tell(holder, undone["visit_id"])) == (409, "disputed_visit_undone")

    [card] = desk.rows(Card)
    desk.change_card(card.id, last_valid_on=card.last_valid_on + timedelta(days=30))
    clock.advance(days=366)
    holder.sign_in()
    assert refusal(tell(holder, visit_id)) == (409, "disputed_visit_too_old")


def test_an_id_is_for_one_visit(holder, scanner, tell, visit_id) -> None:
    other = scanner.scan(holder.show(), category=Category.SPORT).json()["visit_id"]
    dispute_id = uuid4()
    assert tell(holder, visit_id, dispute_id).is_success
    assert refusal(tell(holder, other, dispute_id)) == (409, "dispute_id_taken")


def test_the_venue_sees_it_undoes_it_however_late_and_the_holder_is_told(  # noqa: PLR0913, PLR0917 - fixtures
    desk, holder, tell, visit_id, decide, engine, clock
) -> None:
    tell(holder, visit_id)
    [dispute] = desk.rows(Dispute)
    clock.advance(days=3)
    with one_session(engine) as db:
        venue = db.scalars(select(Venue)).one()
        assert disputed_of(db, [UUID(visit_id)]) == {UUID(visit_id)}
        [listed] = list_open_disputes(db, of_venue(venue.id))
        assert [one.visit.id for one in list_open_disputes(db, of_area(venue.area_id))] == [
            listed.visit.id
        ]
        assert list_open_disputes(db, of_venue(uuid4())) == []

    assert decide(DisputeOutcome.UNDONE, dispute) == UUID(visit_id)

    holder.sign_in()
    assert said_in_history(holder) == "undone"
    assert desk.count(Voiding) == 1
    with one_session(engine) as db:
        assert list_open_disputes(db, of_area(desk.area_id)) == []


def test_the_venue_may_say_that_it_happened(desk, holder, tell, visit_id, decide) -> None:
    tell(holder, visit_id)
    [dispute] = desk.rows(Dispute)

    assert decide(DisputeOutcome.HAPPENED, dispute) == UUID(visit_id)

    assert said_in_history(holder) == "happened"
    assert desk.count(Voiding) == 0
    assert tell(holder, visit_id).json()["outcome"] == "happened"
    assert decide(DisputeOutcome.UNDONE, dispute) is None, "it is decided already"


def test_undoing_the_visit_otherwise_settles_it(holder, scanner, tell) -> None:
    report = scanner.scan(holder.show()).json()
    tell(holder, report["visit_id"])
    scanner.void(report["scan_id"])
    assert said_in_history(holder) == "undone"


def test_a_place_decides_about_its_own_visits_only(  # noqa: PLR0913, PLR0917 - fixtures
    desk, holder, tell, visit_id, access_id, engine, clock
) -> None:
    tell(holder, visit_id)
    [dispute] = desk.rows(Dispute)
    with one_session(engine) as db:
        for elsewhere in (of_venue(uuid4()), of_area(uuid4())):
            with pytest.raises(DisputedVisitUnknown):
                settle_dispute(
                    db, elsewhere, dispute.id, DisputeOutcome.UNDONE, access_id=access_id,
                    now=clock.now,
                )  # fmt: skip


def test_two_who_decide_at_once_decide_once(desk, holder, tell, visit_id, decide, engine) -> None:  # noqa: PLR0913, PLR0917 - fixtures
    tell(holder, visit_id)
    [dispute] = desk.rows(Dispute)

    heard = all_at_a_lock(
        engine,
        select(Card),
        lambda: decide(DisputeOutcome.UNDONE, dispute),
        lambda: decide(DisputeOutcome.HAPPENED, dispute),
    )

    assert sorted(map(str, heard)) == sorted([visit_id, "None"])
    [settled] = desk.rows(Dispute)
    assert desk.count(Voiding) == int(settled.outcome is DisputeOutcome.UNDONE)


def test_one_word_from_many_requests_at_once_is_one(desk, holder, tell, visit_id, engine) -> None:
    answers = all_at_a_lock(engine, select(Card), *[lambda: tell(holder, visit_id)] * 5)

    assert all(answer.is_success for answer in answers)
    assert len({answer.content for answer in answers}) == 1
    assert desk.count(Dispute) == 1
