"""Doors that could not hear each other: one conflict, whatever order their reports arrive in."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import combinations, permutations
from uuid import UUID

import pytest
from sqlalchemy import select

from server.area.models import Area
from server.card.models import Card
from server.conflict.models import Conflict
from server.conflict.service import Admission, OpenConflict, are_in_conflict, list_open_conflicts
from server.ids import new_id
from server.venue.models import Scanner
from server.visit.models import Visit
from server.voiding.service import void_visit
from shared.rules.admission import Reason
from shared.scan import ScanBatch
from shared.wire import to_json
from tests.factories import NOON, make_report
from tests.server.callers import all_at_a_lock, all_at_once, one_session

CROWD = 6
STANDS_IN_LINE_S = 0.4


@pytest.fixture
def doors(desk, make_scanner, shown):  # noqa: ARG001 - shown first: a sign-in does not last so long
    """Three scanners of one venue, which come into the network after the card was shown."""
    venue = desk.venue()
    return [make_scanner(venue) for _ in range(3)]


@pytest.fixture
def shown(holder, clock):
    """What the card showed at noon and each ten minutes later; it is half past now."""
    texts = []
    for _ in range(3):
        texts.append((clock.now, holder.show()))
        clock.advance(minutes=10)
    return texts


@pytest.fixture
def open_conflicts(engine, desk):
    def look(area_id: UUID | None = None, **over) -> list[OpenConflict]:
        with one_session(engine) as db:
            return list_open_conflicts(db, area_id or desk.area_id, **over)

    return look


def reports_of(shown, **over):
    return [make_report(text, at=at, **over) for at, text in shown]


def test_two_doors_that_said_yes_to_one_card_are_one_conflict(doors, shown, open_conflicts) -> None:
    first, second, _ = reports_of(shown)
    doors[0].report(first)
    assert open_conflicts() == []

    told = doors[1].report(second).json()

    # The second door hears it at once: the register is of another colour than it was.
    assert (told["outcome"], told["reasons"], told["differs"]) == ("recorded", ["already_in"], True)
    (conflict,) = open_conflicts()
    assert conflict.venue_name == "Teatteri"
    assert conflict.event.endswith("/culture/2026-11-22")
    assert [(v.visited_at, v.counted) for v in conflict.visits] == [
        (first.closed_at, True),
        (second.closed_at, False),
    ]
    assert conflict.found_at == NOON + timedelta(minutes=30)


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_whatever_the_order_of_arrival_it_is_one_conflict_and_the_earliest_counts(
    doors, shown, open_conflicts, desk, order
) -> None:
    reports = reports_of(shown)
    for n in order:
        assert doors[n].report(reports[n]).json()["outcome"] == "recorded"

    (conflict,) = open_conflicts()
    assert [visit.counted for visit in conflict.visits] == [True, False, False]
    assert [visit.visited_at for visit in conflict.visits] == [r.closed_at for r in reports]
    assert desk.count(Conflict) == 1


def test_sending_again_changes_nothing(doors, shown, open_conflicts, clock) -> None:
    reports = reports_of(shown)[:2]
    sent = list(zip(doors, reports, strict=False))
    for door, report in sent:
        door.report(report)
    before = open_conflicts()
    clock.advance(minutes=5)

    for door, report in sent[::-1] * 2:
        assert door.report(report).json()["outcome"] == "already_recorded"

    assert open_conflicts() == before


def test_the_same_scanner_again_is_no_conflict(doors, shown, desk) -> None:
    for report in reports_of(shown):
        doors[0].report(report)

    assert (desk.count(Visit), desk.count(Conflict)) == (3, 0)


def test_a_door_that_knew_is_no_conflict(doors, shown, desk) -> None:
    first, second, _ = reports_of(shown, reasons=[Reason.ALREADY_IN])
    doors[0].report(first)
    doors[1].report(second)  # staff were told, and let somebody back in

    assert (desk.count(Visit), desk.count(Conflict)) == (2, 0)


def test_undoing_another_visit_at_the_same_door_hides_no_conflict(
    doors, shown, make_holder, clock, open_conflicts
) -> None:
    another = make_report(make_holder().show(), at=clock.now)
    doors[0].report(another)
    assert doors[0].void(str(another.scan_id)).is_success

    first, second, _ = reports_of(shown)
    doors[0].report(first)
    doors[1].report(second)
    assert len(open_conflicts()) == 1


def test_another_venue_is_another_event(make_scanner, shown, desk) -> None:
    for report in reports_of(shown)[:2]:
        make_scanner().report(report)

    assert (desk.count(Visit), desk.count(Conflict)) == (2, 0)


def test_a_scan_that_was_not_admitted_is_in_nobodys_way(doors, shown, desk) -> None:
    first, second, _ = reports_of(shown)
    doors[0].report(make_report(shown[0][1], at=NOON, admitted=False))
    doors[1].report(second)
    assert desk.count(Conflict) == 0

    doors[0].report(first)
    assert desk.count(Conflict) == 1


def test_evenings_of_two_doors_are_uploaded_in_batches(
    doors, make_holder, clock, open_conflicts
) -> None:
    holders = [make_holder() for _ in range(4)]
    early = [make_report(holder.show(), at=clock.now) for holder in holders]
    clock.advance(minutes=10)
    late = [make_report(holder.show(), at=clock.now) for holder in holders[:3]]

    doors[1].ask("scans/batch", to_json(ScanBatch(late)))
    doors[0].ask("scans/batch", to_json(ScanBatch(early)))

    conflicts = open_conflicts()
    assert len(conflicts) == 3
    assert {c.visits[0].visited_at for c in conflicts} == {early[0].closed_at}
    assert [[v.counted for v in c.visits] for c in conflicts] == [[True, False]] * 3


class TestUndoing:
    def test_undoing_settles_only_when_no_two_doors_are_left(
        self, doors, shown, desk, open_conflicts
    ) -> None:
        reports = reports_of([shown[2]] * 3)
        for door, report in zip(doors, reports, strict=True):
            door.report(report)

        doors[0].void(str(reports[0].scan_id))
        (conflict,) = open_conflicts()
        assert [visit.counted for visit in conflict.visits] == [True, False]

        doors[1].void(str(reports[1].scan_id))
        assert open_conflicts() == []
        (kept,) = desk.rows(Conflict)
        assert kept.settled_at == NOON + timedelta(minutes=30)  # nothing is deleted

    def test_a_settled_one_opens_again_when_another_door_reports(
        self, doors, shown, desk, open_conflicts
    ) -> None:
        reports = reports_of([shown[2]] * 3)
        doors[0].report(reports[0])
        doors[1].report(reports[1])
        doors[1].void(str(reports[1].scan_id))
        assert open_conflicts() == []

        doors[2].report(reports[2])

        assert len(open_conflicts()) == 1
        assert desk.count(Conflict) == 1

    def test_a_visit_that_was_undone_before_the_other_came_is_no_conflict(
        self, doors, shown, desk
    ) -> None:
        reports = reports_of([shown[2]] * 2)
        doors[0].report(reports[0])
        doors[0].void(str(reports[0].scan_id))

        assert doors[1].report(reports[1]).json()["reasons"] == ["ok"]
        assert desk.count(Conflict) == 0


class TestTheList:
    def test_it_is_of_one_area_and_goes_on_where_it_stopped(
        self, doors, make_holder, open_conflicts, engine, clock
    ) -> None:
        for _ in range(3):
            text = make_holder().show()
            for door in doors[:2]:
                door.scan(text)
            clock.advance(seconds=1)

        everything = open_conflicts()
        first = open_conflicts(limit=2)
        rest = open_conflicts(limit=2, after=first[-1].conflict_id)

        assert len(everything) == 3
        assert first + rest == everything
        with one_session(engine) as db:
            db.add(area := Area(id=new_id(NOON), municipality_code="837", name="Tampere"))
        assert open_conflicts(area.id) == []


class TestAtTheSameMoment:
    def test_many_doors_at_once_are_one_conflict(
        self, desk, make_scanner, holder, engine, open_conflicts
    ) -> None:
        venue = desk.venue()
        crowd = [make_scanner(venue) for _ in range(CROWD)]
        text = holder.show()

        answers = all_at_a_lock(
            engine, select(Card), *(lambda d=door: d.scan(text) for door in crowd)
        )

        assert [answer.json()["outcome"] for answer in answers] == ["recorded"] * CROWD
        (conflict,) = open_conflicts()
        assert [visit.counted for visit in conflict.visits] == [True] + [False] * (CROWD - 1)

    def test_a_door_that_reports_while_another_undoes_waits_for_it(
        self, doors, make_holder, engine, open_conflicts, clock
    ) -> None:
        text = make_holder().show()
        scan_id = doors[0].scan(text).json()["scan_id"]

        with ThreadPoolExecutor(1) as pool:
            with one_session(engine) as db:
                scanner = db.get_one(Scanner, UUID(doors[0].id))
                void_visit(db, scanner, UUID(scan_id), now=clock.now)
                reporting = pool.submit(doors[1].scan, text)
                time.sleep(STANDS_IN_LINE_S)
            told = reporting.result(timeout=30).json()

        assert (told["outcome"], told["reasons"]) == ("recorded", ["ok"])
        assert open_conflicts() == []

    def test_batches_of_two_doors_find_every_conflict_once(
        self, doors, make_holder, open_conflicts, desk
    ) -> None:
        texts = [make_holder().show() for _ in range(8)]
        batches = [
            ScanBatch([make_report(text) for text in order]) for order in (texts, texts[::-1])
        ]

        answers = all_at_once(
            *(
                lambda d=door, b=batch: d.ask("scans/batch", to_json(b))
                for door, batch in zip(doors, batches, strict=False)
            )
        )

        assert [answer.status_code for answer in answers] == [200, 200]
        assert (len(open_conflicts()), desk.count(Conflict)) == (8, 8)


class TestTheRule:
    """`are_in_conflict` alone."""

    def admission(self, scanner: int, minute: int, *, knew: bool = False) -> Admission:
        at = NOON + timedelta(minutes=minute)
        return Admission(new_id(at), UUID(int=scanner), UUID(int=9), at, knew)

    @pytest.mark.parametrize(
        ("admissions", "conflict"),
        [
            ([], False),
            ([(1, 0)], False),
            ([(1, 0), (1, 5)], False),
            ([(1, 0), (2, 5)], True),
            ([(1, 0), (2, 5, True)], False),
            (
                [(1, 0, True), (2, 5)],
                True,
            ),  # the earlier one can have known of a visit undone since
            ([(1, 0), (2, 5, True), (3, 9)], True),
            ([(1, 0), (2, 5, True), (2, 9, True)], False),
        ],
    )
    def test_the_later_of_two_scanners_did_not_know(self, admissions, conflict) -> None:
        given = [self.admission(s, m, knew=bool(k)) for s, m, *k in admissions]

        assert {are_in_conflict(order) for order in permutations(given)} == {conflict}

    def test_it_does_not_matter_which_two_of_many(self) -> None:
        given = [self.admission(n, n) for n in range(4)]

        assert all(are_in_conflict(two) for two in combinations(given, 2))
