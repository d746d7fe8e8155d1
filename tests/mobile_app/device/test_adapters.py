"""The phone's own parts: clock, store, keys."""

import asyncio
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from mobile_app.device import clock as clock_module
from mobile_app.device.clock import SURE_FOR, SystemClock
from mobile_app.device.process_key_store import ProcessKeyStore
from mobile_app.device.roots import read_roots
from mobile_app.device.sqlite_store import SqliteStore
from shared.token.cose import PublicPoint, SignatureCheck
from tests.mobile_app.fakes import NOON, MemoryStore


class Watch:
    """The two clocks of the operating system, turned by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.wall, self.steady_s = NOON, 1000.0
        monkeypatch.setattr(clock_module, "_wall", lambda: self.wall)
        monkeypatch.setattr(clock_module, "_steady_s", lambda: self.steady_s)

    def run(self, **duration: float) -> None:
        passed = timedelta(**duration)
        self.wall += passed
        self.steady_s += passed.total_seconds()


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(monkeypatch)


def test_clock_is_unsure_until_the_server_was_heard(watch: Watch) -> None:
    clock = SystemClock()
    assert not clock.is_sure()

    clock.learn(watch.wall)
    assert clock.is_sure()


def test_clock_corrects_itself_by_the_server(watch: Watch) -> None:
    clock = SystemClock()
    clock.learn(watch.wall - timedelta(minutes=7))
    watch.run(seconds=90)

    assert clock.now() == watch.wall - timedelta(minutes=7)
    assert clock.error() == timedelta(minutes=7)
    assert clock.is_sure()


def test_clock_is_unsure_a_day_later(watch: Watch) -> None:
    clock = SystemClock()
    clock.learn(watch.wall)
    watch.run(seconds=SURE_FOR.total_seconds())
    assert clock.is_sure()
    watch.run(seconds=1)
    assert not clock.is_sure()


@pytest.mark.parametrize("turned_s", [6, -6])
def test_clock_is_unsure_when_somebody_turned_it(watch: Watch, turned_s: int) -> None:
    clock = SystemClock()
    clock.learn(watch.wall)
    watch.wall += timedelta(seconds=turned_s)

    assert not clock.is_sure()


def test_clock_that_was_sure_is_likely_after_a_restart(watch: Watch) -> None:
    first = SystemClock()
    first.learn(watch.wall - timedelta(minutes=7))
    watch.run(hours=2)

    clock = SystemClock(first.record())
    watch.run(hours=1)

    assert (clock.is_sure(), clock.is_likely()) == (False, True)
    assert clock.now() == watch.wall - timedelta(minutes=7)
    watch.run(hours=21, seconds=1)
    assert not clock.is_likely()  # a day after the server was heard


def test_clock_that_ran_backwards_while_the_app_was_closed_is_not_likely(watch: Watch) -> None:
    first = SystemClock()
    first.learn(watch.wall)
    watch.run(hours=2)
    kept = first.record()
    watch.wall -= timedelta(minutes=1)

    assert not SystemClock(kept).is_likely()


@pytest.mark.parametrize("turned_s", [6, -6])
def test_clock_that_is_turned_after_a_restart_is_not_likely(watch: Watch, turned_s: int) -> None:
    first = SystemClock()
    first.learn(watch.wall)
    watch.run(seconds=60)
    clock = SystemClock(first.record())
    watch.run(seconds=60)

    watch.wall += timedelta(seconds=turned_s)

    assert not clock.is_likely()
    clock.learn(watch.wall)
    assert clock.is_sure()
    assert not clock.is_likely()


def test_correction_of_an_earlier_run_counts_but_makes_nothing_sure(watch: Watch) -> None:
    clock = SystemClock({"error_s": 180})

    assert clock.now() == watch.wall - timedelta(minutes=3)
    assert not clock.is_sure()


@pytest.fixture
def store(tmp_path: Path):
    store = SqliteStore(tmp_path / "phone" / "store.sqlite3")
    yield store
    store.close()


async def test_record_survives_closing_the_app(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    first = SqliteStore(path)
    await first.put("card", {"words": "ääkköset", "number": 7, "nothing": None})
    first.close()
    again = SqliteStore(path)

    assert await again.get("card") == {"words": "ääkköset", "number": 7, "nothing": None}
    again.close()


async def test_store_writes_through_to_the_disk(store: SqliteStore) -> None:
    def pragma(name: str):
        return store._db.execute(f"PRAGMA {name}").fetchone()[0]

    assert pragma("journal_mode") == "wal"
    assert pragma("synchronous") == 2  # FULL


async def test_all_or_none_is_written(store: SqliteStore) -> None:
    await store.put("kept", {"n": 1})
    unwritable = object()  # fails when the first record is written already
    with pytest.raises(sqlite3.Error):
        await store.put_all({"kept": None, unwritable: {"n": 2}})

    assert await store.get("kept") == {"n": 1}
    await store.put("next", {"n": 3})  # and the store goes on working


async def test_none_deletes_together_with_what_is_written(store: SqliteStore) -> None:
    await store.put("a", {})
    await store.put_all({"a": None, "b": {"n": 2}})

    assert await store.get("a") is None
    assert await store.get("b") == {"n": 2}


async def test_under_finds_exactly_what_begins_so(store: SqliteStore) -> None:
    await store.put_all({"visit/2": {}, "visit/1": {}, "visit": {}, "visi%/1": {}, "visit_1": {}})

    assert [key for key, _ in await store.under("visit/")] == ["visit/1", "visit/2"]
    assert [key for key, _ in await store.under("visi%")] == ["visi%/1"]


@pytest.mark.parametrize(
    "prefix", ["", "%", "_", "a_", "a%", "\ud7ff", "a\U0010ffff", "\U0010ffff", "\U0010ffff" * 2]
)
async def test_under_takes_every_character_as_it_is(store: SqliteStore, prefix: str) -> None:
    others = ["", "%", "_", "a", "ab", "b", "ä", "\ud7ff", "\ue000", "\U0010ffff"]
    names = {first + second + third for first in others for second in others for third in others}
    await store.put_all({name: {} for name in names})

    assert [name for name, _ in await store.under(prefix)] == sorted(
        name for name in names if name.startswith(prefix)
    )


async def test_under_reads_by_the_index_and_not_all_of_the_records(store: SqliteStore) -> None:
    asked: list[str] = []
    store._db.set_trace_callback(asked.append)
    await store.under("visit/")
    store._db.set_trace_callback(None)

    [[*_, plan]] = store._db.execute(f"EXPLAIN QUERY PLAN {asked[0]}")
    assert plan == "SEARCH record USING INDEX sqlite_autoindex_record_1 (key>? AND key<?)"


async def test_many_writers_at_once_lose_nothing(store: SqliteStore) -> None:
    await asyncio.gather(*(store.put(f"scan/{n:03}", {"n": n}) for n in range(60)))

    assert [record["n"] for _, record in await store.under("scan/")] == list(range(60))


async def test_key_signs_what_everybody_can_verify() -> None:
    keys = ProcessKeyStore(MemoryStore())
    point = await keys.make_key("card")
    signature = await keys.sign("card", b"data")

    assert len(signature) == 64
    assert await keys.verify(SignatureCheck(b"data", signature, point))
    assert not await keys.verify(SignatureCheck(b"other", signature, point))
    assert not await keys.verify(SignatureCheck(b"data", signature[::-1], point))


async def test_point_that_is_not_on_the_curve_verifies_nothing() -> None:
    keys = ProcessKeyStore(MemoryStore())
    nowhere = PublicPoint(x=b"\xff" * 32, odd=False)

    assert not await keys.verify(SignatureCheck(b"data", b"\x01" * 64, nowhere))


async def test_key_is_the_same_after_a_restart_and_gone_when_forgotten() -> None:
    store = MemoryStore()
    point = await ProcessKeyStore(store).make_key("card")
    again = ProcessKeyStore(store)
    assert await again.point_of("card") == point

    await again.forget("card")

    assert await again.point_of("card") is None
    assert store.records == {}
    with pytest.raises(KeyError):
        await again.sign("card", b"data")


def test_roots_are_read_from_what_keygen_writes(keys_dir: Path, ring) -> None:
    assert read_roots(keys_dir / "roots.json") == ring.roots
