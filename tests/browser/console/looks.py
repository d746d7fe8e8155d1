"""What can be measured of how a page looks, and for whom."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from playwright.async_api import Page

AXE = Path(__file__).parents[3] / "assets" / "pwa" / "node_modules" / "axe-core" / "axe.min.js"
"""Installed by npm when the browser app is built (`make pwa`)."""

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CONTRASTS = ["color-contrast"]
NARROW = {"width": 320, "height": 640}
"""How wide the smallest phones are."""
ZOOMED = {"width": 320, "height": 256}
"""What 400 per cent leaves of a desk's 1280 by 1024."""
TOUCHED_PX = 48
LARGEST = "text-200"
_RUN = """async ([runOnly, but]) => {
  const rules = Object.fromEntries(but.map(name => [name, {enabled: false}]));
  const asked = {runOnly, rules, resultTypes: ['violations'], preload: false};
  const {violations} = await axe.run(asked);
  return violations;
}"""


async def faults(
    page: Page, *, only: list[str] | None = None, but: Collection[str] = ()
) -> list[str]:
    """Let axe-core, which the context brings, look; give each rule that is broken, and where."""
    run = {"type": "rule", "values": only} if only else {"type": "tag", "values": STANDARDS}
    found: list[dict[str, Any]] = await page.evaluate(_RUN, [run, list(but)])
    return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]


async def too_wide(page: Page) -> list[str]:
    """Name what reaches over the right edge of the window; the page scrolls downwards only."""
    return await page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
          [...document.querySelectorAll('body *')]
            .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
            .map(one => one.outerHTML.slice(0, 120))"""
    )


async def too_small(page: Page) -> list[str]:
    """Name the controls that are hard to hit; links in a sentence or a table are text."""
    return await page.evaluate(
        """least => [...document.querySelectorAll(
            'button, summary, select, .button, .menu a, .look a, main input:not([type=hidden])')]
          .map(one => one.closest('.tick') ?? one)
          .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < least - .5)
          .map(one => one.outerHTML.slice(0, 120))""",
        TOUCHED_PX,
    )


async def reads_on(page: Page) -> list[tuple[float, float]]:
    """Press Tab through the whole page; give where each control of the form stands, in order."""
    places: list[tuple[float, float]] = []
    while True:
        await page.keyboard.press("Tab")
        place = await page.evaluate(
            """() => {
              const one = document.activeElement;
              if (one === document.body || one.closest('.skip')) return null;
              if (!one.closest('main form')) return [];
              const {left, top} = one.getBoundingClientRect();
              return [top + scrollY, left];
            }"""
        )
        if place is None and places:
            return places
        if place:
            places.append(tuple(place))


async def enlarge(page: Page) -> None:
    """Choose the largest text, as the page's own links do."""
    await page.evaluate("size => { document.documentElement.className = size }", LARGEST)
