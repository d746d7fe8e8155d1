"""My voice, as installed: written without the server, answered in the console, read again."""

from pathlib import Path

import httpx
import pytest
from playwright.async_api import Page, Playwright, expect
from sqlalchemy import select

from server.access.duties import agree, confirm_induction
from server.access.service import grant_access
from server.clock import utc_now
from server.venue.models import Venue
from tests.browser.browser import Screen
from tests.browser.console.people import be_signed_in, pair_scanner
from tests.browser.installed.app import open_pwa, page_of
from tests.browser.installed.holder import activate, code_on
from tests.browser.town import THEATRE, Town
from tests.factories import SECRET

pytestmark = [
    pytest.mark.browser,
    pytest.mark.thorough,  # three starts of the app
    pytest.mark.asyncio(loop_scope="session"),
]

HANDLE = "teatterin-palautteet"
WORDS = "Hissi oli rikki, mutta ilta oli ihana"
ANSWER = "Kiitos! Hissi korjataan huomenna."


def let_in(town: Town, text: str) -> None:
    """Let the theatre's door record the code that a phone shows."""
    with httpx.Client(base_url=f"{town.url}/api/v1/") as http:
        scanner = pair_scanner(http, town.pairing_code(THEATRE))
        assert scanner.scan(text).is_success


async def answer(page: Page, town: Town) -> str:
    """Answer what waits, at the theatre's desk; gives what the desk was shown."""
    with town.sessions.begin() as db:
        theatre = db.scalars(select(Venue).where(Venue.name == THEATRE)).one()
        access, _ = grant_access(db, theatre, handle=HANDLE, secret=SECRET, now=utc_now())
        agree(access, now=utc_now())
        confirm_induction(access, now=utc_now())
    await be_signed_in(page, town, HANDLE)
    await page.goto(f"{town.url}/console/visitor-feedback?show=open")
    await page.get_by_role("link", name="Kävijä").click()
    shown = await page.locator("main").inner_text()
    await page.get_by_label("Vastauksesi").fill(ANSWER)
    await page.get_by_role("button", name="Lähetä vastaus").click()
    await expect(page.get_by_role("status")).to_contain_text("Vastaus on lähetetty")
    return shown


async def test_what_is_written_offline_is_sent_later_answered_and_read(
    town: Town, profile: Path, playwright: Playwright
) -> None:
    card, code = town.grant()
    async with page_of(playwright, profile) as page:
        screen = Screen(page)
        await activate(page, town, code)
        let_in(town, await code_on(screen))
        await open_pwa(page, f"{town.url}/app/visits")
        await screen.sees(THEATRE)

    with town.server.away():
        async with page_of(playwright, profile) as page:
            screen = Screen(page)
            await open_pwa(page, f"{town.url}/app/visits")
            await page.get_by_role("button", name=THEATRE).click()
            await screen.press("Kerro kohteelle")
            await screen.types("Viesti kohteelle", f"{WORDS} 0401234567")
            await screen.sees("[puhelinnumero poistettu]")
            await screen.press("Lähetä kohteelle")
            await screen.sees("Odottaa lähetystä.")

    async with page_of(playwright, profile) as page:
        screen = Screen(page)
        await open_pwa(page, f"{town.url}/app/messages")
        await screen.sees("Keskustelut kohteiden kanssa")
        await screen.does_not_see("Odottaa lähetystä.")

        shown = await answer(await page.context.new_page(), town)
        assert f"{WORDS} [puhelinnumero poistettu]" in shown
        assert card.code not in shown

        await page.bring_to_front()
        await screen.press("Päivitä")
        await screen.sees("Uusi")
        await page.get_by_role("button", name=THEATRE).click()
        await screen.sees(ANSWER)
