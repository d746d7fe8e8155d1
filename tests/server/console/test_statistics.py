"""Statistics that everybody may read: pages, and the files that say the same."""

import csv
import io
import re
from collections.abc import Mapping
from uuid import UUID

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import or_, select, update

from server.area.models import Area
from server.ids import new_id
from server.report.models import PublishedFigure
from server.report.rollup.cells import area_scope, county_scope, venue_scope
from server.texts import Language, Texts
from server.venue.models import Venue
from tests.factories import NOON
from tests.server.console.conftest import words
from tests.server.report.published import Key, publish

pytestmark = pytest.mark.usefixtures("figures")

TAMPERE = "/statistics/2026/837"
FORMULA = '=HYPERLINK("https://elsewhere.example")'
FILES = ("table.csv", "table.xlsx")


@pytest.fixture
def area(network) -> Area:
    with network.sessions() as db:
        return db.scalars(select(Area).where(Area.municipality_code == "837")).one()


@pytest.fixture
def hidden(area) -> Key:
    return "uses", area_scope(area.id), "cat:culture"


@pytest.fixture
def figures(network, hidden) -> Mapping[Key, int | None]:
    """2026 beside 2025, of which there is less; one figure of 2026 is hidden."""
    with network.sessions.begin() as db:
        db.scalars(select(Venue).where(Venue.name == "Teatteri 1")).one().name = FORMULA
        publish(db, "2025", percent=50, only=("uses", "cards", "used", "unused"))
        return publish(db, "2026", hidden=frozenset({hidden}))


def row_of(answer, name: str) -> list[str]:
    """The cells of a row, as a person reads them."""
    rows = re.findall(r"<tr.*?</tr>", answer.text, re.DOTALL)
    row = next(one for one in rows if f">{name}<" in one)
    cells = re.findall(r"<td.*?</td>", row, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", one).strip() for one in cells]


@pytest.mark.usefixtures("busy")
def test_everybody_reads_the_national_table(network) -> None:
    told = network.browser().open("/statistics")

    assert told.status_code == 200
    row = told.text[told.text.index('<th scope="row">2026</th>') :].split("</tr>")[0]
    numbers = [cell.split("<")[0] for cell in row.replace("<strong>", "").split('"number">')[1:]]
    assert numbers == ["12", "12", "12", "0", "0", "0", "2", "0", "0", "0", "14", "1"]


def test_without_figures_the_page_says_so(network) -> None:
    assert "Lukuja ei vielä ole" in network.browser().open("/statistics").text


def test_a_year_leads_to_each_of_its_places(network, figures, area) -> None:
    told = network.browser().open("/statistics/2026")

    county, own = figures["uses", "county:08", "all"], figures["uses", area_scope(area.id), "all"]
    assert row_of(told, "Pirkanmaan hyvinvointialue")[0] == told_as(county)
    assert row_of(told, area.name)[:2] == [told_as(own), ".."]
    for code in ("837", "604", "county-08"):
        assert f'href="/console/statistics/2026/{code}"' in told.text


def test_a_year_tells_which_countys_cards_were_used_where(network, figures) -> None:
    told = network.browser().open("/statistics/2026")

    table = told.text.split('id="exchange"')[1].split("</table>")[0]
    assert re.findall(r'class="number">([^<]+)</th>', table) == [
        "Kanta-Hämeen", "Pirkanmaan", "Poistettujen haltijoiden"
    ]  # fmt: skip
    homes = [figures["uses", "county:08", f"home:{home}"] for home in ("07", "08", "untold")]
    row = table.split("Pirkanmaan hyvinvointialue</th>")[1].split("</tr>")[0]
    assert re.findall(r'class="number">([^<]+)</td>', row) == [told_as(n) for n in homes]


def test_a_figure_stands_beside_the_year_before_the_county_and_the_country(
    network, figures, area
) -> None:
    told = network.browser().open(TAMPERE)

    cards = [figures["cards", scope, "all"] for scope in (area_scope(area.id), "county:08", "fi")]
    assert row_of(told, "Myönnetyt kortit") == [
        told_as(cards[0]), "206", "+100\xa0%", told_as(cards[1]), told_as(cards[2])
    ]  # fmt: skip
    assert row_of(told, "Käytettyjen korttien osuus")[:3] == ["61\xa0%", "61\xa0%", "0 %-yks."]


def test_what_an_older_publication_has_not_is_not_on_its_page(network) -> None:
    browser = network.browser()
    now, then = (browser.open(f"/statistics/{year}/837") for year in ("2026", "2025"))

    for title in (
        "Tähdet (keskiarvo)",
        "Käyneitä kortinhaltijoita, kortti täältä",
        "Fiilis lopuksi (keskiarvo)",
    ):
        assert title in now.text
        assert title not in then.text
    assert "Käyttökerrat aloittain" in then.text
    assert ">2024<" not in then.text


def test_every_figure_has_a_note_of_what_it_means_and_does_not(network) -> None:
    told = words(network.browser().open(TAMPERE))

    assert "Käyttökerta on kortinhaltijan käynti" in told
    assert "Se ei kerro, montako ihmistä kävi" in told
    assert told.count("Mitä tämä luku tarkoittaa?") == 4
    assert told.count("Mitä nämä luvut tarkoittavat?") == 4


def test_means_are_written_with_a_tenth(network) -> None:
    assert row_of(network.browser().open(TAMPERE), "Tähdet (keskiarvo)")[0] == "4,3"


def test_a_county_tells_of_its_months_and_of_how_often_holders_came(network, figures) -> None:
    told = network.browser().open("/statistics/2026/county-08")

    march = figures["uses", "county:08", "2026-03"]
    half = told_as(figures["uses", "county:08", "2026-03"] // 2)
    assert row_of(told, "Maaliskuu")[:2] == [told_as(march), half]
    assert row_of(told, "Kerran")[0] == told_as(figures["holders", "county:08", "often:1"])


def test_a_county_leads_to_its_municipalities(network, figures, area) -> None:
    told = network.browser().open("/statistics/2026/county-08")

    uses = figures["uses", area_scope(area.id), "all"]
    assert row_of(told, area.name)[:2] == [told_as(uses), ".."]
    assert 'href="/console/statistics/2026/604"' in told.text


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("49", "Tarkoititko 049 Espoo"),
        ("Esbo", "Tarkoititko 049 Espoo"),
        ("county-8", "Tarkoititko county-08 Pirkanmaan hyvinvointialue"),
        ("049", "049 Espoo ei ole mukana verkostossa"),
        ("county-06", "ei ole mukana verkostossa"),
        ("911", "liittynyt toiseen kuntaan: 541 Nurmes, 2020"),
        ("000", "ei ole tätä tunnusta"),
        ("county-77", "ei ole tätä tunnusta"),
        ("'; --", "ei ole tätä tunnusta"),
    ],
)
def test_what_is_no_place_here_is_said_with_a_way_on(network, place, said) -> None:
    told = network.browser().open(f"/statistics/2026/{place}")

    assert told.status_code == 404
    assert said in words(told)
    assert 'href="/console/statistics/2026"' in told.text
    for file in (*FILES, "report.pdf"):
        assert network.browser().open(f"/statistics/2026/{place}/{file}").status_code == 404


