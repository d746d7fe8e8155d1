"""Long work as people meet it: it shows how far it is, can be stopped and gone on with."""

import asyncio
import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from playwright.async_api import Page, expect
from pypdf import PdfReader

from server.clock import utc_now
from tests.browser.console.granting import grants
from tests.browser.console.people import People, button, chooses, has_focus, is_told, sees
from tests.browser.console.places import DISTRIBUTOR, MUSEUM

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LINES = 6_000
CARDS = 25
PATIENCE_MS = 120_000


def table(people: People) -> bytes:
    """Visits of some cards on many days, and one line that nobody can read."""
    codes = [people.town.grant()[0].code for _ in range(CARDS)]
    lines = ["päivä;kello;kortti;luokka"]
    for at in range(LINES - 1):
        day = utc_now() - timedelta(days=3 + at // CARDS % 25)
        clock = f"{8 + at // (CARDS * 25)}.00"
        date = f"{day.day}.{day.month}.{day.year}"
        lines.append(f"{date};{clock};{codes[at % CARDS]};kulttuuri")
    return "\n".join([*lines, "31.2.2026;;X;kulttuuri"]).encode()


async def sends(page: Page, content: bytes) -> None:
    file = {"name": "kaavake.csv", "mimeType": "text/csv", "buffer": content}
    await page.get_by_label("Tiedosto (CSV)").set_input_files(file)  # type: ignore[arg-type]
    await button(page, "Katso, mitä niistä tulee").click()


async def is_shown_the_result(page: Page) -> None:
    frame = page.frame_locator("iframe")
    result = frame.get_by_role("link", name="Näytä tulos")
    await expect(result).to_be_visible(timeout=PATIENCE_MS)
    await result.click()
    await expect(page.locator("iframe")).to_have_count(0)


async def some_are_recorded(people: People, before: int) -> None:
    for _ in range(PATIENCE_MS // 100):
        if len(people.town.visits()) > before:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("nothing is recorded")


async def test_a_long_table_shows_its_progress_is_stopped_and_goes_on(people: People) -> None:
    before = len(people.town.visits())
    page = await people.opens("/paper", MUSEUM)
    await sends(page, table(people))
    await sees(page, "Käynnit paperilta")
    frame = page.frame_locator("iframe")
    await expect(frame.get_by_role("progressbar")).to_be_visible()
    await is_shown_the_result(page)
    await expect(page.get_by_text(f"{LINES - 1:,}".replace(",", "\xa0")).first).to_be_visible()
    await expect(page.get_by_role("link", name="Lataa ne taulukkona (CSV)")).to_be_visible()
    assert len(people.town.visits()) == before

    await page.get_by_role("button", name="Kirjaa 5").click()
    stop = button(page, "Pysäytä")
    await stop.focus()
    drawn = await page.evaluate("performance.timeOrigin")
    await some_are_recorded(people, before)
    await page.wait_for_timeout(2_500)  # the frame draws itself anew, the page stays as it is
    assert await has_focus(stop)
    assert await page.evaluate("performance.timeOrigin") == drawn
    await page.keyboard.press("Enter")
    await is_told(page, "Työ on pysäytetty.")
    recorded = len(people.town.visits()) - before
    assert 0 < recorded < LINES - 1

    await chooses(page, "Taustatyöt")
    await page.get_by_role("link", name="Paperilta kirjattavien käyntien kirjaus").first.click()
    await button(page, "Jatka").click()
    await is_shown_the_result(page)
    await is_told(page, "riviä on kirjattu")
    assert len(people.town.visits()) - before == LINES - 1


async def test_a_table_that_is_too_long_is_refused_beside_its_field(people: People) -> None:
    page = await people.opens("/paper", MUSEUM)
    await sends(page, b"p\xc3\xa4iv\xc3\xa4;kortti\n" + b"20.11.2026;AAA-AAA-AAA\n" * 200_000)
    field = page.get_by_label("Tiedosto (CSV)")
    await expect(field).to_have_accessible_description(
        re.compile(r"^Lähetä enintään 50\s000 riviä")
    )
    await expect(page.get_by_role("alert")).to_be_visible()


async def test_sheets_of_many_cards_are_one_file_that_is_downloaded_once(
    people: People, tmp_path: Path
) -> None:
    page = await people.opens("/cards/new", DISTRIBUTOR)
    for _ in range(2):
        await grants(page)
        await page.goto("/console/cards/new")
    await chooses(page, "Monta arkkia")
    await page.get_by_role("combobox", name="Mitkä kortit").select_option(label="Tänään myönnetyt")
    await button(page, "Näytä").click()
    await page.get_by_role("checkbox").first.check()
    await button(page, "Tulosta valitut").click()
    await is_shown_the_result(page)

    async with page.expect_download() as download:
        await button(page, "Lataa arkit (PDF)").click()
    path = tmp_path / "arkit.pdf"
    await (await download.value).save_as(path)
    assert len(PdfReader(BytesIO(path.read_bytes())).pages) == 1

    await page.reload()
    await expect(page.get_by_text("Tiedosto on ladattu ja poistettu täältä.")).to_be_visible()
