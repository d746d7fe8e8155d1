"""What the register knows, as installed: read it, dispute a visit, and be erased from it."""

import json
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Playwright
from pypdf import PdfReader
from sqlalchemy import select

from server.card.models import Card
from server.clock import utc_now
from server.visit.models import Dispute, Visit
from tests.browser.browser import Screen
from tests.browser.installed.app import open_pwa, page_of
from tests.browser.installed.holder import COMPANY, activate, everything_kept
from tests.browser.town import THEATRE, Town
from tests.server.callers import HttpScanner

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
]


def visit_at_the_theatre(town: Town, text: str) -> None:
    with httpx.Client(base_url=f"{town.url}/api/v1/") as http:
        door = HttpScanner(http, utc_now)
        door.pair(town.pairing_code(THEATRE))
        door.sign_in()
        assert door.scan(text).json()["outcome"] == "recorded"


async def test_a_holder_reads_the_register_disputes_a_visit_and_is_erased(
    town: Town, profile: Path, playwright: Playwright
) -> None:
    card, code = town.grant()
    async with page_of(playwright, profile) as page:
        screen = Screen(page)
        await activate(page, town, code)
        visit_at_the_theatre(town, card.code)

        await open_pwa(page, f"{town.url}/app/mine/register")
        await screen.sees("Syntymävuosi: 1975")
        await screen.sees("1 käynti, joka on käyntiesi luettelossa")

        await open_pwa(page, f"{town.url}/app/visits")
        await page.get_by_role("button", name=THEATRE).first.click()
        await screen.press("Tämä ei ole minun käyntini")
        await screen.press("Kerro, että se ei ole minun")
        await screen.sees("Kohde selvittää asiaa.")
        with town.sessions() as db:
            assert len(db.scalars(select(Dispute)).all()) == 1

        await open_pwa(page, f"{town.url}/app/mine")
        async with page.expect_download() as download:
            await screen.press("Kaikki luettavaksi (PDF)")
        read = PdfReader(await (await download.value).path())
        assert THEATRE in "".join(one.extract_text() for one in read.pages)

        await open_pwa(page, f"{town.url}/app/mine/erase")
        await screen.press("Poista tietoni")
        await screen.press("Kyllä, poista tietoni")
        await screen.sees("Tietosi on poistettu.")
        await screen.press("Alkuun")
        await screen.sees("Minulla on kortti")
        await screen.does_not_see(COMPANY)
        after = await everything_kept(page)

    assert after["key"] == {}
    for trace in (card.code, "credential", "1975", THEATRE):
        assert trace not in json.dumps(after["record"])
    with town.sessions() as db:
        left = db.get_one(Card, card.id)
        assert (left.erased_at is not None, left.birth_year) == (True, None)
        assert all(one.card_id != card.id for one in db.scalars(select(Visit)))
        assert db.scalars(select(Dispute)).all() == []
