"""The app on a phone or a desk, with the adapters of an operating system.

Put `roots.json` of the server's key folder into the app's assets before building, or give its path
in KAIKU_ROOTS; KAIKU_SERVER is the address of the server.
"""

import os
from pathlib import Path

import flet as ft
import httpx

from mobile_app.device.api import Api
from mobile_app.device.clock import CLOCK, SystemClock
from mobile_app.device.device import Device
from mobile_app.device.httpx_http import HttpxHttp
from mobile_app.device.pillow_decoder import best_decoder
from mobile_app.device.process_key_store import ProcessKeyStore
from mobile_app.device.roots import read_roots
from mobile_app.device.sqlite_store import SqliteStore

SERVER = os.environ.get("KAIKU_SERVER", "http://localhost:8000")
DATA = Path(os.environ.get("FLET_APP_STORAGE_DATA", "build/phone"))
ROOTS = Path(os.environ.get("KAIKU_ROOTS", "assets/roots.json"))
ANSWER_WITHIN_S = 10.0


async def open_phone(page: ft.Page) -> Device:
    """Wire the ports to this machine."""
    store = SqliteStore(DATA / "store.sqlite3")
    clock = SystemClock(await store.get(CLOCK))
    http = httpx.AsyncClient(base_url=SERVER, timeout=ANSWER_WITHIN_S)
    return Device(
        clock=clock,
        store=store,
        keys=ProcessKeyStore(store),
        api=Api(HttpxHttp(http), clock),
        decoder=best_decoder(),
        roots=read_roots(ROOTS),
        base_url=SERVER,
        preview=False,
        page=page,
    )
