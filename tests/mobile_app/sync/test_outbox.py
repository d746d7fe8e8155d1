"""Reports leave the scanner only when the server has confirmed them, and never silently."""

import json

import httpx
import pytest

from mobile_app.sync.outbox import Matter, MatterKind
from shared.problem import ProblemReport
from shared.protocol import TOO_OLD
from shared.rules.admission import Reason
from shared.venue import ScannerLimits
from shared.wire import to_json
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


async def test_a_batch_that_the_server_cannot_read_is_sent_in_parts(bench) -> None:
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


class Gate:
    """Something before the server, with words of its own."""

    def __init__(self, bench, answer) -> None:
        self._pass, self._answer = bench.network.handle_async_request, answer
        self.seen: list[str] = []
        bench.network.handle_async_request = self

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/v1/")
        await request.aread()
        self.seen.append(path)
        return self._answer(path, request) or await self._pass(request)


async def admit_offline(bench, state, count):
    bench.network.online = False
    for n in range(count):
        await admit_one(bench, state, sub=f"AAAAAAAA{n:02}")
    bench.network.online = True


async def test_a_body_that_is_too_long_is_halved_until_it_fits(bench) -> None:
    state = await bench.open()
    await admit_offline(bench, state, 8)

    def at_most_three(path, request):
        too_long = path == "scans/batch" and len(json.loads(request.content)["scans"]) > 3
        return httpx.Response(413, text="<html>Too large") if too_long else None

    gate = Gate(bench, at_most_three)
    await state.beat()

    assert (len(bench.network.reports), state.upkeep.readiness.waiting) == (8, 0)
    assert list(state.upkeep.matters) == []
    assert gate.seen.count("scans/batch") == 1 + 2 + 4
    times = [report.scanned_at for report in bench.network.reports.values()]
    assert times == sorted(times)


async def test_one_report_that_is_nothing_to_the_server_is_found_and_told(bench) -> None:
    state = await bench.open()
    await admit_offline(bench, state, 6)
    poison = str(state.visits[2].scan_id)

    def refuse(path, request):
        if path.startswith("scans") and poison in request.content.decode():
            return httpx.Response(422, text=to_json(ProblemReport(422, "malformed_request", "")))
        return None

    Gate(bench, refuse)
    await state.beat()

    [matter] = state.upkeep.matters
    assert (matter.kind, matter.code) == (MatterKind.REFUSED, "malformed_request")
    assert str(matter.scan_id) == poison
    assert (len(bench.network.reports), state.upkeep.readiness.waiting) == (5, 0)


async def test_a_server_that_names_a_time_is_left_alone_for_so_long(bench) -> None:
    state = await bench.open()
    await admit_offline(bench, state, 2)
    busy = ProblemReport(429, "too_many_requests", "", retry_after_s=90)
    gate = Gate(
        bench,
        lambda path, _: httpx.Response(429, text=to_json(busy)) if path == "scans/batch" else None,
    )

    for _ in range(3):
        await state.beat()
        bench.clock.pass_time(seconds=29)
    assert gate.seen.count("scans/batch") == 1
    assert (state.upkeep.readiness.waiting, list(state.upkeep.matters)) == (2, [])

    bench.clock.pass_time(seconds=3)
    await state.beat()
    assert gate.seen.count("scans/batch") == 2


async def test_a_clock_that_is_set_back_does_not_make_the_rest_longer(bench) -> None:
    state = await bench.open()
    await admit_offline(bench, state, 2)
    busy = ProblemReport(429, "too_many_requests", "", retry_after_s=10**9)
    said = [httpx.Response(429, text=to_json(busy))]
    Gate(bench, lambda path, _: said.pop() if path == "scans/batch" and said else None)
    await state.beat()

    bench.clock.pass_time(hours=-2)
    await state.beat()

    assert state.upkeep.readiness.waiting == 0


async def test_no_more_is_sent_at_once_than_the_server_takes(bench) -> None:
    state = await bench.open()
    state.upkeep.outbox.keep_to(ScannerLimits(23, 900, 2, 524_288))
    await admit_offline(bench, state, 5)
    gate = Gate(bench, lambda *_: None)

    await state.beat()

    sent = [path for path in gate.seen if path.startswith("scans")]
    assert sent == ["scans/batch", "scans/batch", "scans"]


async def test_an_app_that_is_too_old_keeps_everything_and_says_so(bench) -> None:
    told: list[str] = []
    bench.device.api.when_too_old(lambda: told.append("too old"))
    state = await bench.open()
    await admit_offline(bench, state, 3)
    problem = ProblemReport(426, TOO_OLD, TOO_OLD)

    gate = Gate(bench, lambda *_: httpx.Response(426, text=to_json(problem)))
    await state.beat()

    assert gate.seen
    assert told
    assert state.upkeep.readiness.waiting == 3
    assert list(state.upkeep.matters) == []


async def test_a_spoilt_record_holds_back_no_other_and_is_told(bench) -> None:
    state = await bench.open()
    await admit_offline(bench, state, 2)
    [(first, _), *_] = await bench.device.store.under("door/outbox/")
    for name in (first, "door/voiding/x", "door/visit/x", "door/scan/x", "door/matter/x"):
        await bench.device.store.put(name, {"unreadable": True})

    again = await bench.open()
    await again.beat()

    assert len(bench.network.reports) == 1
    assert again.upkeep.readiness.unreadable == 2
    assert (await bench.device.store.get(first)) == {"unreadable": True}
