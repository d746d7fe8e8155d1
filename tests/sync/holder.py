"""A holder's phone: the app's own code on its own file, over real sockets.

`python -m tests.sync.holder FOLDER URL VISIT WORDS` writes one post about a visit and sends it, in
a process of its own, to be killed. It says how many wait in the end.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import httpx

from mobile_app.card.activation import Activation
from mobile_app.card.state import CardState
from mobile_app.device.api import Api
from mobile_app.device.clock import SystemClock
from mobile_app.device.device import Device
from mobile_app.device.httpx_http import HttpxHttp
from mobile_app.device.process_key_store import ProcessKeyStore
from mobile_app.device.sqlite_store import SqliteStore
from mobile_app.feedback.state import Feedback
from tests.mobile_app.fakes import BlindDecoder
from tests.sync.door import ANSWER_WITHIN_S


@asynccontextmanager
async def open_phone(
    folder: Path, url: str, *, code: str | None = None
) -> AsyncIterator[tuple[CardState, Feedback]]:
    """Open the app that lives in *folder*; activate its card first if there is a *code*."""
    store = SqliteStore(folder / "store.sqlite3")
    async with httpx.AsyncClient(base_url=url, timeout=ANSWER_WITHIN_S, trust_env=False) as http:
        clock = SystemClock()
        device = Device(
            clock=clock,
            store=store,
            keys=ProcessKeyStore(store),
            api=Api(HttpxHttp(http), clock),
            decoder=BlindDecoder(),
            roots={},
            base_url=url,
            preview=True,
        )
        card = CardState(device)
        await card.load()
        if code is not None:
            attempt = Activation(device, card)
            await attempt.submit(code)
            assert attempt.done, attempt.refusal
        feedback = Feedback(device)
        await feedback.load()
        yield card, feedback
    store.close()


async def _work(folder: Path, url: str, visit: str, words: str) -> None:
    async with open_phone(folder, url) as (_, feedback):
        await feedback.tell(UUID(visit), "Teatteri", words, 4)
        sys.stdout.write(f"{len(feedback.waiting)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(_work(Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]))
