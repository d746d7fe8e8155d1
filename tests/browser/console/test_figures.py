"""Those who answer for a place read its live figures, choose among them, and take a table."""

import csv
from pathlib import Path

import pytest
from playwright.async_api import expect

from server.clock import utc_now
from shared.rules.validity import HELSINKI
from tests.browser.console.counted import let_have_been_counted
from tests.browser.console.people import People, button, chooses, sees
from tests.browser.console.places import COORDINATOR, MUSEUM, SERVICE
from tests.browser.console.test_network import invitation_on, pairs, takes_invitation
from tests.browser.console.test_statistics import takes
from tests.browser.town import THEATRE

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_wellbeing_county_is_invited_and_reads_its_figures(people: People) -> None:
    let_have_been_counted(people.town, now=utc_now())
    service = await people.opens("/areas", SERVICE)
    await chooses(service, "Hyvinvointialueet")
    await button(service, "Lisää ja kutsu").click()
    await expect(service.get_by_role("alert")).to_contain_text("Valitse hyvinvointialue")
    await service.get_by_label("Hyvinvointialue", exact=True).select_option(
        "Pirkanmaan hyvinvointialue"
    )
    await service.get_by_label("Analyytikon tunnus").fill("pirkanmaan-analyytikko")
    await button(service, "Lisää ja kutsu").click()
    invitation = await invitation_on(service)

    analyst, handle, _ = await takes_invitation(people, invitation)
    assert handle == "pirkanmaan-analyytikko"
    await sees(analyst, "Luvut: Pirkanmaan hyvinvointialue")
    uses = analyst.locator(".headlines > div").first
    await expect(uses).to_contain_text("Käyttökertoja yhteensä")
    meaning = uses.get_by_text("Kumottuja käyntejä ei lasketa")
    await expect(meaning).to_be_hidden()
    await uses.locator("summary").click()
    await expect(meaning).to_be_visible()
    table = analyst.get_by_role("table", name="Käyttökerrat kuukausittain")
    await expect(table.get_by_role("row", name="Tammikuu")).to_contain_text("150")
    await chooses(analyst, "Tilastot")
    await sees(analyst, "Kaikukortti lukuina")


async def test_a_coordinator_chooses_months_and_takes_the_visits_as_a_table(
    people: People, tmp_path: Path
) -> None:
    let_have_been_counted(people.town, now=utc_now())
    door = await pairs(people, await people.comes(MUSEUM), "Kahvila")
    assert door.scan(people.town.phone().show(now=utc_now())).is_success
    year = utc_now().astimezone(HELSINKI).year
    page = await people.opens("/figures", COORDINATOR)
    await page.get_by_role("link", name="Valitse kuukaudet, kohde, luokka").click()
    await page.get_by_label("Kuukaudesta").fill("3.1986")
    await page.get_by_label("Kuukauteen").fill(f"1.{year}")
    await button(page, "Näytä").click()
    await expect(page.get_by_role("alert")).to_contain_text("enintään kymmenen vuotta")
    await expect(page.get_by_label("Kuukaudesta")).to_have_value("3.1986")

    await page.get_by_label("Kuukaudesta").fill(f"12.{year - 1}")
    await page.get_by_label("Kohde").select_option(THEATRE)
    await page.get_by_label("Mihin käynnit kirjataan").select_option("Kulttuuri")
    await button(page, "Näytä").click()
    await expect(page.locator(".headlines > div").first).to_contain_text("360")
    row = page.get_by_role("row", name=f"Joulukuu {year - 1}")
    await expect(row).to_contain_text("240")

    await page.get_by_role("link", name="Käynnit yksitellen").click()
    await sees(page, "Käynnit")
    file = await takes(page, "Lataa taulukkona (CSV)", tmp_path)
    assert file.name == "kaynnit.csv"
    rows = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert rows[0][:4] == ["Päivä", "Kuukausi", "Kohde", "Alue"]
    assert {len(row) for row in rows} == {9}
    assert "Taidemuseo" in [row[2] for row in rows]
