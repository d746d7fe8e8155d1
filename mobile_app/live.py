"""The live mode: the same app drawn by the server over a websocket, for previews and desks.

Everything a phone would keep, this process keeps for its visitors: one folder for each browser,
found again by a random id in the browser's own preferences.
"""

import re
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import flet as ft
import flet.fastapi as flet_fastapi
import httpx
from fastapi import FastAPI

from mobile_app.app import start
from mobile_app.device.api import Api
from mobile_app.device.clock import SystemClock
from mobile_app.device.device import Device
from mobile_app.device.httpx_http import HttpxHttp
from mobile_app.device.pillow_album import PillowAlbum
from mobile_app.device.pillow_decoder import best_decoder
from mobile_app.device.process_key_store import ProcessKeyStore
from mobile_app.device.sqlite_store import SqliteStore
from shared.token.cose import PublicPoint

DEVICE_ID = "kaiku.device_id"
"""Where the browser keeps the name of its folder."""

_ID_BYTES = 16
_ID = re.compile(r"[0-9a-f]{32}")
_PAGE = Path(__file__).parent.parent / "assets" / "web"
_ANSWER_WITHIN_S = 10.0


def create_live_app(*, base_url: str, roots: Mapping[bytes, PublicPoint], folder: Path) -> FastAPI:
    """Build the app as ASGI, to be mounted by the server.

    Args:
        base_url: The server's own address, for requests and for reading links; no final slash.
        roots: The keys that may sign a key set.
        folder: Gets one folder for each browser.
    """
    shelf = _Shelf(folder)
    http = httpx.AsyncClient(base_url=base_url, timeout=_ANSWER_WITHIN_S)

    async def open_page(page: ft.Page) -> None:
        store = shelf.store_of(await _device_id(page))
        clock = SystemClock()
        device = Device(
            clock=clock,
            store=store,
            keys=ProcessKeyStore(store),
            api=Api(HttpxHttp(http), clock),
            decoder=best_decoder(),
            roots=roots,
            base_url=base_url,
            preview=True,
            page=page,
            album=PillowAlbum(),
        )
        await start(page, device)

    app: FastAPI = flet_fastapi.app(
        open_page,
        assets_dir=str(_PAGE),
        app_name="Kaikukortti",
        app_short_name="Kaikukortti",
        no_cdn=True,
    )
    flet_life = app.router.lifespan_context

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        async with flet_life(app):
            yield
        await http.aclose()
        shelf.close()

    app.router.lifespan_context = life
    return app


class _Shelf:
    """The open stores. Two tabs of one browser share one, or they would overwrite each other."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stores: dict[str, SqliteStore] = {}

    def store_of(self, device_id: str) -> SqliteStore:
        if device_id not in self._stores:
            self._stores[device_id] = SqliteStore(self._folder / device_id / "store.sqlite3")
        return self._stores[device_id]

    def close(self) -> None:
        for store in self._stores.values():
            store.close()
        self._stores.clear()


async def _device_id(page: ft.Page) -> str:
    """Find the browser's id, or give it one. What a stranger could have typed is not a path."""
    del page  # the preferences find it in the session's context
    preferences = ft.SharedPreferences()
    known = await preferences.get(DEVICE_ID)
    if isinstance(known, str) and _ID.fullmatch(known):
        return known
    fresh = secrets.token_hex(_ID_BYTES)
    await preferences.set(DEVICE_ID, fresh)
    return fresh
