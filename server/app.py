"""The server, wired: the only module that knows every part."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib import import_module
from ipaddress import ip_address
from typing import Any

from fastapi import FastAPI
from sqlalchemy import Engine, text
from sqlalchemy.orm import sessionmaker
from starlette.types import ASGIApp, Receive, Scope, Send

from server import problems
from server.actors import Keys
from server.broker.routes import router as broker_router
from server.card.routes import router as card_router
from server.clock import Clock, Pause, utc_now
from server.console.app import create_console
from server.db import Db
from server.directory.routes import router as directory_router
from server.dispute.routes import router as dispute_router
from server.feedback import service as feedback
from server.feedback.routes import router as feedback_router
from server.keyfolder import KeyFolder
from server.logs import RequestLog
from server.message import service as message
from server.message.routes import router as message_router
from server.mine.routes import router as mine_router
from server.paperform.work import LookOn, RecordOn
from server.pwa import create_pwa
from server.report.rollup.upkeep import is_behind, keep_up
from server.report.routes import router as report_router
from server.said import Said
from server.scan.routes import router as scan_router
from server.settings import Settings
from server.sheet.work import sheets_job
from server.signin.routes import router as signin_router
from server.signing import KeyRing
from server.snapshot.routes import router as snapshot_router
from server.venue.routes import router as venue_router
from server.visit.routes import router as visit_router
from server.voiding.routes import router as voiding_router
from server.wellbeing.routes import router as wellbeing_router
from server.wire import BoundedBodies, UnderstoodApps
from server.work.models import WorkKind
from server.work.runner import Chore, Job, Runner, in_steps

API = "/api/v1"
MOST_TABLE_BYTES = 32 * 1024 * 1024
"""Far more than a file may have: who sends a little too much is told so beside the field. What is
over a megabyte waits in a file, and 8 of them are read."""
LONGER = {
    "/console/paper/preview": MOST_TABLE_BYTES,
    "/console/linked-events/look": MOST_TABLE_BYTES,
    "/console/linked-events": 2 * 1024 * 1024,  # 500 events, as the page before carried them on
}
CHORES = (
    Chore(is_behind, keep_up),
    Chore(feedback.is_anything_old, feedback.forget_old_thread),
    Chore(message.is_anything_old, message.forget_old_message),
)
"""Counting for reports, and deleting what is too old: whichever server comes first does it."""


def create_app(  # noqa: PLR0913 - all but the first two by keyword
    engine: Engine,
    settings: Settings,
    *,
    ring: KeyRing | None = None,
    clock: Clock = utc_now,
    pause: Pause = asyncio.sleep,
    works: bool = False,
) -> FastAPI:
    """Build the server on *engine*. Reads the key folder unless *ring* is given.

    With *works* it also does long work in the background, from its start to its end.
    """
    # The usual documentation pages load their scripts from somebody else's servers.
    app = FastAPI(
        title="Kaikukanta", version="1", docs_url=None, redoc_url=None, lifespan=_lifespan
    )
    app.state.sessions = sessionmaker(engine, expire_on_commit=False)
    app.state.settings = settings
    app.state.keys = KeyFolder(settings.keys_dir, now=clock(), ring=ring)
    app.state.clock = clock
    app.state.pause = pause
    app.state.works = works
    app.state.said = Said()
    jobs = _jobs(app.state.keys, settings, clock)
    app.state.runner = Runner(app.state.sessions, jobs, clock=clock, chores=CHORES)
    problems.install(app)
    for router in (
        signin_router, card_router, venue_router, snapshot_router, scan_router, visit_router,
        voiding_router, broker_router, directory_router, feedback_router, message_router,
        dispute_router, mine_router, wellbeing_router, report_router,
    ):  # fmt: skip
        app.include_router(router, prefix=API)
    app.add_api_route(f"{API}/health", _health, tags=["server"])
    app.mount("/console", create_console(app.state))
    if settings.pwa_dir.is_dir():
        app.mount("/app", create_pwa(settings.pwa_dir, app.state.keys.ring))
    if settings.live:
        _mount_live(app, settings)
    app.add_middleware(BoundedBodies, longer=LONGER)
    app.add_middleware(UnderstoodApps, oldest=settings.oldest_protocol)
    app.add_middleware(RequestLog)
    return app


def _health(db: Db, ring: Keys) -> dict[str, Any]:
    """Tell that the server can read its database, and which key set it serves."""
    db.execute(text("SELECT 1"))
    return {"ok": True, "key_set_seq": ring.key_set.seq}


def _jobs(keys: KeyFolder, settings: Settings, clock: Clock) -> Mapping[WorkKind, Job]:
    def ring_now() -> KeyRing:
        return keys.ring_at(clock())

    return {
        WorkKind.PAPER_LOOK: in_steps(lambda: LookOn(ring_now(), settings)),
        WorkKind.PAPER_RECORD: in_steps(lambda: RecordOn(ring_now(), settings)),
        WorkKind.SHEETS: sheets_job(ring_now=ring_now, settings=settings),
    }


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    runner: Runner = app.state.runner
    if app.state.works:
        runner.start()
    try:
        async with _live(app):
            yield
    finally:
        await asyncio.to_thread(runner.stop)


@asynccontextmanager
async def _live(app: FastAPI) -> AsyncIterator[None]:
    live = getattr(app.state, "live", None)
    if live is None:
        yield
        return
    async with live.router.lifespan_context(live):
        yield


def _mount_live(app: FastAPI, settings: Settings) -> None:
    module, _, factory = settings.live_app.partition(":")
    app.state.live = getattr(import_module(module), factory)(
        base_url=settings.base_url, roots=app.state.keys.ring.roots, folder=settings.live_dir
    )
    guarded = app.state.live if settings.live_anywhere else OnlyFromHere(app.state.live)
    app.mount("/live", guarded)


class OnlyFromHere:
    """ASGI: answer only callers on this machine; the preview holds its users' keys."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass loopback on, close the door to everybody else."""
        if scope["type"] == "lifespan" or _is_loopback(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await problems.problem_answer(PreviewIsLocal())(scope, receive, send)


class PreviewIsLocal(problems.Problem):
    """The preview answers on this machine only; KAIKU_LIVE_ANYWHERE opens it."""

    status = 403
    code = "preview_is_local"


def _is_loopback(scope: Scope) -> bool:
    client = scope.get("client")
    try:
        return client is not None and ip_address(client[0]).is_loopback
    except ValueError:
        return False
