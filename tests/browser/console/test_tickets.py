"""A course with few places, from the coordinator's limit to a broker's order and the door."""

from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import expect

from server.clock import utc_now
from shared.rules.validity import HELSINKI
from tests.browser.console.people import People, button, chooses, is_told
from tests.browser.console.places import COORDINATOR, MUSEUM, SERVICE

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NAME = "Öljyvärikurssi"


async def test_a_broker_gives_the_places_of_a_course_until_they_are_taken(people: People) -> None:
    coordinator = await people.opens("/limits", COORDINATOR)
    await coordinator.get_by_label("Enintään", exact=True).fill("1")
    await coordinator.get_by_label("Jakso").select_option(label="lukuvuodessa (elokuusta)")
    await coordinator.get_by_label("Vain kurssit").check()
    await coordinator.get_by_label("Ilmainen enintään, euroa").fill("25,00")
    await button(coordinator, "Lisää raja").click()
    await is_told(coordinator, "Se on voimassa tästä lähtien.")

    service = await people.opens("/brokers", SERVICE)
    await service.get_by_label("Lippupalvelun nimi").fill("Kurssilippu")
    await button(service, "Lisää ja näytä avain").click()
    key = await service.locator("p.code").inner_text()

    venue = await people.comes(MUSEUM)
    await venue.goto("/console/tickets")
    await button(venue, "Anna lupa: Kurssilippu").click()
    await is_told(venue, "Tehty.")
    await chooses(venue, "Tilaisuudet")
    begins = (utc_now() + timedelta(days=20)).astimezone(HELSINKI).replace(hour=17, minute=0)
    await venue.get_by_label("Nimi").fill(NAME)
    for label, at in (("Alkaa", begins), ("Päättyy", begins + timedelta(days=60))):
        await venue.get_by_label(label).fill(f"{at:%Y-%m-%dT%H:%M}")
    await venue.get_by_label("Kulttuuri").check()
    await venue.get_by_label("Kurssi: vain kortinhaltijalle").check()
    await venue.get_by_label("Paikat").fill("1")
    await venue.get_by_label("Maksu euroina").fill("40")
    await button(venue, "Lisää tilaisuus").click()
    await is_told(venue, "Verkossa olevat lukijat saavat tiedon")

    api = httpx.AsyncClient(
        base_url=f"{people.town.url}/api/v1/", headers={"Authorization": f"Bearer {key}"}
    )
    async with api:
        (place,) = (await api.get("broker")).json()["venues"]
        events = (await api.get(f"broker/venues/{place['venue_id']}/events")).json()
        (course,) = (one for one in events if one["name"] == NAME)
        assert (course["places_left"], course["pays_cents"]) == (1, 1500)
        order = {"venue_id": place["venue_id"], "event_id": course["event_id"]}
        first, second = (people.town.phone().card.code for _ in range(2))
        taken = await api.post("broker/orders", json=order | {"uses": [use_of(first)]})
        assert taken.is_success, taken.text
        full = (await api.post("broker/orders", json=order | {"uses": [use_of(second)]})).json()
    assert full["code"] == "uses_refused"
    assert full["refusals"][0]["text"]["fi"] == "Kortinhaltijoiden paikat ovat täynnä."

    await venue.goto("/console/events")
    await expect(venue.get_by_role("row", name=NAME)).to_contain_text("1 / 1")
    await venue.get_by_role("link", name=NAME).click()
    await expect(venue.get_by_text("15 €")).to_be_visible()
    await venue.get_by_label("Paikat").fill("2")
    await button(venue, "Tallenna").click()
    await expect(venue.get_by_text("1 / 2")).to_be_visible()


def use_of(code: str) -> dict[str, str]:
    return {"use_id": str(uuid4()), "card_code": code}
