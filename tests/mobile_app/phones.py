"""A holder's phone against the real server, in one process; the network between them is ours."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

import httpx
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session

from mobile_app.app import start
from mobile_app.card.activation import Activation
from mobile_app.card.state import CardState
from mobile_app.device.api import Api
from mobile_app.device.device import Device
from mobile_app.device.http import Answer, NoAnswer
from mobile_app.device.httpx_http import HttpxHttp
from mobile_app.device.process_key_store import ProcessKeyStore
from shared.problem import ProblemReport
from shared.wire import to_json
from tests import factories
from tests.mobile_app.fakes import BlindDecoder, FakeClock, MemoryStore, QuickStretcher

T = TypeVar("T")
BASE_URL = "http://testserver"


@dataclass
class Network:
    """Carries requests to the server, unless the test breaks it.

    `refusals` answers the paths named in it; `loses_answers` lets that many requests through and
    drops what comes back.
    """

    server: HttpxHttp
    down: bool = False
    loses_answers: int = 0
    refusals: dict[str, ProblemReport] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)

    async def send(
        self, method: str, path: str, *, content: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        self.requests.append(f"{method} {path}")
        if self.down:
            raise NoAnswer
        for part, problem in self.refusals.items():
            if part in path:
                return Answer(problem.status, to_json(problem).encode())
        answer = await self.server.send(method, path, content=content, headers=headers)
        if self.loses_answers:
            self.loses_answers -= 1
            raise NoAnswer
        return answer

    def refuse(self, path: str, code: str, *, status: int = 401, wait_s: int | None = None) -> None:
        self.refusals[path] = ProblemReport(status, code, code, retry_after_s=wait_s)

    def asked(self, part: str) -> int:
        return sum(part in request for request in self.requests)


@dataclass
class HolderPhone:
    """One phone: its parts, and the way to its server."""

    device: Device
    network: Network
    clock: FakeClock
    store: MemoryStore

    async def card(self) -> CardState:
        """Open the card as a start of the app does."""
        card = CardState(self.device)
        await card.load()
        return card

    async def activated(self, code: str) -> CardState:
        """Give the card of an activation code, on this phone."""
        card = await self.card()
        attempt = Activation(self.device, card)
        await attempt.submit(code)
        assert attempt.done, attempt.refusal
        return card

    async def main(self, page: Any) -> None:
        """Start the app on this phone, as `flet.run` would."""
        await start(page, replace(self.device, page=page))


def make_phone(app: FastAPI, clock: FakeClock, **over: Any) -> HolderPhone:
    transport = httpx.ASGITransport(app=app)
    network = Network(HttpxHttp(httpx.AsyncClient(transport=transport, base_url=BASE_URL)))
    store = MemoryStore()
    parts: dict[str, Any] = {
        "clock": clock,
        "store": store,
        "keys": ProcessKeyStore(store),
        "api": Api(network, clock),
        "decoder": BlindDecoder(),
        "roots": {},
        "base_url": BASE_URL,
        "preview": False,
        "stretcher": QuickStretcher(),
    }
    device = Device(**(parts | over))
    return HolderPhone(device, network, clock, store)


def rows(db: Session, kind: type[T]) -> list[T]:
    """Read a table of the register, and let go of the database: its server writes, too."""
    db.expire_all()
    found = list(db.scalars(select(kind)))
    db.commit()
    return found


def grant(db: Session, *, now: datetime, **over: Any) -> tuple[Any, str]:
    """Grant a card in the register; give it with its activation code."""
    card, code = factories.make_card(db, now=now, **over)
    db.commit()
    return card, code
