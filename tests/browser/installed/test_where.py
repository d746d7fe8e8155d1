"""Where one can go, in the installed app: everything but the first look without the server."""

from datetime import timedelta
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.async_api import Playwright
from sqlalchemy import select

from server.clock import utc_now
from server.directory.visitors import ForVisitors, tell_visitors
from server.event.service import EventFacts, add_event
from server.venue.models import Venue
from shared.scan import Category
from tests.browser.browser import Screen
from tests.browser.installed.app import open_pwa, page_of
from tests.browser.town import THEATRE, Town

pytestmark = [
    pytest.mark.browser,
    pytest.mark.thorough,  # two starts of the app take minutes where processors are slow
    pytest.mark.asyncio(loop_scope="session"),
]

PLAY, FULL = "Metsän väki 🎭", "Loppuunmyyty ilta"


def tell_where_to_go(town: Town) -> None:
    """Let the theatre tell its visitors, and have two events in a month."""
    starts_at = utc_now() + timedelta(days=30)
    with town.sessions.begin() as db:
        theatre = db.scalars(select(Venue).where(Venue.name == THEATRE)).one()
        told = ForVisitors(greeting_fi="Näytä korttisi lipunmyynnissä.", street="Katu 1")
        tell_visitors(db, theatre.id, told)
        for name, places in ((PLAY, None), (FULL, 0)):
            ends_at = starts_at + timedelta(hours=2)
            facts = EventFacts(name, Category.CULTURE, starts_at, ends_at, places=places)
            add_event(db, theatre, facts, now=utc_now())


async def test_places_are_looked_through_liked_and_put_into_the_calendar_without_the_server(
    town: Town, card_profile: Path, playwright: Playwright
) -> None:
    tell_where_to_go(town)
    async with page_of(playwright, card_profile) as page:
        await open_pwa(page, f"{town.url}/app/where")
        await Screen(page).sees(PLAY)

    with town.server.away():
        async with page_of(playwright, card_profile) as page:
            screen = Screen(page)
            await open_pwa(page, f"{town.url}/app/where")
            await screen.sees("Tämä luettelo on puhelimesi muistista.")
            await screen.sees(FULL)
            await page.get_by_role("checkbox", name="Paikkoja jäljellä").click()
            await screen.does_not_see(FULL)
            await screen.types("Etsi", "metsän")
            await screen.sees("1 tapahtuma · 0 kohdetta")

            await page.get_by_role("button", name=PLAY).click()
            await screen.sees("Näytä korttisi lipunmyynnissä.")
            await screen.press("Lisää suosikkeihin")
            await screen.sees("Poista suosikeista")
            async with page.expect_download() as download:
                await screen.press("Lisää kalenteriini")
            path = await (await download.value).path()
            content = path.read_bytes()

        async with page_of(playwright, card_profile) as page:
            screen = Screen(page)
            await open_pwa(page, f"{town.url}/app/where")
            await screen.sees(FULL)
            await page.get_by_role("checkbox", name="Suosikit").click()
            await screen.sees("1 tapahtuma · 0 kohdetta")
            await screen.sees(PLAY)

    [event] = Calendar.from_ical(content).walk("VEVENT")
    assert event["SUMMARY"] == PLAY
    assert str(event["LOCATION"]) == f"{THEATRE}, Katu 1, Tampere"
    assert event.end - event.start == timedelta(hours=2)