def test_a_code_without_its_zero_leads_to_the_right_one(network) -> None:
    told = network.browser().open("/statistics/2026/49")

    assert 'href="/console/statistics/2026/049"' in told.text


def test_a_municipality_that_merged_away_in_the_network_keeps_its_figures(network, area) -> None:
    with network.sessions.begin() as db:
        gone = db.get_one(Area, area.id)
        gone.municipality_code, gone.name, gone.county_code = "911", "Valtimo", None
        publish(db, "2027")
    told = network.browser().open("/statistics/2027/911")

    assert told.status_code == 200
    assert "Valtimo" in words(told)
    assert "hyvinvointialue" not in told.text.split("<table")[1]


def test_a_place_that_came_later_has_no_figures_of_an_earlier_year(network) -> None:
    with network.sessions.begin() as db:
        db.add(Area(id=new_id(NOON), municipality_code="211", name="Kangasala"))
    told = network.browser().open("/statistics/2026/211")

    assert told.status_code == 404
    assert "ei ole lukuja tältä vuodelta: Kangasala" in words(told)


@pytest.mark.parametrize("path", ["", "/837", *(f"/{f}" for f in FILES), "/837/report.pdf"])
def test_a_year_that_was_not_published_is_not_there(network, path) -> None:
    answer = network.browser().open(f"/statistics/2024{path}")

    assert answer.status_code == 404
    assert "ei ole julkaistu" in answer.text


@pytest.mark.parametrize("year", ["49", "20255", "abcd", "2025'--", "٢٠٢٥"])
def test_what_is_no_year_is_no_page(network, year) -> None:
    assert network.browser().open(f"/statistics/{year}").status_code == 404


def test_the_table_of_a_year_says_what_its_page_says(network, figures, area) -> None:
    told = network.browser().open("/statistics/2026/table.csv")

    rows = {row[0]: row for row in csv_of(told)}
    uses = figures["uses", area_scope(area.id), "all"]
    assert rows["Tampere"][:3] == ["Tampere", str(uses), ".."]
    assert rows["Koko maa"][1] == str(figures["uses", "fi", "all"])
    assert rows["Tampere"][-1] == "837"


def test_the_table_of_a_place_says_what_its_page_says(network) -> None:
    head, *rows = csv_of(network.browser().open(f"{TAMPERE}/table.csv"))

    assert head[3:] == ["2026", "2025", "Pirkanmaan hyvinvointialue", "Koko maa"]
    by_name = {(row[0], row[1]): row[3:] for row in rows}
    assert by_name["Käyttökerrat aloittain", "Kulttuuri"][0] == ".."
    assert by_name["Kävijöiden palaute", "Tähdet (keskiarvo)"] == ["4,3", "", "4,3", "4,3"]
    assert by_name["Tärkeimmät luvut", "Myönnetyt kortit"][:2] == ["412", "206"]


