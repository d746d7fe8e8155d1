"""Somebody who answers for a municipality takes its published figures, without signing in."""

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.async_api import Page, expect
from pypdf import PdfReader

from tests.browser.console.people import People, sees
from tests.server.report.published import publish

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

UNFOLDED = "Se ei kerro, montako ihmistä kävi"


async def takes(page: Page, name: str, folder: Path) -> Path:
    """Download what a link leads to."""
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name=name).click()
    file = await waiting.value
    path = folder / file.suggested_filename
    await file.save_as(path)
    return path


async def test_somebody_reads_a_municipality_and_takes_its_files(
    people: People, tmp_path: Path
) -> None:
    with people.town.sessions.begin() as db:
        publish(db, "2022", percent=50)
        publish(db, "2023")
    page = await people.opens("/statistics")
    await page.get_by_role("link", name="Vuosi 2023").click()
    await sees(page, "Vuosi 2023")
    await page.get_by_role("link", name="Tampere", exact=True).click()
    await sees(page, "Kaikukortti: Tampere, vuosi 2023")

    await expect(page.get_by_role("row", name="Myönnetyt kortit")).to_contain_text("412")
    await expect(page.get_by_role("row", name="Myönnetyt kortit")).to_contain_text("+100")
    await expect(page.get_by_text(UNFOLDED)).to_be_hidden()
    await page.locator("summary").first.click()
    await expect(page.get_by_text(UNFOLDED)).to_be_visible()

    table = await takes(page, "Lataa taulukko (CSV)", tmp_path)
    book = await takes(page, "Lataa kaikki luvut (XLSX)", tmp_path)
    report = await takes(page, "Lataa raportti (PDF)", tmp_path)

    assert table.name == "kaikukortti-2023-837.csv"
    rows = list(csv.reader(table.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert ["Myönnetyt kortit", "korttia", "412", "206"] in [row[1:5] for row in rows]
    sheets = load_workbook(book)
    in_rows = [row[-1] for row in sheets["Rivit"].iter_rows(values_only=True) if row[3] == "cards"]
    assert in_rows == [412]
    pdf = PdfReader(report)
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Kaikukortti: Tampere, vuosi 2023"


async def test_a_code_without_its_zero_leads_on(people: People) -> None:
    with people.town.sessions.begin() as db:
        publish(db, "2021")
    page = await people.opens("/statistics/2021/county-8")
    await sees(page, "Täällä ei ole lukuja")
    await page.get_by_role("link", name="Pirkanmaan hyvinvointialue").click()
    await sees(page, "Kaikukortti: Pirkanmaan hyvinvointialue, vuosi 2021")
