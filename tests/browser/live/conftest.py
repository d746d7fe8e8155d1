"""One town and two browsers for the journeys of a module: the holder's and the door's."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Playwright

from tests.browser.browser import Screen, chromium, film, nothing_to_read, open_app
from tests.browser.town import THEATRE, Town, running_town

CAMERA_CLOSES_MS = 2_000
"""A camera that is opened again sooner goes on with the film of before."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with running_town(tmp_path_factory.mktemp("town")) as town:
        yield town


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def holder_browser(
    playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BrowserContext]:
    async with chromium(playwright, tmp_path_factory.mktemp("holder")) as browser:
        yield browser


@dataclass
class Door:
    """A paired scanner in a browser, and the film that its camera sees."""

    browser: BrowserContext
    url: str
    film: Path

    async def looks_at(self, picture: bytes) -> Screen:
        """Hold something in front of the camera and open the scanner."""
        film(picture, self.film)
        return await self.opens()

    async def leaves(self) -> None:
        """Answer what is still asked, so that the next test finds a door that waits."""
        for page in self.browser.pages:
            decline = Screen(page).button("Jätä kirjaamatta").or_(Screen(page).button("Ei nyt"))
            if await decline.count():
                await decline.click()
                await Screen(page).sees("Käynnit: Kulttuuri")

    async def opens(self) -> Screen:
        """Open the scanner in a new page, so that the camera starts the film anew."""
        blank, *used = self.browser.pages
        for page in used:
            await page.close()
        await blank.wait_for_timeout(CAMERA_CLOSES_MS)
        return await open_app(self.browser, f"{self.url}/live/door")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def paired_door(
    playwright: Playwright, town: Town, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Door]:
    reel = tmp_path_factory.mktemp("film") / "camera.mjpeg"
    nothing_to_read(reel)
    async with chromium(playwright, tmp_path_factory.mktemp("door"), camera=reel) as browser:
        door = Door(browser, town.url, reel)
        screen = await door.opens()
        await screen.types("Liitoskoodi", town.pairing_code(THEATRE))
        await screen.press("Liitä laite")
        await screen.sees("Kulttuuri")
        yield door


@pytest_asyncio.fixture(loop_scope="session")
async def door(paired_door: Door) -> AsyncIterator[Door]:
    yield paired_door
    await paired_door.leaves()
