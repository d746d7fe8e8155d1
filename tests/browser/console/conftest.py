"""One town with access for each of its locations, and one Chromium for all who work there."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Playwright

from tests.browser.browser import CHROMIUM, FLAGS
from tests.browser.console.people import People
from tests.browser.console.places import give_access
from tests.browser.town import Town, running_town


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with running_town(tmp_path_factory.mktemp("console-town")) as town:
        give_access(town)
        yield town


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium(playwright: Playwright) -> AsyncIterator[Browser]:
    browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def people(town: Town, chromium: Browser) -> AsyncIterator[People]:
    people = People(town, chromium)
    yield people
    await people.leave()
