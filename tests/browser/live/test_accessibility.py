"""What a screen reader gets of the app's main screens: roles, names, headings, and axe-core's word.

Flutter draws on a canvas, and builds for screen readers a second, invisible page. Looked at is that
one, in the live preview: the same client draws the installed app.
"""

import re
from itertools import pairwise

import pytest
from playwright.async_api import BrowserContext

from tests.browser.browser import Screen, open_app
from tests.browser.console.looks import AXE, faults
from tests.browser.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FLUTTERS_OWN = {
    "meta-viewport": "Flutter forbids pinching, which would move its canvas; the settings enlarge",
    "region": "Flutter has no landmarks to give; its tree is one group under the bar",
}
"""Rules of axe-core that no app drawn by Flutter can keep, each with its reason. Colours it does
not judge here, either: the words it finds are clear, the canvas below them is not."""

NAMELESS = re.compile(
    r"- (button|textbox|link|switch|checkbox|radio|tab|slider|img|heading)(?: \[[^]]*\])*:?$"
)
LEVEL = re.compile(r"\[level=(\d)\]")

GO = """path => {
  history.pushState(history.state, '', path);
  dispatchEvent(new PopStateEvent('popstate', {state: history.state}));
}"""
"""Opens another address of the running app, as the browser's own arrows do."""

SCREENS = {
    "": "Voimassa",
    "visits": "Ei vielä käyntejä",
    "visits/own": "Paikka",
    "wellbeing": "Miltä tuntuu?",
    "mine": "Omat tiedot",
    "more": "Viestit",
    "settings": "Kieli",
    "settings/lock": "Se ei salaa mitään",
    "door": "Liitoskoodi",
}


async def look(screen: Screen) -> list[str]:
    """Name what is wrong on a screen, for somebody who does not see it."""
    read = await screen.says()
    wrong = [line.strip() for line in read.splitlines() if NAMELESS.match(line.strip())]
    levels = [int(level) for level in LEVEL.findall(read)]
    if levels[:1] != [1] or any(b > a + 1 for a, b in pairwise(levels)):
        wrong.append(f"headings: {levels}")
    await screen.page.evaluate(AXE.read_text())
    return wrong + await faults(screen.page, but=FLUTTERS_OWN)


async def test_every_screen_has_names_headings_and_no_fault(
    town: Town, holder_browser: BrowserContext
) -> None:
    _, code = town.grant()
    screen = await open_app(holder_browser, f"{town.url}/live/")
    await screen.sees("Minulla on kortti")
    wrong = {"start": await look(screen)}
    await screen.press("Minulla on kortti")
    await screen.types("Aktivointikoodi", code)
    wrong["activate"] = await look(screen)
    await screen.press("Ota käyttöön")
    await screen.sees("Voimassa")
    for path, words in SCREENS.items():
        await screen.page.evaluate(GO, f"/live/{path}")
        await screen.sees(words)
        wrong[path or "card"] = await look(screen)

    assert {name: found for name, found in wrong.items() if found} == {}
