"""What a scanner keeps: scans over a crash, who is in, what was undone, what it could not store."""

from datetime import timedelta

from mobile_app.device.store import StoreRefused
from mobile_app.scan.record import Scan
from mobile_app.scan.shown import Note, Stage
from mobile_app.sync.record import from_record
from shared.rules.admission import Reason
from tests.mobile_app.door import NOON_S
from tests.mobile_app.fakes import NOON


async def test_a_crash_before_the_answer_asks_again(bench) -> None:
    bench.network.online = False
    state = await bench.open(fetch=False)
    await state.read(bench.issuer.card().show())
    first = state.shown.scan
    bench.clock.pass_time(minutes=9)

    again = await bench.restart()

    assert again.shown.stage is Stage.ASKED
    assert again.shown.scan == first
    await again.admit()
    assert len(again.visits) == 1


async def test_a_crash_after_the_answer_keeps_the_visit(bench) -> None:
    state = await bench.open()
    bench.network.online = False
    await state.read(bench.issuer.card().show())
    await state.admit()

    again = await bench.restart()

    assert (again.shown, len(again.visits), again.upkeep.readiness.waiting) == (None, 1, 1)
    bench.network.online = True
    await again.beat()
    assert (len(bench.network.reports), again.upkeep.readiness.waiting) == (1, 0)


async def test_ten_minutes_without_an_answer_close_the_scan(bench) -> None:
    state = await bench.open()
    await state.read(bench.issuer.card().show())
    bench.clock.pass_time(minutes=10)

    await state.admit()
    await state.upkeep.settle()

    assert (state.shown, state.note, state.visits) == (None, Note.TOO_LATE, [])
    [report] = bench.network.reports.values()
    assert (report.admitted, report.closed_at) == (False, NOON + timedelta(minutes=10))


async def test_ten_minutes_count_over_a_restart(bench) -> None:
    state = await bench.open()
    await state.read(bench.issuer.card().show())
    bench.clock.pass_time(minutes=11)

    again = await bench.restart()

    assert again.shown is None
    assert await bench.names("door/scan/") == []


async def test_the_same_code_right_after_the_visit_stores_nothing(bench) -> None:
    state = await bench.open()
    text = bench.issuer.card().show()
    await state.read(text)
    await state.admit()
    await state.next()
    await state.upkeep.settle()
    before = await bench.names()
    bench.clock.pass_time(seconds=9)

    await state.read(text)

    assert (state.shown.stage, state.shown.scan.reasons) == (Stage.REPEATED, [Reason.SAME_SCAN])
    assert await bench.names() == before


async def test_the_same_card_later_that_day_is_asked_about(bench) -> None:
    state = await bench.open()
    card = bench.issuer.card()
    await state.read(card.show())
    await state.admit()
    await state.next()
    bench.clock.pass_time(minutes=30)

    await state.read(card.show(at=bench.clock.now()))

    assert state.shown.scan.reasons == [Reason.ALREADY_IN]
    await state.decline()
    await state.upkeep.settle()
    assert [report.admitted for report in bench.network.reports.values()] == [True, False]


async def test_while_a_scan_waits_the_same_code_shows_it_and_another_must_wait(bench) -> None:
    state = await bench.open()
    card = bench.issuer.card()
    await state.read(card.show())
    waiting = state.shown

    await state.read(card.show())  # signed again: other bytes, the same reading
    assert (state.shown, state.note) == (waiting, None)
    await state.read(bench.issuer.card(sub="AAAAAAAAAA").show())

    assert (state.shown, state.note) == (waiting, Note.FINISH_FIRST)
    assert len(await bench.names("door/scan/")) == 1


async def test_the_ledger_does_not_name_the_card(bench) -> None:
    state = await bench.open()
    await state.read(bench.issuer.card(sub="NameOfCard").show())
    await state.admit()
    await state.upkeep.settle()

    rows = await bench.device.store.under("door/ledger/")
    assert len(rows) == 1
    assert "NameOfCard" not in str(rows)


async def test_old_rows_and_visits_are_thrown_away(bench) -> None:
    state = await bench.open()
    await state.read(bench.issuer.card().show())
    await state.admit()
    await state.upkeep.settle()
    bench.clock.pass_time(days=4)

    again = await bench.restart()

    assert again.visits == []
    assert await bench.names("door/ledger") == []


async def test_undo_before_the_server_heard_makes_no_visit_there(bench) -> None:
    state = await bench.open()
    bench.network.online = False
    card = bench.issuer.card()
    await state.read(card.show())
    # Killed before anything was sent: the report never left.
    await state._book.admit(
        state.shown.scan, at=NOON, children=0, assistant=False, door=state._door()
    )
    again = await bench.restart()
    await again.undo(again.visits[0].scan_id)
    bench.network.online = True
    await again.beat()

    assert [report.admitted for report in bench.network.reports.values()] == [False]
    assert (bench.network.voided, again.note) == ([], Note.UNDONE)


async def test_undo_after_the_server_heard_voids_and_lets_the_card_in_again(bench) -> None:
    state = await bench.open()
    card = bench.issuer.card()
    await state.read(card.show())
    await state.admit()
    await state.upkeep.settle()
    scan_id = state.visits[0].scan_id
    bench.clock.pass_time(minutes=14)

    await state.undo(scan_id)
    await state.upkeep.settle()

    assert bench.network.voided == [scan_id]
    assert (state.shown, state.visits[0].undone_at) == (None, bench.clock.now())
    await state.read(card.show(at=bench.clock.now()))
    assert state.shown.scan.reasons == [Reason.OK]


async def test_after_a_quarter_of_an_hour_nothing_can_be_undone(bench) -> None:
    state = await bench.open()
    await state.read(bench.issuer.card().show())
    await state.admit()
    await state.upkeep.settle()
    bench.clock.pass_time(minutes=15)

    await state.undo(state.visits[0].scan_id)

    assert (state.note, bench.network.voided) == (Note.TOO_LATE_TO_UNDO, [])


async def test_nobody_is_let_in_by_what_the_device_could_not_store(bench, monkeypatch) -> None:
    state = await bench.open()
    store = bench.device.store
    kept = store.put_all

    async def refuse(_) -> None:
        raise StoreRefused("full")

    monkeypatch.setattr(store, "put_all", refuse)
    await state.read(bench.issuer.card().show())
    assert (state.shown, state.note) == (None, Note.NOT_STORED)
    await state.read(bench.issuer.card(until_s=NOON_S).show())
    assert (state.shown.stage, state.note) == (Stage.CLOSED, Note.NOT_STORED)
    await state.next()

    monkeypatch.setattr(store, "put_all", kept)
    await state.read(bench.issuer.card().show())
    monkeypatch.setattr(store, "put_all", refuse)
    await state.admit()
    assert (state.shown.stage, state.note) == (Stage.ASKED, Note.NOT_STORED)
    monkeypatch.setattr(store, "put_all", kept)
    await state.admit()
    assert state.shown.stage is Stage.VISITED


async def test_the_same_card_again_tells_when_it_came(bench) -> None:
    state = await bench.open()
    card = bench.issuer.card()
    await state.read(card.show())
    await state.admit()
    bench.clock.pass_time(minutes=5)

    await state.read(card.show(at=bench.clock.now()))

    assert state.shown.scan.reason is Reason.ALREADY_IN
    assert state.shown.scan.before_at == NOON


async def test_a_scan_survives_its_record(bench) -> None:
    state = await bench.open()
    await state.read(bench.issuer.card().show())

    [(_, record)] = await bench.device.store.under("door/scan/")
    assert from_record(Scan, record) == state.shown.scan
