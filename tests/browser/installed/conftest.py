"""One town for all journeys of the installed app, and browsers in which it was kept already.

A first start compiles megabytes of WebAssembly. It happens once; the journeys copy its profile.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Playwright

from tests.browser.browser import Screen
from tests.browser.installed.app import build, open_pwa, page_of, wait_until_kept
from tests.browser.installed.holder import activate
from tests.browser.town import THEATRE, Town, running_town


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    build()
    with running_town(tmp_path_factory.mktemp("town")) as town:
        yield town


@pytest.fixture(autouse=True)
def server_put_back(town: Town) -> Iterator[None]:
    """Leave the town as the next test expects it."""
    yield
    town.server.put_back()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def kept(
    town: Town, playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A browser profile with the app kept, and nothing in it; copy it, never use it."""
    profile = tmp_path_factory.mktemp("kept") / "profile"
    async with page_of(playwright, profile) as page:
        await open_pwa(page, f"{town.url}/app/")
        await wait_until_kept(page)
    return profile


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def carried(kept: Path, town: Town, playwright: Playwright) -> Path:
    """The same with a card in it.

    Whoever changes this card in the register changes it for all: such tests bring their own.
    """
    profile = shutil.copytree(kept, kept.with_name("carried"))
    async with page_of(playwright, profile) as page:
        await activate(page, town, town.grant()[1])
    return profile


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def paired(kept: Path, town: Town, playwright: Playwright) -> Path:
    """The same, paired as a scanner of the theatre."""
    profile = shutil.copytree(kept, kept.with_name("paired"))
    async with page_of(playwright, profile) as page:
        await open_pwa(page, f"{town.url}/app/pair#{town.pairing_code(THEATRE)}")
        await Screen(page).sees("Käynnit: Kulttuuri")
        await Screen(page).sees("sulut 0 min")
    return profile


@pytest.fixture
def profile(kept: Path, tmp_path: Path) -> Path:
    """A browser with the app kept."""
    return shutil.copytree(kept, tmp_path / "profile")


@pytest.fixture
def card_profile(carried: Path, tmp_path: Path) -> Path:
    """A browser with the app and a card."""
    return shutil.copytree(carried, tmp_path / "profile")
