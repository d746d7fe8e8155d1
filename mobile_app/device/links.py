"""Codes that came by link: taken once, and out of the address at once.

On the web the page itself moves the fragment from the address into the preferences before the app
starts (assets/web/index.html), so that it never stands in the browser's history. On a phone the
system hands the whole link over as the first route, which begins with `/app` as the link does.
"""

import logging
from urllib.parse import urlsplit

import flet as ft

LINK_CODE = "kaiku.link_code"

_log = logging.getLogger(__name__)


async def take_link_code(page: ft.Page) -> str | None:
    """Give the code that a link brought, if there is one; it is nowhere afterwards."""
    address = urlsplit(page.route)
    if address.fragment:
        await page.push_route(address.path.removeprefix("/app"))
        return address.fragment
    preferences = ft.SharedPreferences()
    try:
        code = await preferences.get(LINK_CODE)
        if code is not None:
            await preferences.remove(LINK_CODE)
    except (RuntimeError, TimeoutError):
        _log.warning("the preferences do not answer")
        return None
    return code if isinstance(code, str) else None
