"""Granting a card at a desk, as several journeys begin."""

from playwright.async_api import Page
from sqlalchemy import func, select

from server.card.models import Card
from tests.browser.console.people import (
    button,
    is_told,
)
from tests.browser.town import Town

RIGHT = {
    "Syntymävuosi": "1975",
    "Kodin postinumero": "33100",
    "Alle 18-vuotiaiden lasten määrä": "2",
}
GROUNDS = "Perustoimeentulotuki"


async def fills_right(page: Page) -> None:
    for label, text in RIGHT.items():
        await page.get_by_label(label).fill(text)
    await page.get_by_label("Peruste").select_option(label=GROUNDS)


async def grants(page: Page) -> str:
    """Grant a card and give its printed code."""
    await page.goto("/console/cards/new")
    await fills_right(page)
    await button(page, "Myönnä kortti").click()
    await is_told(page, "Kortti on myönnetty")
    return await code_on(page)


async def code_on(page: Page) -> str:
    return await page.locator("h1 .code").inner_text()


def cards_of(town: Town) -> int:
    with town.sessions() as db:
        return db.scalar(select(func.count()).select_from(Card)) or 0
