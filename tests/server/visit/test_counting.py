"""One visit for a card and an event is counted; the holder sees all of them, and which."""

from datetime import timedelta
from itertools import permutations

import pytest
from sqlalchemy import select

from server.visit.counting import counts
from server.visit.models import Visit
from tests.factories import NOON, make_report
from tests.server.callers import one_session


@pytest.fixture
def counted(engine):
    """The scans whose visits count."""

    def look() -> set[str]:
        with one_session(engine) as db:
            return {str(scan_id) for scan_id in db.scalars(select(Visit.scan_id).where(counts()))}

    return look


@pytest.fixture
def doors(desk, make_scanner):
    venue = desk.venue()
    return [make_scanner(venue) for _ in range(3)]


def ids(*reports) -> set[str]:
    return {str(report.scan_id) for report in reports}


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_the_earliest_counts_in_whatever_order_they_arrive(doors, holder, counted, order) -> None:
    text = holder.show()
    reports = [
        make_report(text, children=n, closed_at=NOON + timedelta(minutes=n)) for n in range(3)
    ]
    for n in order:
        doors[n].report(reports[n])

    assert counted() == ids(reports[0])


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_of_two_in_the_same_instant_the_lesser_scan_counts(doors, holder, counted, order) -> None:
    reports = sorted((make_report(holder.show()) for _ in doors), key=lambda r: r.scan_id)
    for n in order:
        doors[n].report(reports[n])

    assert counted() == ids(reports[0])


def test_when_it_is_undone_the_next_counts(doors, holder, counted) -> None:
    text = holder.show()
    reports = [make_report(text, closed_at=NOON + timedelta(minutes=n)) for n in range(3)]
    for door, report in zip(doors, reports, strict=True):
        door.report(report)

    doors[0].void(str(reports[0].scan_id))
    assert counted() == ids(reports[1])
    doors[2].void(str(reports[2].scan_id))
    doors[1].void(str(reports[1].scan_id))
    assert counted() == set()


def test_coming_back_in_at_the_same_door_counts_once(scanner, holder, counted, clock) -> None:
    first = make_report(holder.show())
    scanner.report(first)
    clock.advance(minutes=5)
    scanner.scan(holder.show())

    assert counted() == ids(first)


def test_other_cards_and_other_events_count_for_themselves(
    make_scanner, make_holder, counted
) -> None:
    doors, holders = [make_scanner(), make_scanner()], [make_holder(), make_holder()]
    for door in doors:
        for holder in holders:
            door.scan(holder.show())

    assert len(counted()) == 4


def test_the_history_shows_both_and_tells_which_counts(doors, holder) -> None:
    text = holder.show()
    doors[0].scan(text, closed_at=NOON + timedelta(minutes=1))
    doors[1].scan(text, closed_at=NOON)

    visits = holder.read("visits").json()["visits"]

    assert [(v["visited_at"], v["counted"]) for v in visits] == [
        ("2026-11-22T12:01:00Z", False),
        ("2026-11-22T12:00:00Z", True),
    ]


def test_an_undone_visit_in_the_history_does_not_count(scanner, holder) -> None:
    scan_id = scanner.scan(holder.show()).json()["scan_id"]
    scanner.void(scan_id)

    (visit,) = holder.read("visits").json()["visits"]
    assert visit["counted"] is False
