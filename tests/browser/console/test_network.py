"""What people do for a network: invite, run a door, settle, withdraw, look into the log."""

from datetime import timedelta
from io import BytesIO

import pyotp
import pytest
from PIL import Image
from playwright.async_api import Page, expect
from zxingcpp import read_barcodes

from server.clock import utc_now
from shared.rules.validity import HELSINKI
from shared.token.codes import print_code
from tests.browser.console.granting import grants
from tests.browser.console.people import (
    People,
    button,
    chooses,
    digits,
    is_told,
    sees,
    signs_in,
    unfolds,
)
from tests.browser.console.places import (
    COORDINATOR,
    DISTRIBUTOR,
    HALL,
    MUSEUM,
    PASSWORD,
    SERVICE,
    VENUE,
)
from tests.server.callers import HttpScanner

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def takes_invitation(people: People, invitation: str) -> tuple[Page, str, str]:
    """Follow the link in a browser of one's own and sign in; give name and key too."""
    page = await people.comes()
    await page.goto(invitation)
    await sees(page, "Ota tunnus käyttöön")
    handle = (await page.get_by_text("Tunnus on").inner_text()).split()[-1].removesuffix(".")
    picture = await page.get_by_role("img", name="QR-koodi").screenshot()
    [read] = read_barcodes(Image.open(BytesIO(picture)))
    key = pyotp.parse_uri(read.text).secret
    shown = await page.locator("p.code").inner_text()
    assert "".join(shown.split()) == key, "the picture and the words are not the same key"

    await page.get_by_label("Salasana").fill(PASSWORD)
    await page.get_by_label("Kuusi numeroa").fill(digits(key))
    await button(page, "Ota käyttöön").click()
    await sees(page, "Valmista")
    await page.get_by_role("link", name="Kirjaudu sisään").click()
    await signs_in(page, handle, PASSWORD, digits(key, next_ones=True))
    return page, handle, key


async def agrees(page: Page) -> None:
    await sees(page, "Kortinjakajan ja kohteen sopimus")
    await button(page, "Olemme lukeneet tämän ja noudatamme sitä").click()


async def invitation_on(page: Page) -> str:
    await sees(page, "Kutsu:")
    return await page.locator("p.link").inner_text()


async def test_from_the_national_service_to_a_desk_and_a_door_by_invitations(
    people: People,
) -> None:
    service = await people.opens("/areas", SERVICE)
    await service.get_by_label("Kunta", exact=True).fill("Nokia")
    await service.get_by_label("Postinumerot").fill("37100, 37120")
    await service.get_by_label("Vastuuhenkilön tunnus").fill("nokian-vastuuhenkilo")
    await button(service, "Lisää ja kutsu").click()
    invitation = await invitation_on(service)

    coordinator, handle, _ = await takes_invitation(people, invitation)
    assert handle == "nokian-vastuuhenkilo"
    await sees(coordinator, "Toimipaikat")
    await coordinator.get_by_label("Kortinjakaja").check()
    await coordinator.get_by_label("Toimipaikan nimi").fill("Nokian sosiaaliasema")
    await coordinator.get_by_label("Tunnus").fill("nokian-sosiaaliasema")
    await button(coordinator, "Lisää ja kutsu").click()
    to_desk = await invitation_on(coordinator)
    await chooses(coordinator, "Toimipaikat")
    await coordinator.get_by_label("Kohde", exact=True).check()
    await coordinator.get_by_label("Toimipaikan nimi").fill("Nokian uimahalli")
    await coordinator.get_by_label("Liikunta").check()
    await coordinator.get_by_label("Tunnus").fill("nokian-uimahalli")
    await button(coordinator, "Lisää ja kutsu").click()
    to_venue = await invitation_on(coordinator)

    desk, _, _ = await takes_invitation(people, to_desk)
    await agrees(desk)
    await sees(desk, "Myönnä kortti")
    await expect(desk.get_by_text("Käykää vuosittainen perehdytys läpi")).to_be_visible()
    await chooses(desk, "Sopimus ja perehdytys")
    await button(desk, "Olemme käyneet perehdytyksen läpi").click()
    await is_told(desk, "Perehdytys on vahvistettu.")
    venue, _, _ = await takes_invitation(people, to_venue)
    await agrees(venue)
    await sees(venue, "Käynnit")
    await coordinator.goto("/console/locations")
    await expect(coordinator.get_by_role("cell", name="Käytössä", exact=True)).to_have_count(2)

    late = await people.comes()
    await late.goto(to_venue)
    await is_told(late, "Kutsu on jo käytetty tai vanhentunut. Pyydä uusi.")


async def test_a_coordinator_helps_who_has_lost_the_phone_and_then_the_card(
    people: People,
) -> None:
    code = print_code(people.town.phone().card.code)
    page = await people.opens("/area-cards", COORDINATOR)
    await page.get_by_label("Korttikoodi").fill(code.lower())
    await button(page, "Etsi").click()
    await sees(page, code)
    await unfolds(page, "Puhelin on kadonnut")
    await button(page, "Poista kortti puhelimesta").click()
    await is_told(page, "Kortti on poistettu puhelimesta.")
    await unfolds(page, "Kortti on kadonnut")
    await button(page, "Sulje kortti").click()
    await is_told(page, "Kortti on suljettu.")
    await button(page, "Avaa kortti uudelleen").click()
    await is_told(page, "Kortti on taas auki.")


