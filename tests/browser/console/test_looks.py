"""Every page of the console in every language: axe-core, narrow windows, large text, any light.

Each page is brought into its state once; then it is looked at in all the ways there are.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Literal

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from server.console.pages import LANGUAGES
from server.texts import Language
from tests.browser.console.lately import Lately, happen
from tests.browser.console.looks import (
    AXE,
    CONTRASTS,
    NARROW,
    ZOOMED,
    enlarge,
    faults,
    reads_on,
    too_small,
    too_wide,
)
from tests.browser.console.people import DESKTOP, People, sees
from tests.browser.console.places import DISTRIBUTOR
from tests.browser.console.views import VIEWS
from tests.browser.console.ways import View
from tests.browser.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


Light = Literal["light", "dark"]
Contrast = Literal["more", "no-preference"]
LIGHTS: Mapping[Language, tuple[Light, Contrast]] = {
    Language.FINNISH: ("dark", "no-preference"),
    Language.SWEDISH: ("light", "more"),
    Language.ENGLISH: ("dark", "more"),
}
"""Each language is looked at in one more light: colours do not depend on words."""


@pytest.fixture(scope="session")
def lately(town: Town) -> Lately:
    return happen(town)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def readers(town: Town, chromium: Browser) -> AsyncIterator[Mapping[str, Page]]:
    """One page for each language, with axe-core in it; one for each view would cost minutes."""
    pages: dict[str, Page] = {}
    for language in LANGUAGES:
        context = await chromium.new_context(
            base_url=town.url, locale=f"{language}-FI", viewport=DESKTOP, bypass_csp=True
        )
        await context.add_init_script(path=AXE)
        pages[language] = await context.new_page()
    yield pages
    for page in pages.values():
        await page.context.close()


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
async def test_everybody_can_read_and_use(
    view: View, readers: Mapping[str, Page], town: Town, lately: Lately
) -> None:
    """In Finnish, and in one of the other languages by turns."""
    await look_at(view, readers, [Language.FINNISH, other_languages(view)[0]], town, lately)


@pytest.mark.thorough
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
async def test_everybody_can_read_and_use_the_third_language(
    view: View, readers: Mapping[str, Page], town: Town, lately: Lately
) -> None:
    await look_at(view, readers, [other_languages(view)[1]], town, lately)


def other_languages(view: View) -> list[Language]:
    others = [Language.SWEDISH, Language.ENGLISH]
    return others if VIEWS.index(view) % 2 else others[::-1]


async def look_at(
    view: View,
    readers: Mapping[str, Page],
    languages: list[Language],
    town: Town,
    lately: Lately,
) -> None:
    async def look(page: Page, language: str) -> None:
        await page.set_viewport_size(DESKTOP)
        await view.open(page, town, lately)
        await expect(page.locator("html")).to_have_attribute("lang", language)
        await page.wait_for_load_state()  # a form that was sent may wait for its stylesheet
        # Colours are the same in every language, and the slowest thing to look at.
        but = [] if language == Language.FINNISH else CONTRASTS
        assert await faults(page, but=but) == [], language
        assert await too_small(page) == [], language
        await page.set_viewport_size(ZOOMED)
        assert await too_wide(page) == [], language
        await page.set_viewport_size(NARROW)
        await enlarge(page)
        assert await too_wide(page) == [], language

        await has_contrast(page, *LIGHTS[Language(language)])

    await asyncio.gather(*(look(readers[language], language) for language in languages))


async def has_contrast(page: Page, light: Light, contrast: Contrast) -> None:
    await page.set_viewport_size(DESKTOP)
    await page.emulate_media(color_scheme=light, contrast=contrast)
    try:
        assert await faults(page, only=CONTRASTS) == [], (light, contrast)
    finally:
        await page.emulate_media(color_scheme="light", contrast="no-preference")


async def test_the_tab_key_goes_through_the_grant_form_in_reading_order(people: People) -> None:
    page = await people.opens("/cards/new", DISTRIBUTOR)

    places = await reads_on(page)
    assert len(places) == 6 + 2, "six fields, what is stored, and the button"
    assert places == sorted(places)


async def test_a_chosen_language_and_text_size_stay_and_lead_back(people: People) -> None:
    page = await people.opens("/cards/new?kind=community", DISTRIBUTOR)
    await page.get_by_role("link", name="Svenska").click()
    await sees(page, "Bevilja gemenskapens kort")
    await page.get_by_role("link", name="Textstorlek 200 %").click()
    await sees(page, "Bevilja gemenskapens kort")

    await page.goto("/console/cards")
    await sees(page, "Kort")
    assert await page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"


async def test_paper_shows_the_card_and_nothing_to_press(people: People, lately: Lately) -> None:
    page = await people.opens(f"/cards/{lately.card}", DISTRIBUTOR)
    await page.emulate_media(media="print")

    await expect(page.get_by_role("definition").first).to_be_visible()
    await expect(page.locator(":is(button, summary, nav, select):visible")).to_have_count(0)
