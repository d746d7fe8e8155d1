"""Scanner and server as processes, and a bad line between them: every visit once, none lost."""

import asyncio
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from mobile_app.sync.outbox import MatterKind
from server.clock import utc_now
from tests.factories import make_report
from tests.sync.door import admit, open_door
from tests.sync.line import Cut, line_to

WAITING = 500
CARDS = 25
SHOWN_EVERY = timedelta(seconds=5)


def shown(holders) -> list[str]:
    return [holder.show(now=utc_now()) for holder in holders]


@pytest.fixture
def roots(town):
    return town.settings.keys_dir / "roots.json"


@pytest.fixture
def door_at(place, roots):
    """Open a scanner of the place; a new one is paired."""

    def act(line, name="door"):
        folder = place.folder / name
        code = None if folder.exists() else place.pairing_code()
        return open_door(folder, line.url, roots=roots, code=code)

    return act


async def test_wherever_the_line_is_cut_each_visit_is_there_once(town, place, door_at) -> None:
    async with line_to(town.port) as line, door_at(line) as door:
        await door.beat()
        admitted = []
        for cuts in [*([cut] for cut in Cut), [Cut.BEFORE_THE_ANSWER] * 3, list(Cut)]:
            admitted += await admit(door, shown(town.holders(3)))
            line.cuts = list(cuts)
            for _ in cuts:
                await door.outbox.drain()
                assert await door.outbox.waiting() == 3  # kept: nobody confirmed them
            await door.outbox.drain()

            assert (await door.outbox.waiting(), line.cuts) == (0, [])
            assert place.recorded() == sorted(admitted)
        assert await door.outbox.matters() == []


@pytest.mark.parametrize("when", ["before", "during", "after"])
async def test_a_server_that_is_killed_loses_nothing(town, place, door_at, when) -> None:
    async with line_to(town.port) as line:
        async with door_at(line) as door:
            await door.beat()
            first = await admit(door, shown(town.holders(4)))
            await door.outbox.drain()
            assert place.recorded() == sorted(first)
            second = await admit(door, shown(town.holders(40)))
            if when == "before":
                town.kill()
            elif when == "during":
                line.when_sent = town.kill
            else:
                line.cuts = [Cut.BEFORE_THE_ANSWER]
            await door.outbox.drain()
            town.kill()
            assert await door.outbox.waiting() == 40
        line.when_sent = lambda: None
        town.start()
        assert set(first) <= set(place.recorded())  # what was confirmed survived

        async with door_at(line) as door:  # started anew, too
            await door.outbox.drain()
            assert await door.outbox.waiting() == 0
    assert place.recorded() == sorted(first + second)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=str)
async def test_two_doors_upload_in_any_order_and_the_figures_are_the_same(
    town, place, door_at, order
) -> None:
    holders = town.holders(5)
    admitted = []
    async with line_to(town.port) as line:
        for n in range(2):
            async with door_at(line, f"door-{n}") as door:
                await door.beat()
                admitted.append(await admit(door, shown(holders)))
        for n in [*order, *order]:
            async with door_at(line, f"door-{n}") as door:
                await door.outbox.drain()
                told = {matter.kind for matter in await door.outbox.matters()}
                assert told == ({MatterKind.DIFFERS} if n == order[1] else set())

    assert place.recorded() == sorted(admitted[0] + admitted[1])
    assert place.counted() == set(admitted[0])
    assert place.conflicts() == len(holders)


async def test_a_report_that_the_server_refuses_blocks_nobody_and_is_told(
    town, place, door_at
) -> None:
    async with line_to(town.port) as line, door_at(line) as door:
        await door.beat()
        (text,) = shown(town.holders(1))
        too_many = make_report(text, at=utc_now(), children=9)
        moon_landing = datetime(1969, 7, 20, tzinfo=UTC)  # the server reads no such time
        no_report = make_report(text, at=utc_now(), scanned_at=moon_landing)
        admitted = await admit(door, shown(town.holders(3)))
        for poison in (too_many, no_report):
            await door.device.store.put_all(door.outbox.entry(poison))
        admitted += await admit(door, shown(town.holders(3)))

        await door.outbox.drain()

        assert await door.outbox.waiting() == 0
        assert place.recorded() == sorted(admitted)
        await door.tell()
        assert {matter.scan_id: (matter.kind, matter.code) for matter in door.matters} == {
            too_many.scan_id: (MatterKind.REFUSED, "too_many_children"),
            no_report.scan_id: (MatterKind.REFUSED, "malformed_request"),
        }


async def test_a_line_that_takes_only_short_bodies_gets_short_ones(town, place, door_at) -> None:
    async with line_to(town.port) as line, door_at(line) as door:
        await door.beat()
        admitted = await admit(door, shown(town.holders(9)))
        line.body_most_bytes = 2500

        await door.outbox.drain()

        assert (await door.outbox.waiting(), await door.outbox.matters()) == (0, [])
    assert place.recorded() == sorted(admitted)
    assert line.uploads > len(admitted) // 3


async def test_a_scanner_that_is_killed_with_500_waiting_sends_each_once(
    town, place, door_at, roots
) -> None:
    async with line_to(town.port) as line:
        async with door_at(line) as door:
            await door.beat()
        holders, now = town.holders(CARDS), utc_now()
        texts = [
            holder.show(now=now - turn * SHOWN_EVERY)  # another code each, or it were the same scan
            for turn in range(WAITING // CARDS)
            for holder in holders
        ]

        async def work(what):
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.sync.door"),
                *(str(place.folder / "door"), line.url, str(roots), what),
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ, limit=1 << 20,
            )  # fmt: skip

        line.cuts = [Cut.BEFORE_THE_ANSWER]
        admitting = await work("admit")
        said, _ = await admitting.communicate(json.dumps(texts).encode())
        admitted, waiting = map(json.loads, said.splitlines())
        assert (len(admitted), waiting) == (WAITING, WAITING)  # the first answer was lost

        # Killed in the middle: its second batch has left, and nobody has answered.
        sending = await work("send")
        line.when_sent = lambda: line.uploads == 3 and sending.kill()
        assert await sending.wait() == -9
        line.when_sent = lambda: None

        last = await work("send")
        said, _ = await last.communicate()
        assert json.loads(said) == 0
    assert place.recorded() == sorted(admitted)
    assert len(place.counted()) == CARDS