def test_a_name_that_looks_like_a_formula_stays_text_in_every_file(network) -> None:
    browser = network.browser()
    rows = csv_of(browser.open(f"{TAMPERE}/table.csv"))
    book = book_of(browser.open(f"{TAMPERE}/table.xlsx"))

    assert f"'{FORMULA}" in [row[1] for row in rows]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if cell.value == FORMULA] == ["s", "s"]
    assert {cell.data_type for cell in cells} <= {"s", "n"}


@pytest.mark.parametrize("path", ["/statistics/2026", TAMPERE])
def test_a_workbook_has_every_figure_in_rows_and_what_each_means(
    network, figures, hidden, path
) -> None:
    book = book_of(network.browser().open(f"{path}/table.xlsx"))

    assert book.sheetnames == ["Luvut", "Rivit", "Selitteet"]
    with network.sessions() as db:
        areas = {area.municipality_code: area_scope(area.id) for area in db.scalars(select(Area))}
    head, *rows = book["Rivit"].iter_rows(values_only=True)
    assert head[0] == "Vuosi"
    read = {(kind, scope_of(code, areas), part): n for _, code, _, kind, part, *_, n in rows}
    wanted = {key: n for key, n in figures.items() if path == "/statistics/2026" or key in read}
    assert len(read) == len(rows)
    assert read == {key: written(key, n) for key, n in wanted.items()}
    assert read[hidden] == ".."
    notes = [row[0] for row in book["Selitteet"].iter_rows(values_only=True)]
    assert {"Tilanne", "Menetelmä", "Lisenssi", "Käyttökerrat", "Tähdet (keskiarvo)"} <= {*notes}


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_report_of_a_place_is_on_two_or_three_pages_in_its_language(network, language) -> None:
    browser = network.browser()
    browser.headers["accept-language"] = language
    answer = browser.open(f"{TAMPERE}/report.pdf")
    pdf = PdfReader(io.BytesIO(answer.content))
    t = Texts(Language(language))

    text = "\n".join(page.extract_text() for page in pdf.pages)
    assert 2 <= len(pdf.pages) <= 3
    assert pdf.root_object["/Lang"] == language
    assert pdf.metadata is not None
    assert pdf.metadata.title == t(
        "Kaikukortti: {place}, the year {year}",
        place="Tammerfors" if language == "sv" else "Tampere", year="2026",
    )  # fmt: skip
    for said in ("Cards granted", "Stars (mean)", "How the figures are made"):
        assert t(said) in text
    assert "CC BY 4.0" in text
    assert "412" in text
    assert "+100" in text
    assert t.tenths(43) in text


def test_the_report_carries_its_letters_and_hides_what_is_hidden(network) -> None:
    pdf = PdfReader(io.BytesIO(network.browser().open(f"{TAMPERE}/report.pdf").content))

    fonts = [
        font.get_object()
        for page in pdf.pages
        for font in page["/Resources"]["/Font"].get_object().values()  # type: ignore[index]
    ]
    assert fonts
    assert all("/FontFile2" in font["/FontDescriptor"].get_object() for font in fonts)
    text = pdf.pages[0].extract_text().split("Käyttökerrat aloittain")[1]
    assert re.search(r"Kulttuuri\s+\.\.\s+305", text)


def test_the_report_draws_nothing_of_what_it_cannot_tell(network) -> None:
    with network.sessions.begin() as db:
        stars = [PublishedFigure.kind == kind for kind in ("ratings", "stars")]
        db.execute(update(PublishedFigure).where(or_(*stars)).values(value=None))
    pdf = PdfReader(io.BytesIO(network.browser().open("/statistics/2026/fi/report.pdf").content))

    text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    silent = "Kävijöiden palaute · Käynnit tähtien mukaan. Tästä ei voi kertoa mitään"
    assert silent in text
    assert text.count("Käynnit tähtien mukaan") == text.count(silent) == 1
    assert "Tähdet (keskiarvo)" not in text


def told_as(n: int | None) -> str:
    assert n is not None
    return Texts().number(n)


def csv_of(answer) -> list[list[str]]:
    assert answer.headers["content-disposition"].startswith("attachment")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def book_of(answer):
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(answer.content))


def scope_of(code: str, areas: Mapping[str, str]) -> str:
    if code.startswith("venue-"):
        return venue_scope(UUID(code.removeprefix("venue-")))
    return areas.get(code) or (county_scope(code[7:]) if code.startswith("county-") else code)


def written(key: Key, n: int | None) -> object:
    if n is None:
        return ".."
    return n / 10 if key[0] in {"before", "after", "stars"} else n
