"""The door's own code over its store on disk: what a long ledger costs each card."""

import asyncio
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from mobile_app.device.store import Record
from mobile_app.scan.judge import Judge
from mobile_app.scan.ledger import Ledger
from mobile_app.scan.purpose import Purpose
from server.clock import seconds
from server.ids import new_id
from shared.rules.admission import Colour, Door, LedgerRow
from shared.scan import Category
from tests.bench.figures import Figure, Plan, Samples, Yardstick, sample
from tests.bench.tokens import verify_once
from tests.mobile_app.door import DoorBench
from tests.mobile_app.fakes import MemoryStore

BUDGET_MS = 5
MANY = 100_000
FEW = 10
DOOR = Door(event="V1/culture/today", venue="V1", device="D1")

_LONG_AGO = timedelta(hours=40)
_BATCH = 10_000
_NUMBERS = count()


def measure(plan: Plan) -> Iterator[Figure]:
    bare = sample(verify_once(), times=plan.times(2000, 200))
    few, many, swept = asyncio.run(_measure(plan))
    verify = Yardstick(what="bare P-256 verify", value=bare.median)
    short = Yardstick(what=f"the same, ledger of {FEW}", value=few.median)
    yield Figure(
        what=f"door on SQLite, ledger of {FEW}: judge a card",
        value=few.median,
        budget=BUDGET_MS,
        yardstick=verify,
        raw={"bare": bare.raw(), "judged": few.raw()},
    )
    yield Figure(
        what="door on SQLite, ledger of 100,000: judge a card",
        value=many.median,
        budget=BUDGET_MS,
        yardstick=short,
        raw={"judged": many.raw()},
    )
    yield Figure(
        what="door on SQLite, ledger of 100,000: p95",
        value=many.p95,
        budget=BUDGET_MS,
        yardstick=Yardstick(what=f"the same, ledger of {FEW}, p95", value=few.p95),
    )
    yield Figure(
        what="door on SQLite, ledger of 100,000: old rows looked for at the start",
        value=swept.median,
        raw={"swept": swept.raw()},
    )


async def make_ledger(rows: int, *, now: datetime) -> dict[str, Record]:
    """Make what a scanner keeps of *rows* visits of strangers, spread over three days."""
    store = MemoryStore()
    ledger = Ledger(store)
    records: dict[str, Record] = {}
    for number in range(rows):
        at = now - _LONG_AGO * (number / rows)
        row = LedgerRow(
            sub=f"Other{number:05}",
            shown_at_s=seconds(at) - 5,
            event=f"V2/culture/{at.date()}",
            venue="V2",
            device="D2",
            at_s=seconds(at),
        )
        name, entry = await ledger.entry(row, new_id(at))
        await store.put_all({key: value for key, value in entry.items() if key != name})
        records |= entry
    return records


async def _measure(plan: Plan) -> tuple[Samples, Samples, Samples]:
    with tempfile.TemporaryDirectory(prefix="kaiku-bench-") as name:
        bench = DoorBench(Path(name))
        judge = await _offline_judge(bench)
        cards = [[_card(bench) for _ in range(plan.times(300, 50))] for _ in range(2)]
        await _fill(bench, rows=FEW)
        few = await _judge_each(judge, cards[0])
        await _fill(bench, rows=MANY - FEW)
        many = await _judge_each(judge, cards[1])
        ledger = Ledger(bench.device.store)
        swept = [await _sweep(ledger, bench) for _ in range(plan.times(5, 2))]
        bench.close()
    return few, many, Samples(swept)


async def _offline_judge(bench: DoorBench) -> Judge:
    state = await bench.open()
    bench.network.online = False
    bench.clock.pass_time(hours=1)
    return Judge(bench.device, state.upkeep.refresh, Ledger(bench.device.store))


async def _fill(bench: DoorBench, *, rows: int) -> None:
    records = list((await make_ledger(rows, now=bench.clock.now())).items())
    for at in range(0, len(records), _BATCH):
        await bench.device.store.put_all(dict(records[at : at + _BATCH]))


def _card(bench: DoorBench) -> str:
    return bench.issuer.card(sub=f"Bench{next(_NUMBERS):05}").show(at=bench.clock.now())


async def _judge_each(judge: Judge, texts: Sequence[str]) -> Samples:
    loop = asyncio.get_running_loop()
    each_ms = []
    for text in texts:
        began = loop.time()
        reading = await judge.judge(text, door=DOOR, purpose=Purpose(Category.CULTURE))
        each_ms.append(1000 * (loop.time() - began))
        if reading.reasons[0].colour is not Colour.GREEN:
            raise RuntimeError(f"not a card that comes in: {reading.reasons}")
    return Samples(each_ms)


async def _sweep(ledger: Ledger, bench: DoorBench) -> float:
    loop = asyncio.get_running_loop()
    began = loop.time()
    await ledger.forget_old(now_s=seconds(bench.clock.now()))
    return 1000 * (loop.time() - began)
