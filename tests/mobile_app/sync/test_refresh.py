"""Signed documents: only better ones replace those that are held."""

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from server.signing import make_private_key
from shared.rules.admission import Reason
from shared.wire import to_json
from tests.mobile_app.door import DAY_S, NOON_S, DoorBench
from tests.mobile_app.fakes import NOON


@pytest.fixture
async def bench(tmp_path):
    bench = DoorBench(tmp_path)
    yield bench
    bench.close()


async def test_keys_and_list_are_there_after_the_first_beat_with_their_ages(bench) -> None:
    state = await bench.open()

    ages = state.upkeep.readiness.ages
    assert (ages.keys_s, ages.status_s) == (840, 840)  # the list confirms the key set


async def test_a_forged_key_set_leaves_the_old_one(bench) -> None:
    state = await bench.open()
    held = state.upkeep.refresh.key_set
    bench.network.key_set = bench.issuer.key_set(seq=9, root=make_private_key())
    bench.clock.pass_time(seconds=30)

    await state.beat()

    assert state.upkeep.refresh.key_set is held
    assert state.upkeep.readiness.refused == "forged"
    await state.read(bench.issuer.card().show(at=bench.clock.now()))
    assert state.shown.scan.reasons == [Reason.OK]


@pytest.mark.parametrize("seq", [4, 5], ids=["older", "another of the same number"])
async def test_no_way_back_to_an_older_key_set_not_even_after_a_restart(bench, seq) -> None:
    bench.network.key_set = bench.issuer.key_set(seq=5)
    await bench.open()
    bench.network.key_set = bench.issuer.key_set(seq=seq, issued_at_s=NOON_S - 60)

    again = await bench.restart()
    await again.beat()

    assert (again.upkeep.refresh.key_set.seq, again.upkeep.readiness.refused) == (5, "rollback")


async def test_a_newer_key_set_is_taken_and_kept_over_a_restart(bench) -> None:
    state = await bench.open()
    bench.network.key_set = bench.issuer.key_set(seq=2, issued_at_s=NOON_S)
    bench.clock.pass_time(seconds=30)
    await state.beat()

    bench.network.online = False
    again = await bench.restart()

    assert again.upkeep.refresh.key_set.seq == 2
    assert 0 in again.upkeep.refresh.status


async def test_knowledge_that_ran_out_is_old_and_not_gone(bench) -> None:
    await bench.open()
    bench.network.online = False
    bench.clock.pass_time(days=90)

    again = await bench.restart()
    await again.read(bench.issuer.card(until_s=NOON_S + 30 * DAY_S).show(at=bench.clock.now()))

    assert again.upkeep.refresh.key_set is not None
    assert Reason.KEY_NOT_HERE not in again.shown.scan.reasons


async def test_a_good_list_of_other_cards_does_not_stand_in(bench) -> None:
    state = await bench.open()
    held = state.upkeep.refresh.status[0]
    bench.network.status_lists[0] = bench.issuer.status_list(1, issued_at_s=NOON_S)
    bench.clock.pass_time(seconds=30)

    await state.beat()

    assert state.upkeep.refresh.status[0] is held


async def test_an_older_list_does_not_replace_a_newer(bench) -> None:
    state = await bench.open()
    held = state.upkeep.refresh.status[0]
    bench.network.status_lists[0] = bench.issuer.status_list(issued_at_s=NOON_S - 2 * DAY_S)
    bench.clock.pass_time(seconds=30)

    await state.beat()

    assert state.upkeep.refresh.status[0] is held
    assert state.upkeep.readiness.refused == "rollback"


async def test_garbage_changes_nothing(bench) -> None:
    state = await bench.open()
    bench.network.key_set = bench.network.status_lists[0] = b"<html>Welcome to Hotel Wifi"
    bench.clock.pass_time(seconds=30)

    await state.beat()

    assert state.upkeep.readiness.refused == "form"
    await state.read(bench.issuer.card().show(at=NOON + timedelta(seconds=30)))
    assert state.shown.scan.reasons == [Reason.OK]


async def test_a_list_that_names_newer_keys_makes_the_scanner_fetch_them(bench) -> None:
    state = await bench.open()
    fetched = []
    ask = bench.device.api.key_set

    async def key_set() -> bytes:
        fetched.append(1)
        if len(fetched) == 1:
            bench.network.key_set = bench.issuer.key_set(seq=2, issued_at_s=NOON_S)
        return await ask()

    bench.device.api.key_set = key_set
    bench.network.status_lists[0] = bench.issuer.status_list(seq=2, issued_at_s=NOON_S)
    bench.clock.pass_time(seconds=30)
    await state.beat()

    assert state.upkeep.refresh.key_set.seq == 2


