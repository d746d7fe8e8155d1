"""A venue tells its visitors, and brings its events from Linked Events; everybody can read both."""

import json
from datetime import UTC, timedelta

import httpx
import pytest
from icalendar import Calendar
from playwright.async_api import expect

from server.clock import utc_now
from tests.browser.console.people import People, button, chooses, is_told, sees
from tests.browser.console.places import MUSEUM

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NAME = "Vesijumppa kaikille"


def document() -> bytes:
    starts_at = (utc_now() + timedelta(days=40)).astimezone(UTC).replace(microsecond=0)
    event = {
        "id": "halli:1",
        "name": {"fi": NAME, "sv": None},
        "start_time": starts_at.isoformat().replace("+00:00", "Z"),
        "end_time": None,
        "event_status": "EventScheduled",
        "location": {"@id": "https://esimerkki.fi/v1/place/halli/"},
    }
    lost = event | {"id": "halli:2", "name": {"fi": "Ilman aikaa"}, "start_time": None}
    return json.dumps({"meta": {"next": None}, "data": [event, lost]}).encode()


async def test_a_venue_tells_its_visitors_and_brings_its_events(people: People) -> None:
    page = await people.comes(MUSEUM)
    await page.goto("/console/visits")
    await chooses(page, "Tietoja kävijöille")
    await page.get_by_label("Kohteen katuosoite").fill("Rantatie 1")
    await page.get_by_label("Mitä ovella sanotaan, suomeksi").fill("Näytä kortti kassalla.")
    await page.get_by_label("Verkko-osoite").fill("uimahalli.example")
    await page.get_by_label("Portaaton sisäänkäynti").check()
    await button(page, "Tallenna tiedot").click()
    await expect(page.get_by_label("Verkko-osoite")).to_have_attribute("aria-invalid", "true")
    await page.get_by_label("Verkko-osoite").fill("https://uimahalli.example/")
    await button(page, "Tallenna tiedot").click()
    await is_told(page, "Tallennettu.")

    await chooses(page, "Tilaisuudet")
    await page.get_by_role("link", name="Tuo tilaisuuksia Linked Eventsistä").click()
    await sees(page, "Tilaisuuksia Linked Eventsistä")
    file = {"name": "events.json", "mimeType": "application/json", "buffer": document()}
    await page.get_by_label("Tiedosto (JSON)").set_input_files([file])
    await page.get_by_role("radio", name="Kulttuuri").check()
    await button(page, "Katso, mitä niistä tulee").click()
    await expect(page.get_by_role("row", name=NAME)).to_contain_text("Lisätään")
    await expect(page.get_by_role("row", name="Ilman aikaa")).to_contain_text("milloin se alkaa")
    await button(page, "Tallenna yksi tilaisuus").click()
    await is_told(page, "Valmis.")
    await expect(page.get_by_role("link", name=NAME)).to_be_visible()

    async with httpx.AsyncClient(base_url=f"{people.town.url}/api/v1/") as anybody:
        told = (await anybody.get("directory")).json()
        [event] = [one for one in told["events"] if one["name"] == NAME]
        [place] = [one for one in told["venues"] if one["venue_id"] == event["venue_id"]]
        assert (place["street"], place["accessibility"]) == ("Rantatie 1", ["step_free"])
        answer = await anybody.get(f"venues/{place['venue_id']}/events.ics")
        written = Calendar.from_ical(answer.content).walk("VEVENT")
        assert NAME in [one["SUMMARY"] for one in written]
