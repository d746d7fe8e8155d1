"""What people do at a desk: grant, print, block, replace, and be interrupted."""

import re

import pypdfium2
import pytest
from playwright.async_api import Page, expect
from zxingcpp import read_barcodes

from server.access.models import ConsoleSession
from server.access.service import session_hash
from server.console.actors import COOKIE
from tests.browser.console.granting import GROUNDS, RIGHT, cards_of, code_on, fills_right, grants
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
    unfolds,
)
from tests.browser.console.places import (
    DISTRIBUTOR,
    PASSWORD,
    authenticator_of,
)

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
FIELDS_MOST = 8
MISTAKES = {
    "Syntymävuosi": ("75", "Kirjoita syntymävuosi neljällä numerolla"),
    "Kodin postinumero": ("99999", "ei kuulu mihinkään verkoston kuntaan"),
    "Alle 18-vuotiaiden lasten määrä": ("monta", "Kirjoita luku 0"),
}


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


def texts_on(pdf: bytes) -> list[str]:
    """Read the codes on the first page of *pdf* as a camera does."""
    with pypdfium2.PdfDocument(pdf) as document:
        picture = document[0].render(scale=4, grayscale=True).to_pil()
    return [one.text for one in read_barcodes(picture)]


async def ends_session(people: People, page: Page) -> None:
    """End the session as if an hour had gone by."""
    [cookie] = [one for one in await page.context.cookies() if one["name"] == COOKIE]
    with people.town.sessions.begin() as db:
        db.delete(db.get_one(ConsoleSession, session_hash(cookie["value"])))
