"""The installed app: it works with the server switched off, and its key is nobody else's."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Playwright, expect

from server.clock import utc_now
from shared.rules.verdict import Colour
from tests.browser.browser import Screen, chromium
from tests.browser.installed.app import (
    OVERLAY,
    change_card,
    judge,
    learn,
    open_pwa,
    page_of,
    read_code,
    try_to_export_keys,
    wait_until_kept,
)
from tests.browser.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_activated_by_link_it_opens_with_the_server_switched_off(
    town: Town, playwright: Playwright, tmp_path: Path
) -> None:
    _, code = town.grant()
    async with page_of(playwright, tmp_path / "profile") as page:
        await open_pwa(page, f"{town.url}/app/activate#{code}")
        await Screen(page).sees("sinä + enintään 2 lasta")
        assert page.url == f"{town.url}/app/"
        assert code not in json.dumps(await page.evaluate("({ ...localStorage })"))
        assert await try_to_export_keys(page) == ["InvalidAccessError"] * 2
        await wait_until_kept(page)
    knows = learn(town)
    town.server.kill()

    async with page_of(playwright, tmp_path / "profile") as page:
        await page.goto(f"{town.url}/app/", wait_until="commit")
        await page.locator(f"{OVERLAY} canvas[width]").wait_for()
        seen = []
        while await page.locator(OVERLAY).count():
            seen.append(read_code(await page.screenshot()))
        seen += [read_code(await page.screenshot()) for _ in range(3)]

        assert None not in seen, f"no code in look {seen.index(None)} of {len(seen)}"
        first, last = judge(str(seen[0]), knows), judge(str(seen[-1]), knows)
        assert (first.verdict.colour, last.verdict.colour) == (Colour.GREEN, Colour.GREEN)
        await Screen(page).sees("sinä + enintään 2 lasta")

        await change_card(page, until_at=(utc_now() - timedelta(minutes=1)).isoformat())
        await page.goto(f"{town.url}/app/", wait_until="commit")
        await expect(page.locator(OVERLAY)).to_contain_text("Korttisi tarvitsee verkkoyhteyden")
        assert read_code(await page.screenshot()) is None


async def test_without_a_card_it_says_so_at_once(
    town: Town, profile: Path, playwright: Playwright
) -> None:
    async with page_of(playwright, profile) as page:
        await page.goto(f"{town.url}/app/", wait_until="commit")
        await expect(page.locator(OVERLAY)).to_contain_text("ei ole vielä korttia")


async def test_a_second_tab_asks_before_it_takes_over(
    town: Town, card_profile: Path, playwright: Playwright
) -> None:
    async with chromium(playwright, card_profile) as browser:
        first = await browser.new_page()
        await open_pwa(first, f"{town.url}/app/")
        await Screen(first).sees("sinä + enintään 2 lasta")

        second = await browser.new_page()
        await second.goto(f"{town.url}/app/", wait_until="commit")
        await expect(second.locator(OVERLAY)).to_contain_text("auki toisessa välilehdessä")
        assert read_code(await second.screenshot()) is not None
        await second.get_by_role("button", name="Käytä tässä").click()
        await Screen(second).sees("sinä + enintään 2 lasta")

        await first.bring_to_front()
        await expect(first.locator(OVERLAY)).to_contain_text("auki toisessa välilehdessä")
        await first.get_by_role("button", name="Käytä tässä").click()
        await Screen(first).sees("sinä + enintään 2 lasta")
        await expect(second.locator(OVERLAY)).to_contain_text("auki toisessa välilehdessä")


SPOIL_MEMORY = """async () => {
  let spoilt = 0;
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      if (!request.url.includes('/memory-')) continue;
      await cache.put(request, new Response(new Uint8Array(1000)));
      spoilt += 1;
    }
  }
  return spoilt;
}"""


@pytest.mark.thorough
async def test_without_its_kept_memory_it_starts_afresh(
    town: Town, profile: Path, playwright: Playwright
) -> None:
    async with page_of(playwright, profile) as page:
        await open_pwa(page, f"{town.url}/app/")
        assert await page.evaluate(SPOIL_MEMORY) == 1
        town.server.kill()
        await open_pwa(page, f"{town.url}/app/")

        await Screen(page).sees("Minulla on kortti")


async def test_without_a_service_worker_it_works_online(
    town: Town, playwright: Playwright, tmp_path: Path
) -> None:
    async with page_of(playwright, tmp_path / "profile", service_workers="block") as page:
        await open_pwa(page, f"{town.url}/app/")

        await Screen(page).sees("Minulla on kortti")


FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
NOT_BLINK = "Object.defineProperty(Navigator.prototype, 'vendor', { get: () => '' })"


@pytest.mark.thorough
async def test_a_browser_of_another_family_gets_flutters_other_build_offline_too(
    town: Town, playwright: Playwright, tmp_path: Path
) -> None:
    async with page_of(playwright, tmp_path / "profile", user_agent=FIREFOX) as page:
        await page.add_init_script(NOT_BLINK)
        await open_pwa(page, f"{town.url}/app/")
        await wait_until_kept(page)
        town.server.kill()
        await open_pwa(page, f"{town.url}/app/")

        await Screen(page).sees("Minulla on kortti")
        loaded = await page.evaluate("performance.getEntriesByType('resource').map((e) => e.name)")
        assert any(name.endswith("main.dart.js") for name in loaded)
