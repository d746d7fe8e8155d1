"""The holder's own tool, as installed: with the server switched off, and after a restart."""

import json
from pathlib import Path

import pytest
from playwright.async_api import Playwright

from tests.browser.browser import Screen
from tests.browser.installed.app import open_pwa, page_of
from tests.browser.installed.holder import everything_kept
from tests.browser.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_own_visit_mood_and_answers_are_kept_and_taken_along_without_the_server(
    town: Town, card_profile: Path, playwright: Playwright
) -> None:
    with town.server.away():
        async with page_of(playwright, card_profile) as page:
            screen = Screen(page)
            await open_pwa(page, f"{town.url}/app/visits/own")
            await screen.types("Paikka", "Kesäteatteri")
            await screen.press("Tallenna käynti")
            await screen.sees("Oma merkintä: ei rekisterissä.")
            await screen.press("Takaisin")

            await screen.press("Fiilis")
            await screen.press("Hyvältä")
            await screen.sees("Tallessa tälle päivälle: Hyvältä.")

        async with page_of(playwright, card_profile) as page:
            screen = Screen(page)
            await open_pwa(page, f"{town.url}/app/wellbeing")
            await screen.sees("Tallessa tälle päivälle: Hyvältä.")
            await open_pwa(page, f"{town.url}/app/visits")
            await screen.page.get_by_role("button", name="Kesäteatteri").click()
            await screen.types("Muistiinpano", "Lapset nauroivat")
            await screen.press("Tallenna muistiinpano")
            await screen.sees("Muistiinpano on tallessa.")

            await open_pwa(page, f"{town.url}/app/mine")
            async with page.expect_download() as download:
                await screen.press("Kaikki koneelle (JSON)")
            path = await (await download.value).path()
            taken = json.loads(path.read_text())
            records = (await everything_kept(page))["record"]

    [visit] = taken["visits"]
    assert (visit["place"], visit["own"], visit["note"]) == (
        "Kesäteatteri",
        True,
        "Lapset nauroivat",
    )
    assert [one["mood"] for one in taken["moods"]] == [4]
    assert sorted(name.rsplit("/", 1)[0] for name in records if name.startswith("own/")) == [
        "own",
        "own/mood",
        "own/note",
        "own/visit",
    ]
