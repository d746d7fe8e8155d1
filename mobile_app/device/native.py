"""The app on a phone or a desk, with the adapters of an operating system.

On a phone Flet names two folders before it starts us: FLET_ASSETS_DIR, where `make stage` laid
`roots.json` and `server.txt`, and FLET_APP_STORAGE_DATA, which is the app's own. On a desk
KAIKU_ROOTS and KAIKU_SERVER stand for the two files.
"""

import os
from collections.abc import Mapping
from pathlib import Path

import flet as ft
import httpx

from mobile_app.device.api import Api
from mobile_app.device.backup import keep_out_of_backups
from mobile_app.device.clock import CLOCK, SystemClock
from mobile_app.device.device import Device
from mobile_app.device.httpx_http import HttpxHttp
from mobile_app.device.key_store import KeyStore
from mobile_app.device.lens import is_phone
from mobile_app.device.pillow_album import PillowAlbum
from mobile_app.device.pillow_decoder import best_decoder
from mobile_app.device.process_key_store import ProcessKeyStore
from mobile_app.device.roots import read_roots
from mobile_app.device.secure_key_store import SecureKeyStore, open_vault
from mobile_app.device.sqlite_store import SqliteStore
from mobile_app.device.staged import read_server
from mobile_app.device.store import Store
from mobile_app.device.touch import NoTouch, PhoneTouch

ANSWER_WITHIN_S = 10.0


async def open_phone(page: ft.Page, settings: Mapping[str, str] = os.environ) -> Device:
    """Wire the ports to this machine.

    Raises:
        NotStaged: The app was built without its roots or its server's address.
    """
    assets = Path(settings.get("FLET_ASSETS_DIR", "assets"))
    server = settings.get("KAIKU_SERVER") or read_server(assets / "server.txt")
    roots = read_roots(Path(settings.get("KAIKU_ROOTS") or assets / "roots.json"))
    folder = Path(settings.get("FLET_APP_STORAGE_DATA", "build/phone"))
    store = SqliteStore(folder / "store.sqlite3")
    keep_out_of_backups(folder)
    clock = SystemClock(await store.get(CLOCK))
    http = httpx.AsyncClient(base_url=server, timeout=ANSWER_WITHIN_S)
    return Device(
        clock=clock,
        store=store,
        keys=_keys_of(page, store),
        api=Api(HttpxHttp(http), clock),
        decoder=best_decoder(),
        roots=roots,
        base_url=server,
        preview=False,
        page=page,
        album=PillowAlbum(),
        touch=PhoneTouch() if is_phone(page) else NoTouch(),
    )


def _keys_of(page: ft.Page, store: Store) -> KeyStore:
    """Choose where the keys are: on a phone never among the records."""
    return SecureKeyStore(open_vault()) if is_phone(page) else ProcessKeyStore(store)
