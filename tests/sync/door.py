"""A scanner as a venue has it: the app's own code on its own file, over real sockets.

`python -m tests.sync.door FOLDER URL ROOTS WORK` is the same in a process of its own, to be killed.
WORK is `send`, or `admit`: first let in what stands on standard input. It says the scans' ids, and
in the end how many wait.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from mobile_app.device.api import Api
from mobile_app.device.clock import SystemClock
from mobile_app.device.device import Device
from mobile_app.device.httpx_http import HttpxHttp
from mobile_app.device.process_key_store import ProcessKeyStore
from mobile_app.device.roots import read_roots
from mobile_app.device.sqlite_store import SqliteStore
from mobile_app.scan.book import Book
from mobile_app.scan.judge import Judge
from mobile_app.scan.ledger import Ledger
from mobile_app.scan.purpose import Purpose
from mobile_app.scan.record import Scan
from mobile_app.scan.state import ScannerState
from mobile_app.sync.upkeep import Upkeep
from mobile_app.venue.state import VenueState
from shared.scan import Category
from tests.mobile_app.fakes import BlindDecoder

ANSWER_WITHIN_S = 5.0
PURPOSE = Purpose(Category.CULTURE)


@asynccontextmanager
async def open_door(
    folder: Path, url: str, *, roots: Path, code: str | None = None
) -> AsyncIterator[Upkeep]:
    """Open the scanner that lives in *folder*; pair it first if there is a *code*."""
    store = SqliteStore(folder / "store.sqlite3")
    # No proxy of the environment: the test's own stands between.
    async with httpx.AsyncClient(base_url=url, timeout=ANSWER_WITHIN_S, trust_env=False) as http:
        clock = SystemClock()
        device = Device(
            clock=clock,
            store=store,
            keys=ProcessKeyStore(store),
            api=Api(HttpxHttp(http), clock),
            decoder=BlindDecoder(),
            roots=read_roots(roots),
            base_url=url,
            preview=True,
        )
        venue = VenueState(device)
        await venue.load()
        if code is not None:
            await venue.enrol(code)
        assert venue.scanner is not None, venue.trouble
        upkeep = Upkeep(device, venue.scanner, on_gone=venue.lose, on_known=venue.learn)
        await upkeep.load()
        yield upkeep
        await upkeep.settle()
    store.close()


async def admit(upkeep: Upkeep, texts: Iterable[str]) -> list[str]:
    """Let each of *texts* in, through the book, as staff who confirm; gives the scans' ids.

    Around the screen's state, which sends at once: here, reports pile up.
    """
    device = upkeep.device
    ledger = Ledger(device.store)
    book = Book(device.store, ledger, upkeep.outbox)
    state = ScannerState(device, upkeep, PURPOSE)
    judge = Judge(device, upkeep.refresh, ledger)
    admitted = []
    for text in texts:
        door, at = state._door(), device.clock.now()
        reading = await judge.judge(text, door=door, purpose=PURPOSE)
        scan = Scan.of(reading, door, purpose=PURPOSE, scanned_at=at)
        await book.keep(scan)
        await book.admit(scan, at=at, children=0, assistant=False, door=door)
        admitted.append(str(scan.scan_id))
    return admitted


async def _work(folder: Path, url: str, roots: Path, work: str) -> None:
    async with open_door(folder, url, roots=roots) as upkeep:
        if work == "admit":
            _say(await admit(upkeep, json.load(sys.stdin)))
        await upkeep.outbox.drain()
        _say(await upkeep.outbox.waiting())


def _say(what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(_work(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), sys.argv[4]))
