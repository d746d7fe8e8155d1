"""The holder's list of visits: how long an action takes with ten years of them and more.

In one process: the app's own code and Flet's patches, encoded for the wire; no browser draws. It is
the processor's time, so that a busy machine does not count; the harness waits for quiet besides.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from uuid import UUID

import flet as ft
from fastapi import FastAPI

from mobile_app.visit.list_view import WINDOW
from mobile_app.visit.shelf import History, records_of
from shared.scan import Category
from shared.visit import HolderVisit
from tests.bench.figures import Figure, Plan, Samples, Yardstick
from tests.mobile_app.fakes import FakeClock
from tests.mobile_app.harness import Harness
from tests.mobile_app.phones import HolderPhone, make_phone

MANY = 5_000
BUDGET_MS = 100
PLACES = ("Keskustan teatteri", "Taidemuseo", "Uimahalli", "Filharmonia", "Kansalaisopisto")


def measure(plan: Plan) -> Iterator[Figure]:
    times = plan.times(20, 5)
    many = asyncio.run(_actions(plan, visits=MANY, times=times))
    few = asyncio.run(_actions(plan, visits=WINDOW, times=times))
    for action, samples in many.items():
        yield Figure(
            what=f"visits, {MANY} of them: {action}, processor, p95 of {times}",
            value=samples.p95,
            budget=BUDGET_MS if action != "opened" else None,
            yardstick=Yardstick(what=f"with {WINDOW} visits", value=few[action].p95),
            raw=samples.raw(),
        )


async def _actions(plan: Plan, *, visits: int, times: int) -> dict[str, Samples]:
    phone = make_phone(FastAPI(), FakeClock(plan.now))
    phone.network.down = True
    await _remember(phone, visits, plan)
    found: dict[str, list[float]] = {"opened": [], "typed": [], "chosen": []}
    async with Harness(phone.main) as app:
        for _ in range(times):
            await app.go("/")
            found["opened"].append(await _timed(lambda: app.go("/visits")))
            await app.until(lambda: app.says("Näytä") or app.says("Teatteri"))
            search = app.one(ft.TextField, "Etsi")
            for words in ("t", "te", "teat", ""):
                found["typed"].append(await _timed(lambda: app.type(search, words)))  # noqa: B023
            kind = app.one(ft.DropdownM2, "Luokka")
            for value in ("sport", "all"):
                found["chosen"].append(await _timed(lambda: _choose(app, kind, value)))  # noqa: B023
    return {name: Samples(each) for name, each in found.items() if each}


async def _choose(app: Harness, kind: ft.DropdownM2, value: str) -> None:
    app.page.session.apply_patch(kind._i, {"value": value})
    await app.fire(kind, "change", value)


async def _timed(act: Callable[[], Awaitable[None]]) -> float:
    begun = time.process_time()
    await act()
    return (time.process_time() - begun) * 1000


async def _remember(phone: HolderPhone, visits: int, plan: Plan) -> None:
    kinds = list(Category)
    rows = [
        HolderVisit(
            visit_id=UUID(int=number),
            venue_name=PLACES[number % len(PLACES)],
            category=kinds[number % len(kinds)],
            visited_at=plan.now - timedelta(hours=17 * number),
            children=number % 3,
            assistant=False,
            voided_at=None,
        )
        for number in range(visits)
    ]
    await phone.store.put_all(records_of([], History(rows, plan.now)))
