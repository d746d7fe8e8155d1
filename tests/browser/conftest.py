"""One driver of browsers for all journeys."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Playwright, async_playwright


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    async with async_playwright() as playwright:
        yield playwright
