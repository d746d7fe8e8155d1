"""People at the console, each with a browser of their own, and what they do with a page."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pyotp
from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from server.access.service import start_session
from server.clock import seconds, utc_now
from server.console.actors import COOKIE
from shared.token.codes import read_pairing_code
from tests.browser.console.places import access_of
from tests.browser.town import Town
from tests.server.callers import HttpScanner

DESKTOP = {"width": 1280, "height": 800}
PATIENCE_MS = 20_000
HALF_A_MINUTE_S = 30
TABS_MOST = 60
"""A page on which somebody must press the key more often than this is none for a keyboard."""


class People:
    """Opens a browser for each person, and closes them all when they leave."""

    def __init__(self, town: Town, chromium: Browser) -> None:
        self.town = town
        self._chromium = chromium
        self._contexts: list[BrowserContext] = []
        self._http = httpx.Client(base_url=f"{town.url}/api/v1/")

    async def comes(self, handle: str | None = None, **over: Any) -> Page:
        """Give somebody's browser; signed in already if *handle* is theirs."""
        given = {"locale": "fi-FI", "viewport": DESKTOP} | over
        context = await self._chromium.new_context(base_url=self.town.url, **given)
        context.set_default_timeout(PATIENCE_MS)
        self._contexts.append(context)
        page = await context.new_page()
        if handle is not None:
            await be_signed_in(page, self.town, handle)
        return page

    async def opens(self, path: str, handle: str | None = None, **over: Any) -> Page:
        """Give somebody's browser with a page of the console open."""
        page = await self.comes(handle, **over)
        await page.goto(f"/console{path}")
        return page

    async def leave(self) -> None:
        for context in self._contexts:
            await context.close()
        self._http.close()

    def pair(self, code: str) -> HttpScanner:
        """Pair a scanner with a code as it stands on a page."""
        return pair_scanner(self._http, code)


async def be_signed_in(page: Page, town: Town, handle: str) -> None:
    """Start a session without a sign-in: six digits would last only one of them half a minute."""
    with town.sessions.begin() as db:
        told = start_session(db, access_of(db, handle), now=utc_now())
    await page.context.add_cookies(
        [{"name": COOKIE, "value": told, "domain": "localhost", "path": "/console"}]
    )


def pair_scanner(http: httpx.Client, code: str) -> HttpScanner:
    """Pair a scanner with a code as it stands on a page, and sign it in."""
    caller: Any = http
    scanner = HttpScanner(caller, lambda: utc_now() - timedelta(seconds=1))
    assert scanner.pair(read_pairing_code(code, base_url=None)).is_success
    assert scanner.sign_in().is_success
    return scanner


def digits(key: str, *, next_ones: bool = False) -> str:
    """Read the six digits off an authenticator: those of now, or those that come after them."""
    at_s = seconds(utc_now()) + (HALF_A_MINUTE_S if next_ones else 0)
    return pyotp.TOTP(key).at(at_s)


def button(page: Page | Locator, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


async def sees(page: Page, heading: str) -> None:
    """Wait for a page by its first heading."""
    await expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(heading))


async def is_told(page: Page, words: str) -> None:
    """Wait for what a page says about what was just done."""
    await expect(page.get_by_role("status").or_(page.get_by_role("alert"))).to_contain_text(words)


async def chooses(page: Page, name: str) -> None:
    """Go to another page by the menu."""
    await (
        page.get_by_role("navigation", name="Valikko")
        .get_by_role("link", name=name, exact=True)
        .click()
    )


async def signs_in(page: Page, handle: str, password: str, code: str) -> None:
    await page.get_by_label("Tunnus").fill(handle)
    await page.get_by_label("Salasana").fill(password)
    await page.get_by_label("Kuusi numeroa").fill(code)
    await button(page, "Kirjaudu sisään").click()


async def tab_to(page: Page, wanted: Locator, *, back: bool = False) -> None:
    """Go on with the Tab key, or back, until *wanted* has the focus."""
    for _ in range(TABS_MOST):
        await page.keyboard.press("Shift+Tab" if back else "Tab")
        if await has_focus(wanted):
            return
    raise AssertionError(f"the Tab key does not reach {wanted}")


async def has_focus(wanted: Locator) -> bool:
    return bool(await wanted.evaluate("element => element === document.activeElement"))


async def unfolds(page: Page | Locator, words: str) -> None:
    await page.locator("summary").get_by_text(words, exact=True).click()
