"""The public pages: for everybody, in four languages, with the controller's name."""

import re

import pytest

from server.app import create_app
from server.info.layout import PageName
from server.texts import Language
from tests.server.console.conftest import Browser, words

TITLES = {
    Language.FINNISH: "Saavutettavuusseloste",
    Language.SWEDISH: "Tillgänglighetsutlåtande",
    Language.ENGLISH: "Accessibility statement",
    Language.PLAIN: "Saavutettavuusseloste selkosuomeksi",
}


def title_of(answer) -> str:
    """The heading, without the places where a narrow screen may break it."""
    return re.search("<h1>(.*?)</h1>", answer.text)[1].replace("\N{SOFT HYPHEN}", "")


@pytest.mark.parametrize("name", PageName)
@pytest.mark.parametrize("language", list(Language))
def test_everybody_reads_every_page_in_every_language(reader, name, language) -> None:
    answer = reader.open(f"/info/{name}?language={language}")
    assert answer.status_code == 200
    assert f'<html lang="{language.tag}"' in answer.text
    assert "<h2></h2>" not in answer.text
    assert answer.text.count("<h1>") == 1
    assert len(re.findall("<h2", answer.text)) >= 7


@pytest.mark.parametrize("language", list(Language))
def test_the_address_or_the_reader_chooses_the_language(reader, language) -> None:
    path = f"/info/accessibility?language={language}"
    assert title_of(reader.open(path)) == TITLES[language]
    if language is not Language.PLAIN:
        reader.cookies.set("kaiku_language", language, path="/console")
        assert title_of(reader.open("/info/accessibility")) == TITLES[language]
        assert title_of(reader.open("/info/accessibility?language=xx")) == TITLES[language]


def test_plain_and_standard_finnish_lead_to_each_other(reader) -> None:
    assert 'href="/console/info/terms?language=selko"' in reader.open("/info/terms").text
    plain = reader.open("/info/terms?language=selko")
    assert 'href="/console/info/terms?language=fi"' in plain.text


def test_there_is_no_other_page(reader) -> None:
    for path in ("/info/other", "/info/", "/info/..%2Fmodels", "/info/accessibility.md"):
        assert reader.open(path).status_code == 404, path


def test_the_authority_is_one_link_away(reader) -> None:
    text = reader.open("/info/accessibility").text
    assert '<a href="https://www.saavutettavuusvaatimukset.fi/" rel="noreferrer">' in text
    assert '<a href="mailto:saavutettavuus@traficom.fi" rel="noreferrer">' in text


def test_the_controller_is_told_as_text_or_said_to_be_missing(
    reader, engine, settings, ring, clock
) -> None:
    assert "ei vielä kerrottu" in words(reader.open("/info/privacy"))
    told = settings.model_copy(update={"controller": " Yhdistys\n<b>ry</b> "})
    other = Browser(create_app(engine, told, ring=ring, clock=clock))
    assert "Rekisterinpitäjä: Yhdistys &lt;b&gt;ry&lt;/b&gt;" in other.open("/info/privacy").text


def test_whoever_is_signed_in_keeps_the_menu(reader, coordinator) -> None:
    assert 'href="/console/locations"' in coordinator.open("/info/privacy").text
    assert 'href="/console/locations"' not in reader.open("/info/privacy").text