async def test_a_coordinator_finds_a_visit_by_its_venue_and_undoes_it(people: People) -> None:
    door = await pairs(people, await people.comes(MUSEUM), "Kassa")
    assert door.scan(people.town.phone().show(now=utc_now())).is_success

    page = await people.opens("/area-visits", COORDINATOR)
    await page.get_by_label("Kohde").select_option("Taidemuseo")
    await button(page, "Näytä").click()
    newest = page.get_by_role("row").nth(1)
    await expect(newest).to_contain_text("Taidemuseo")
    await unfolds(newest, "Kumoa")
    await newest.get_by_role("button", name="Kumoa käynti").click()
    await is_told(page, "Käynti on kumottu.")
    await expect(newest).to_contain_text("Kumottu")
    await expect(page.get_by_label("Kohde").locator("option:checked")).to_have_text("Taidemuseo")


async def test_a_venue_adds_an_event_pairs_a_scanner_and_undoes_a_visit(people: People) -> None:
    page = await people.opens("/events", VENUE)
    begins = (utc_now() + timedelta(days=3)).astimezone(HELSINKI).replace(hour=18, minute=30)
    await page.get_by_label("Nimi").fill("Unelmien ilta")
    for label, at in (("Alkaa", begins), ("Päättyy", begins + timedelta(hours=2))):
        await page.get_by_label(label).fill(f"{at:%Y-%m-%dT%H:%M}")
    await button(page, "Lisää tilaisuus").click()
    await is_told(page, "Verkossa olevat lukijat saavat tiedon")
    row = page.get_by_role("row", name="Unelmien ilta")
    await expect(row).to_contain_text(f"{begins.day}.{begins.month}.{begins.year} 18.30")

    await chooses(page, "Lukijat")
    await page.get_by_label("Lukijan nimi").fill("Sivuovi")
    await button(page, "Näytä liitoskoodi").click()
    scanner = people.pair(await page.locator("p.code").inner_text())
    await page.get_by_role("link", name="Lukijoihin").click()
    await expect(page.get_by_role("row", name="Sivuovi")).to_be_visible()

    phone = people.town.phone(children=2)
    assert scanner.scan(phone.show(now=utc_now()), children=2).is_success
    await chooses(page, "Käynnit")
    newest = page.get_by_role("row").nth(1)
    await expect(newest).to_contain_text("Kulttuuri")
    await newest.get_by_role("button", name="Kumoa käynti").click()
    await is_told(page, "Käynti on kumottu.")
    await expect(newest).to_contain_text("Kumottu")

    await chooses(page, "Lukijat")
    row = page.get_by_role("row", name="Sivuovi")
    await unfolds(row, "Poista käytöstä")
    await button(row, "Poista käytöstä: Sivuovi").click()
    await is_told(page, "Lukija on poistettu käytöstä")
    refused = scanner.scan(phone.show(now=utc_now()))
    assert refused.status_code in {401, 403}


async def test_a_coordinator_settles_a_conflict_by_undoing_a_visit(people: People) -> None:
    venue = await people.comes(MUSEUM)
    doors = [await pairs(people, venue, name) for name in ("Pääovi", "Takaovi")]
    phone = people.town.phone(children=3)
    for children, door in enumerate(doors, start=2):
        assert door.scan(phone.show(now=utc_now()), children=children).is_success

    page = await people.opens("/conflicts", COORDINATOR)
    conflict = page.get_by_role("region", name="Taidemuseo")
    counted, other = conflict.get_by_role("listitem"), conflict.get_by_role("listitem").nth(1)
    await expect(counted).to_have_count(2)
    await expect(counted.first).to_contain_text("Pääovi, 2 lasta: Laskettu")
    await expect(other).to_contain_text("Takaovi, 3 lasta: Ei laskettu")
    await other.get_by_role("button", name="Kumoa käynti").click()
    await is_told(page, "Valmis.")
    await expect(conflict).to_have_count(0)


async def test_a_venue_whose_access_is_withdrawn_is_signed_out_at_its_next_click(
    people: People,
) -> None:
    venue = await people.opens("/visits", HALL)
    page = await people.opens("/locations", COORDINATOR)
    row = page.get_by_role("row", name="Kaupungin uimahalli")
    await unfolds(row, "Poista käyttöoikeus")
    await button(row, "Poista käyttöoikeus: Kaupungin uimahalli").click()
    await is_told(page, "Käyttöoikeus on poistettu")
    await expect(row).to_contain_text("Käyttöoikeus poistettu")

    await chooses(venue, "Lukijat")
    await sees(venue, "Kirjaudu sisään")


async def test_the_national_service_finds_who_looked_at_a_card(people: People) -> None:
    desk = await people.opens("/cards/new", DISTRIBUTOR)
    code = await grants(desk)

    page = await people.opens("/audit", SERVICE)
    await page.get_by_label("Korttikoodi").fill(code)
    await button(page, "Hae").click()
    rows = page.get_by_role("row").filter(has_text=code)
    await expect(rows).to_have_count(2)
    for row, act in ((rows.nth(0), "Katsoi korttia"), (rows.nth(1), "Myönsi kortin")):
        await expect(row).to_contain_text(act)
        await expect(row).to_contain_text(DISTRIBUTOR)

    await page.get_by_label("Tapahtuma").select_option(label="Sulki kortin")
    await button(page, "Hae").click()
    await expect(page.get_by_text("Mitään ei löytynyt.")).to_be_visible()


async def pairs(people: People, page: Page, name: str) -> HttpScanner:
    await page.goto("/console/scanners")
    await page.get_by_label("Lukijan nimi").fill(name)
    await button(page, "Näytä liitoskoodi").click()
    return people.pair(await page.locator("p.code").inner_text())
