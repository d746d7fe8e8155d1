"""The installed card and the register: signed out, moved, closed; and damage to what is kept."""

import json
import shutil
from pathlib import Path

import pytest
from playwright.async_api import Playwright, expect

from shared.rules.verdict import Colour, Reason
from tests.browser.browser import Screen
from tests.browser.installed.app import (
    OVERLAY,
    judge,
    learn,
    open_pwa,
    page_of,
    put_records,
)
from tests.browser.installed.holder import (
    COMPANY,
    activate,
    app_opens,
    code_on,
    damage,
    everything_kept,
    look,
    no_code_on,
    shown_at_once,
)
from tests.browser.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CUT_OFF = '{"credential": "0oRD'


async def test_signing_out_leaves_no_key_no_card_and_no_history(
    town: Town, card_profile: Path, playwright: Playwright
) -> None:
    async with page_of(playwright, card_profile) as page:
        await open_pwa(page, f"{town.url}/app/visits")
        await Screen(page).sees("Ei vielä käyntejä")
        await open_pwa(page, f"{town.url}/app/settings")
        before = await everything_kept(page)
        assert {"card", "visit/heard"} <= before["record"].keys()
        assert len(before["key"]) == 1
        await Screen(page).press("Poista kortti tästä puhelimesta")
        await Screen(page).press("Poista kortti")
        await Screen(page).sees("Minulla on kortti")

    with town.server.away():
        async with page_of(playwright, card_profile) as page:
            assert await shown_at_once(page, town) is None
            await expect(page.locator(OVERLAY)).to_contain_text("ei ole vielä korttia")
            await (await app_opens(page)).sees("Minulla on kortti")
            after = await everything_kept(page)
            card = json.loads(before["record"]["card"])
            everything = json.dumps(after) + await page.evaluate("JSON.stringify(localStorage)")

    assert after["key"] == {}
    assert [name for name in after["record"] if name == "card" or name.startswith("visit")] == []
    assert card["credential"] not in everything
    assert card["key_name"] not in everything
    assert card["facts"]["card_code"] not in everything


async def test_a_second_phone_warns_takes_the_card_and_the_first_one_says_so(
    town: Town, card_profile: Path, carried: Path, playwright: Playwright, tmp_path: Path
) -> None:
    card, activation_code = town.grant()
    async with page_of(playwright, card_profile) as page:
        await activate(page, town, activation_code)
        old_code = await code_on(Screen(page))
    assert judge(old_code, learn(town)).verdict.colour is Colour.GREEN

    second = town.activation_code(card)
    async with page_of(playwright, shutil.copytree(carried, tmp_path / "second")) as page:
        await open_pwa(page, f"{town.url}/app/activate#{second}")
        await Screen(page).sees("se lakkaa toimimasta toisessa")
        assert Reason.REVOKED not in judge(old_code, learn(town)).verdict.reasons
        await Screen(page).press("Siirrä kortti tähän")
        await Screen(page).sees(COMPANY)
        new_code = await code_on(Screen(page))
    knows = learn(town)
    assert judge(new_code, knows).verdict.colour is Colour.GREEN
    assert Reason.REVOKED in judge(old_code, knows).verdict.reasons

    async with page_of(playwright, card_profile) as page:
        await open_pwa(page, f"{town.url}/app/")
        await Screen(page).sees("Korttisi on nyt toisessa puhelimessa")
        await Screen(page).sees("pyydä aktivointikoodi kortin antajalta")
        assert await no_code_on(page)
        assert await shown_at_once(page, town) is None
        await expect(page.locator(OVERLAY)).to_contain_text("Korttisi on nyt toisessa puhelimessa")


async def test_a_card_closed_at_the_desk_says_so_as_soon_as_its_phone_is_online(
    town: Town, card_profile: Path, playwright: Playwright
) -> None:
    card, activation_code = town.grant()
    async with page_of(playwright, card_profile) as page:
        await activate(page, town, activation_code)
        with town.server.away():
            town.block(card)
            await open_pwa(page, f"{town.url}/app/")
            code = await code_on(Screen(page))

        assert judge(code, learn(town)).verdict.reason is Reason.REVOKED
        await open_pwa(page, f"{town.url}/app/")
        await Screen(page).sees("Korttisi on suljettu")
        await Screen(page).sees("Kortin antaja osaa kertoa syyn ja auttaa.")
        assert await no_code_on(page)
        assert await shown_at_once(page, town) is None


async def test_a_browser_that_may_clear_the_card_away_says_so_until_it_promises(
    town: Town, card_profile: Path, playwright: Playwright
) -> None:
    async with page_of(playwright, card_profile) as page:
        await open_pwa(page, f"{town.url}/app/")
        await Screen(page).sees("Tämä selain voi poistaa kortin")

        devtools = await page.context.new_cdp_session(page)
        await devtools.send(
            "Browser.grantPermissions",
            {"origin": town.url, "permissions": ["durableStorage"]},
        )
        await open_pwa(page, f"{town.url}/app/")
        await Screen(page).does_not_see("Tämä selain voi poistaa kortin")
        await code_on(Screen(page))


SWEDISH = {"language": "sv", "text_percent": 150, "brightness": "dark", "high_contrast": True}


async def test_a_damaged_card_takes_nothing_else_along_and_a_new_code_mends_it(
    town: Town, card_profile: Path, playwright: Playwright
) -> None:
    async with page_of(playwright, card_profile) as page:
        with town.server.away():
            await open_pwa(page, f"{town.url}/app/")
            await put_records(page, {"settings": SWEDISH, "device/anything": {"of": "the scanner"}})
            await damage(page, "card", CUT_OFF)
            before = await everything_kept(page)
            await look(page, town)
            await expect(page.locator(OVERLAY)).to_contain_text("inget kort")
            await (await app_opens(page)).sees("Jag har ett kort")
            assert await everything_kept(page) == before

        await open_pwa(page, f"{town.url}/app/activate#{town.grant()[1]}")
        await Screen(page).sees("du + högst 2 barn")
        assert await code_on(Screen(page))


@pytest.mark.thorough
async def test_damaged_settings_take_no_card_along(
    town: Town, card_profile: Path, playwright: Playwright
) -> None:
    with town.server.away():
        async with page_of(playwright, card_profile) as page:
            await open_pwa(page, f"{town.url}/app/")
            await damage(page, "settings", CUT_OFF)
            assert await shown_at_once(page, town) is not None
            screen = await app_opens(page)
            await screen.sees(COMPANY)
            assert await code_on(screen)
