"""Reports leave the scanner only when the server has confirmed them, and never silently."""

import pytest

from mobile_app.sync.outbox import Matter, MatterKind
from shared.rules.admission import Reason
from tests.mobile_app.door import NOON_S, DoorBench, make_scanner
from tests.mobile_app.fakes import NOON


@pytest.fixture
async def bench(tmp_path):
    bench = DoorBench(tmp_path)
    yield bench
    bench.close()


async def admit_one(bench, state, sub="AAAAAAAAAA"):
    await state.read(bench.issuer.card(sub=sub).show(at=bench.clock.now()))
    await state.admit()
    await state.upkeep.settle()
    visit = state.visits[0]
    await state.next()
    return visit


async def test_a_lost_answer_makes_neither_a_lost_nor_a_double_visit(bench) -> None:
    state = await bench.open()
    bench.network.lose_answers = 1
    await admit_one(bench, state)
    assert (bench.network.heard, state.upkeep.readiness.waiting) == (1, 1)

    await state.beat()

    assert (bench.network.heard, len(bench.network.reports)) == (2, 1)
    assert state.upkeep.readiness.waiting == 0


async def test_a_lost_answer_is_undone_by_a_voiding_after_its_report(bench) -> None:
    state = await bench.open()
    bench.network.lose_answers = 1
    visit = await admit_one(bench, state)

    await state.undo(visit.scan_id)
    await state.upkeep.settle()

    assert bench.network.reports[visit.scan_id].admitted
    assert bench.network.voided == [visit.scan_id]


async def test_an_evening_off_line_goes_in_one_batch_oldest_first(bench) -> None:
    state = await bench.open()
    bench.network.online = False
    for n in range(5):
        await admit_one(bench, state, sub=f"AAAAAAAAA{n}")
        bench.clock.pass_time(seconds=20)
    assert state.upkeep.readiness.waiting == 5

    bench.network.online = True
    await state.beat()

    assert state.upkeep.readiness.waiting == 0
    times = [report.scanned_at for report in bench.network.reports.values()]
    assert times == sorted(times)
    assert len(times) == 5


async def test_one_refused_report_is_shown_and_does_not_hold_back_the_others(bench) -> None:
    state = await bench.open()
    bench.network.online = False
    visits = [await admit_one(bench, state, sub=f"AAAAAAAAA{n}") for n in range(3)]
    bench.network.bad_reports[visits[1].scan_id] = "too_many_children"

    bench.network.online = True
    await state.beat()

    [matter] = state.upkeep.matters
    assert (matter.kind, matter.code) == (MatterKind.REFUSED, "too_many_children")
    assert matter.report.scan_id == visits[1].scan_id
    assert (len(bench.network.reports), state.upkeep.readiness.waiting) == (2, 0)

    bench.network.bad_reports.clear()
    await state.upkeep.settle_matter(matter, again=True)
    await state.upkeep.settle()
    assert (len(bench.network.reports), list(state.upkeep.matters)) == (3, [])


async def test_a_batch_that_the_server_cannot_read_is_sent_one_by_one(bench) -> None:
    state = await bench.open()
    bench.network.online = False
    for n in range(2):
        await admit_one(bench, state, sub=f"AAAAAAAAA{n}")
    bench.network.refuse["scans/batch"] = (422, "malformed_request")

    bench.network.online = True
    await state.beat()

    assert (len(bench.network.reports), state.upkeep.readiness.waiting) == (2, 0)


async def test_what_the_register_decides_otherwise_is_told(bench) -> None:
    state = await bench.open()
    bench.network.differs = [Reason.REVOKED]

    visit = await admit_one(bench, state)

    [matter] = state.upkeep.matters
    assert (matter.kind, matter.reasons) == (MatterKind.DIFFERS, [Reason.REVOKED])
    assert matter.scan_id == visit.scan_id
    await state.upkeep.settle_matter(matter)
    assert list(state.upkeep.matters) == []


async def test_a_server_that_wants_a_rest_keeps_the_reports_waiting(bench) -> None:
    state = await bench.open()
    bench.network.refuse["scans"] = (401, "sign_in_required")

    await admit_one(bench, state)

    assert (state.upkeep.readiness.waiting, list(state.upkeep.matters)) == (1, [])


async def test_a_report_that_must_rest_in_a_batch_waits_and_is_no_matter_for_staff(bench) -> None:
    state = await bench.open()
    bench.network.online = False
    visits = [await admit_one(bench, state, sub=f"AAAAAAAAA{n}") for n in range(2)]
    bench.network.bad_reports[visits[0].scan_id] = "resting"

    bench.network.online = True
    await state.beat()

    assert (state.upkeep.readiness.waiting, list(state.upkeep.matters)) == (1, [])
    bench.network.bad_reports.clear()
    await state.beat()
    assert (len(bench.network.reports), state.upkeep.readiness.waiting) == (2, 0)


async def test_an_undo_that_comes_too_late_is_told(bench) -> None:
    state = await bench.open()
    visit = await admit_one(bench, state)
    bench.network.refuse["voidings"] = (409, "undo_too_late")

    await state.undo(visit.scan_id)
    await state.upkeep.settle()

    [matter] = state.upkeep.matters
    assert (matter.kind, matter.code) == (MatterKind.UNDO_REFUSED, "undo_too_late")


async def test_reports_of_another_venue_are_not_sent_under_this_ones_name(bench) -> None:
    state = await bench.open()
    bench.network.online = False
    await admit_one(bench, state)
    elsewhere = make_scanner().venue_id.__class__(int=NOON_S)
    bench.scanner = make_scanner(venue_id=elsewhere)
    bench.network.online = True

    paired_anew = await bench.open()

    assert bench.network.reports == {}
    [matter] = paired_anew.upkeep.matters
    assert isinstance(matter, Matter)
    assert matter.kind is MatterKind.OTHER_VENUE
    assert matter.report.closed_at == NOON
