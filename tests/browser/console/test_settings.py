"""What is settled for the country and for an area, and what desks see of it at once."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.console.granting import fills_right
from tests.browser.console.people import People, button, chooses, is_told, sees, unfolds
from tests.browser.console.places import DISTRIBUTOR, IDLE_COORDINATOR, IDLE_DISTRIBUTOR, SERVICE

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WORDS = {
    "Suomeksi": "Kokeilun peruste",
    "Ruotsiksi": "Försökets grund",
    "Englanniksi": "Ground of a trial",
    "Selkosuomeksi": "Kokeilu",
}


async def grounds_on(page: Page) -> list[str]:
    return await page.get_by_label("Peruste").locator("option").all_inner_texts()


async def test_a_ground_is_added_moved_reworded_and_closed_and_desks_follow(
    people: People,
) -> None:
    service = await people.opens("/settings", SERVICE)
    await service.get_by_label("Perusteen koodi").fill("kokeilu")
    await button(service, "Lisää tämä peruste").click()
    await is_told(service, "Tarkista 4 kohtaa")
    await expect(service.get_by_label("Perusteen koodi")).to_have_value("kokeilu")
    await service.get_by_label("Perusteen koodi").fill("trial")
    for label, words in WORDS.items():
        await service.get_by_label(label, exact=True).fill(words)
    await button(service, "Lisää tämä peruste").click()
    await is_told(service, "Peruste on lisätty.")

    desk = await people.opens("/cards/new", DISTRIBUTOR)
    assert (await grounds_on(desk))[-1] == "Kokeilun peruste"
    await button(service, "Siirrä ylös: Kokeilun peruste").click()
    await is_told(service, "Järjestys on muutettu.")
    await desk.reload()
    assert (await grounds_on(desk))[-2] == "Kokeilun peruste"
    await fills_right(desk)
    await desk.get_by_label("Peruste").select_option(label="Kokeilun peruste")
    await button(desk, "Myönnä kortti").click()
    await sees(desk, "Kortti")

    await service.get_by_role("link", name="Kokeilun peruste").click()
    await service.get_by_label("Suomeksi", exact=True).fill("Kokeilun uusi peruste")
    await button(service, "Muuta sanoja").click()
    await is_told(service, "Sanat on muutettu.")
    await desk.reload()
    await expect(desk.get_by_text("Kokeilun uusi peruste")).to_be_visible()

    await service.get_by_role("link", name="Kokeilun uusi peruste").click()
    await unfolds(service, "Sulje")
    await button(service, "Sulje uusilta korteilta").click()
    await is_told(service, "Peruste on suljettu.")
    await expect(service.get_by_role("listitem").filter(has_text="Sulki perusteen")).to_be_visible()
    await chooses(desk, "Myönnä kortti")
    assert "Kokeilun uusi peruste" not in await grounds_on(desk)


async def test_a_coordinator_settles_the_childrens_age_and_tries_a_local_pilot(
    people: People,
) -> None:
    page = await people.comes(IDLE_COORDINATOR)
    await page.goto("/console/locations")
    await chooses(page, "Alueen asetukset")
    await page.get_by_label("Lapset pääsevät mukaan").fill("sata")
    await page.get_by_label("Alueella on paikallinen kokeilu").check()
    await button(page, "Tallenna asetukset").click()
    await is_told(page, "Kirjoita ikä väliltä 7")
    await expect(page.get_by_label("Alueella on paikallinen kokeilu")).to_be_checked()
    await page.get_by_label("Lapset pääsevät mukaan").fill("16")
    await button(page, "Tallenna asetukset").click()
    await is_told(page, "Asetukset on tallennettu.")
    await expect(page.get_by_text("Kokeilu on ollut käynnissä")).to_be_visible()

    await page.get_by_label("Alueella on paikallinen kokeilu").uncheck()
    await button(page, "Tallenna asetukset").click()
    await is_told(page, "Asetukset on tallennettu.")
    changes = page.get_by_role("listitem").filter(has_text=IDLE_COORDINATOR)
    await expect(changes).to_have_count(3)
    elsewhere = await people.opens("/cards/new", IDLE_DISTRIBUTOR)
    await expect(elsewhere.get_by_label("Alle 18-vuotiaiden lasten määrä")).to_be_visible()
