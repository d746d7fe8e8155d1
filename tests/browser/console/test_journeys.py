"""What people do at the console, from the first invitation to the last line of the log."""

import re
from datetime import timedelta
from io import BytesIO

import pyotp
import pypdfium2
import pytest
from PIL import Image
from playwright.async_api import Locator, Page, expect
from sqlalchemy import func, select
from zxingcpp import read_barcodes

from server.access.models import ConsoleSession
from server.access.service import session_hash
from server.card.models import Card
from server.clock import utc_now
from server.console.actors import COOKIE
from shared.rules.validity import HELSINKI
from tests.browser.console.people import (
    People,
    button,
    chooses,
    digits,
    has_focus,
    is_told,
    sees,
    signs_in,
    tab_to,
)
from tests.browser.console.places import (
    COORDINATOR,
    DISTRIBUTOR,
    HALL,
    MUSEUM,
    PASSWORD,
    SERVICE,
    VENUE,
    authenticator_of,
)
from tests.browser.town import Town
from tests.server.callers import HttpScanner

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FIELDS_MOST = 8
MISTAKES = {
    "Syntymävuosi": ("75", "Kirjoita syntymävuosi neljällä numerolla"),
    "Kodin postinumero": ("99999", "ei kuulu mihinkään verkoston kuntaan"),
    "Alle 18-vuotiaiden lasten määrä": ("monta", "Kirjoita luku 0"),
}
RIGHT = {
    "Syntymävuosi": "1975",
    "Kodin postinumero": "33100",
    "Alle 18-vuotiaiden lasten määrä": "2",
}
GROUNDS = "Perustoimeentulotuki"


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


async def invitation_on(page: Page) -> str:
    await sees(page, "Kutsu:")
    return await page.locator("p.link").inner_text()


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


async def test_from_the_national_service_to_a_desk_and_a_door_by_invitations(
    people: People,
) -> None:
    service = await people.opens("/areas", SERVICE)
    await service.get_by_label("Kunnan nimi").fill("Nokia")
    await service.get_by_label("Kuntanumero").fill("536")
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
    await sees(desk, "Myönnä kortti")
    venue, _, _ = await takes_invitation(people, to_venue)
    await sees(venue, "Käynnit")
    await coordinator.goto("/console/locations")
    await expect(coordinator.get_by_role("cell", name="Käytössä", exact=True)).to_have_count(2)

    late = await people.comes()
    await late.goto(to_venue)
    await is_told(late, "Kutsu on jo käytetty tai vanhentunut. Pyydä uusi.")


async def test_a_card_is_granted_with_the_keyboard_alone_and_all_mistakes_are_told_at_once(
    people: People,
) -> None:
    page = await people.opens("/cards/new", DISTRIBUTOR)
    fields = page.locator("main form").locator("input:visible, select:visible, textarea:visible")
    assert await fields.count() <= FIELDS_MOST
    for label, (typed, _) in MISTAKES.items():
        await tab_to(page, page.get_by_label(label))
        await page.keyboard.type(typed)
    await page.keyboard.press("Enter")

    await expect(page).to_have_title(re.compile("^Tarkista lomake"))
    summary = page.get_by_role("alert")
    await expect(summary).to_be_focused()
    await expect(summary.get_by_role("heading")).to_have_text("Tarkista 4 kohtaa")
    for label, (typed, words) in MISTAKES.items():
        field = page.get_by_label(label)
        await expect(field).to_have_value(typed)
        await expect(field).to_have_accessible_description(re.compile(words))
        await expect(summary).to_contain_text(words)
    await expect(page.get_by_label("Peruste")).to_have_accessible_description(
        "Valitse yksi vaihtoehto."
    )

    for label, text in RIGHT.items():
        link, field = summary.get_by_role("link", name=label), page.get_by_label(label)
        await tab_to(page, link, back=not await has_focus(summary))
        await page.keyboard.press("Enter")
        assert await has_focus(field)
        await page.keyboard.press("Control+A")
        await page.keyboard.type(text)
    await tab_to(page, page.get_by_label("Peruste"))
    await page.keyboard.type(GROUNDS)
    await tab_to(page, button(page, "Myönnä kortti"))
    await page.keyboard.press("Enter")
    await is_told(page, "Kortti on myönnetty")
    await expect(page.get_by_role("definition").filter(has_text=GROUNDS)).to_be_visible()


