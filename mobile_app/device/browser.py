"""The app in a browser: Python runs in a worker of the page, and the browser is the phone under it.

What only JavaScript can reach is in assets/pwa/page; the worker hands it over as `flet_js.phone`.
"""

import json
import logging

import flet as ft
import flet_js

from mobile_app.device.api import Api
from mobile_app.device.bridge import Phone
from mobile_app.device.browser_album import BrowserAlbum
from mobile_app.device.browser_decoder import BrowserDecoder
from mobile_app.device.browser_http import BrowserHttp
from mobile_app.device.browser_keys import BrowserKeyStore
from mobile_app.device.browser_store import BrowserStore
from mobile_app.device.browser_stretcher import BrowserStretcher
from mobile_app.device.clock import CLOCK, SystemClock
from mobile_app.device.device import Device
from mobile_app.device.http import Http, NoAnswer
from mobile_app.device.roots import Roots, roots_from
from mobile_app.device.store import Store

_log = logging.getLogger(__name__)

_PINNED = "roots"
_ROOTS_FILE = "/app/roots.json"
_OK = 200


async def open_browser(page: ft.Page) -> Device:
    """Wire the ports to this browser."""
    phone: Phone = flet_js.phone
    store = BrowserStore(phone)
    clock = SystemClock(await store.get(CLOCK))
    http = BrowserHttp(phone)
    return Device(
        clock=clock,
        store=store,
        keys=BrowserKeyStore(phone),
        api=Api(http, clock),
        decoder=BrowserDecoder(phone),
        roots=await _pinned_roots(store, http),
        base_url=phone.baseUrl,
        preview=False,
        page=page,
        load_again=phone.loadAgain,
        album=BrowserAlbum(phone),
        stretcher=BrowserStretcher(phone),
    )


async def tell_drawn(page: ft.Page) -> None:
    """Let the instant card go, once Flutter has drawn what it was sent before this question."""
    await page.get_device_info()
    flet_js.phone.appReady()


async def _pinned_roots(store: Store, http: Http) -> Roots:
    """Give the scheme's root keys as they were at first contact; nothing replaces them later.

    They come from where the app itself comes from: whoever could exchange one could the other.
    """
    if (pinned := await store.get(_PINNED)) is not None:
        try:
            return roots_from(pinned["roots"])
        except (ValueError, KeyError):
            _log.exception("the pinned roots cannot be read: they are fetched again")
    try:
        answer = await http.send("GET", _ROOTS_FILE, content=None, headers={})
    except NoAnswer:
        return {}
    if answer.status != _OK:
        return {}
    rows = json.loads(answer.content)
    roots = roots_from(rows)
    await store.put(_PINNED, {"roots": rows})
    return roots
