"""Signed documents: only better ones replace those that are held."""

from datetime import timedelta

import pytest

from server.signing import make_private_key
from shared.rules.admission import Reason
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
        if len(fetched) == 2:
            bench.network.key_set = bench.issuer.key_set(seq=2, issued_at_s=NOON_S)
        return await ask()

    bench.device.api.key_set = key_set
    bench.network.status_lists[0] = bench.issuer.status_list(seq=2, issued_at_s=NOON_S)
    bench.clock.pass_time(seconds=30)
    await state.beat()

    assert state.upkeep.refresh.key_set.seq == 2