class TestSnapshot:
    """What one request brings. The documents in it are judged as if they had come alone."""

    async def test_it_is_one_request(self, bench) -> None:
        asked = listen(bench)
        state = await bench.open()

        assert asked == ["nonces", "scanner-sessions", "scanner/snapshot"]
        bench.clock.pass_time(seconds=30)
        await state.beat()
        assert asked[3:] == ["scanner/snapshot"]

    async def test_the_server_is_told_how_many_reports_wait(self, bench) -> None:
        state = await bench.open()
        bench.network.refuse["scans"] = (429, "resting")
        await state.read(bench.issuer.card().show(at=bench.clock.now()))
        await state.admit()
        await state.upkeep.settle()
        asked = listen(bench, queries=True)
        bench.clock.pass_time(seconds=30)
        await state.beat()
        del bench.network.refuse["scans"]
        bench.clock.pass_time(seconds=30)
        await state.beat()
        told = [one for one in asked if one.startswith("scanner/snapshot")]
        assert told == [f"scanner/snapshot?lists=0&waiting={n}" for n in (1, 0)]

    async def test_what_is_held_is_named_and_unchanged_changes_nothing(self, bench) -> None:
        state = await bench.open()
        held = state.upkeep.refresh.status[0]
        named = []

        def unchanged(request):
            named.append((request.headers.get("if-none-match"), request.url.query))
            return httpx.Response(304)

        answer_snapshots(bench, unchanged)
        bench.clock.pass_time(seconds=30)
        await state.beat()

        assert named == [('"1"', b"lists=0&waiting=0")]
        assert state.upkeep.refresh.status[0] is held
        assert state.upkeep.readiness.refused is None

    async def test_after_a_refusal_everything_is_asked_for_again(self, bench) -> None:
        state = await bench.open()
        bench.network.key_set = bench.issuer.key_set(seq=9, root=make_private_key())
        bench.clock.pass_time(seconds=30)
        await state.beat()
        named = []

        def hear(request):
            named.append(request.headers.get("if-none-match"))

        answer_snapshots(bench, hear)
        bench.clock.pass_time(seconds=30)
        await state.beat()

        assert named == [None]

    async def test_a_server_without_snapshots_is_asked_for_each_document(self, bench) -> None:
        bench.network.refuse["scanner/snapshot"] = (404, "not_found")
        asked = listen(bench)

        state = await bench.open()

        assert {"key-set", "status-lists/0", "scanner"} <= set(asked)
        assert state.upkeep.refresh.key_set is not None

    @pytest.mark.parametrize(
        "content",
        [
            b"<html>Welcome",
            b"[]",
            b'{"version": "2"}',
            b"[" * 100_000,
            b'{"version": "2", "pad": "' + b"x" * (5 << 20) + b'"}',
        ],
        ids=["a portal", "a list", "half of it", "nested", "five megabytes"],
    )
    async def test_a_hostile_answer_leaves_what_is_held(self, bench, content) -> None:
        state = await bench.open()
        refresh = state.upkeep.refresh
        held = (refresh.key_set, refresh.status[0], refresh.snapshot)
        answer_snapshots(bench, lambda _: httpx.Response(200, content=content))
        bench.clock.pass_time(seconds=30)

        await state.beat()

        assert (refresh.key_set, refresh.status[0], refresh.snapshot) == held
        await state.read(bench.issuer.card().show(at=bench.clock.now()))
        assert state.shown.scan.reasons == [Reason.OK]

    @pytest.mark.parametrize("raw", ["", "!", "AAAA", "A" * 100_000])
    async def test_what_is_no_document_is_refused(self, bench, raw) -> None:
        state = await bench.open()
        refresh = state.upkeep.refresh
        held = (refresh.key_set, refresh.status[0])
        bad = replace(refresh.snapshot, key_set=raw, status_lists={0: raw, 7: raw}, version="2")
        answer_snapshots(bench, lambda _: httpx.Response(200, text=to_json(bad)))
        bench.clock.pass_time(seconds=30)

        await state.beat()

        assert (refresh.key_set, refresh.status[0]) == held
        assert set(refresh.status) == {0}
        assert state.upkeep.readiness.refused is not None


def listen(bench, *, queries: bool = False) -> list[str]:
    asked: list[str] = []
    answer = bench.network.handle_async_request

    async def heard(request: httpx.Request) -> httpx.Response:
        address = request.url.raw_path.decode() if queries else request.url.path
        asked.append(address.removeprefix("/api/v1/"))
        return await answer(request)

    bench.network.handle_async_request = heard
    return asked


def answer_snapshots(bench, say) -> None:
    answer = bench.network.handle_async_request

    async def heard(request: httpx.Request) -> httpx.Response:
        said = say(request) if request.url.path.endswith("/snapshot") else None
        return said or await answer(request)

    bench.network.handle_async_request = heard