async def test_the_sheet_opens_beside_the_card_and_its_codes_can_be_read(people: People) -> None:
    page = await people.opens("/cards/new", DISTRIBUTOR)
    code = await grants(page)
    await page.get_by_label("Arkin kieli").select_option(label="Selkosuomi")
    async with page.context.expect_event("request", lambda one: one.url.endswith("/sheet")) as sent:
        await button(page, "Tulosta arkki (PDF)").click()
    request = await sent.value
    await expect(button(page, "Tulosta arkki (PDF)")).to_be_visible()  # it opened in a tab beside

    headers = {"origin": people.town.url, "content-type": "application/x-www-form-urlencoded"}
    answer = await page.context.request.post(
        request.url, headers=headers, data=request.post_data or ""
    )
    assert answer.headers["content-type"] == "application/pdf"
    paper, link, typed = sorted(texts_on(await answer.body()), key=len, reverse=True)
    assert paper.startswith("K1:")
    assert link.startswith(f"{people.town.url}/app/activate#")
    assert typed == code.replace("-", "")


async def test_two_clicks_and_a_step_back_grant_one_card(people: People) -> None:
    page = await people.opens("/cards/new", DISTRIBUTOR)
    before = cards_of(people.town)
    await fills_right(page)
    await button(page, "Myönnä kortti").dblclick()
    await sees(page, "Kortti ")
    granted = await code_on(page)
    assert cards_of(people.town) == before + 1

    await page.go_back()
    await sees(page, "Myönnä kortti")
    await button(page, "Myönnä kortti").click()
    # Chromium may have forgotten what was typed; else it is the same form, and the same card.
    await expect(page).to_have_title(re.compile(f"^(Tarkista lomake|{granted})"))
    assert cards_of(people.town) == before + 1


async def test_a_card_is_blocked_opened_again_and_replaced(people: People) -> None:
    page = await people.opens("/cards/new", DISTRIBUTOR)
    old = await grants(page)
    await unfolds(page, "Sulje kortti")
    await button(page, "Sulje kortti").click()
    await is_told(page, "Kortti on suljettu")
    await expect(button(page, "Tulosta arkki (PDF)")).to_have_count(0)

    await button(page, "Avaa kortti uudelleen").click()
    await is_told(page, "Kortti on taas auki")

    await unfolds(page, "Kortti tai puhelin on kadonnut")
    await button(page, "Korvaa kortti uudella").click()
    await is_told(page, "Vanha kortti on suljettu")
    new = await code_on(page)
    assert new != old

    await chooses(page, "Kortit")
    await page.get_by_label("Korttikoodi").fill(old.lower())
    await button(page, "Etsi").click()
    await page.get_by_role("link", name=old).click()
    await page.get_by_role("link", name="Avaa uudempi kortti").click()
    assert await code_on(page) == new


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


async def test_what_was_typed_outlives_the_session(people: People) -> None:
    page = await people.opens("/cards/new", DISTRIBUTOR)
    await fills_right(page)
    await page.get_by_label("Elämäntilanne").select_option(label="Eläkkeellä")
    before = cards_of(people.town)
    await ends_session(people, page)
    await button(page, "Myönnä kortti").click()

    await sees(page, "Kirjaudu sisään")
    await expect(page.get_by_text("Kirjoittamasi on tallessa")).to_be_visible()
    await signs_in(page, DISTRIBUTOR, PASSWORD, "000000")
    await is_told(page, "Tunnus, salasana ja koodi eivät sovi yhteen.")
    await signs_in(page, DISTRIBUTOR, PASSWORD, digits(authenticator_of(DISTRIBUTOR)))
    await sees(page, "Olet taas kirjautunut sisään")
    assert cards_of(people.town) == before
    await button(page, "Jatka").click()

    await is_told(page, "Kortti on myönnetty")
    facts = page.get_by_role("definition")
    for told in (RIGHT["Syntymävuosi"], RIGHT["Kodin postinumero"], GROUNDS, "Eläkkeellä"):
        await expect(facts.filter(has_text=told)).to_be_visible()
    assert cards_of(people.town) == before + 1


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


def texts_on(pdf: bytes) -> list[str]:
    """Read the codes on the first page of *pdf* as a camera does."""
    with pypdfium2.PdfDocument(pdf) as document:
        picture = document[0].render(scale=4, grayscale=True).to_pil()
    return [one.text for one in read_barcodes(picture)]


async def unfolds(page: Page | Locator, words: str) -> None:
    await page.locator("summary").get_by_text(words, exact=True).click()


async def pairs(people: People, page: Page, name: str) -> HttpScanner:
    await page.goto("/console/scanners")
    await page.get_by_label("Lukijan nimi").fill(name)
    await button(page, "Näytä liitoskoodi").click()
    return people.pair(await page.locator("p.code").inner_text())


async def ends_session(people: People, page: Page) -> None:
    """End the session as if an hour had gone by."""
    [cookie] = [one for one in await page.context.cookies() if one["name"] == COOKIE]
    with people.town.sessions.begin() as db:
        db.delete(db.get_one(ConsoleSession, session_hash(cookie["value"])))
