"""The files of the public pages have few forms, and nothing in them is HTML."""

import re
from itertools import product

import pytest

from server.info.layout import Block, MalformedPage, PageName, Section, parse_page, read_page
from server.texts import Language

WORDS_MOST = 12
LANGUAGES = list(Language)
PAGES = list(product(LANGUAGES, PageName))
WHO = "Yhdistys ry, posti@esimerkki.example"


def texts(sections) -> list[str]:
    blocks = [block for section in sections for block in section.blocks]
    said = [words for block in blocks for words in (block.words, *block.items) if words]
    return [section.heading for section in sections] + said


def test_each_form_is_read() -> None:
    source = (
        "# Title\nOne.\n\n## Part\n- a\n- b\nTwo {controller}.\n=> https://x.example The x\n- c\n"
    )
    assert parse_page(source, controller="me") == (
        Section("Title", (Block(words="One."),)),
        Section(
            "Part",
            (
                Block(items=("a", "b")),
                Block(words="Two me."),
                Block(words="The x", address="https://x.example"),
                Block(items=("c",)),
            ),
        ),
    )


@pytest.mark.parametrize(
    "source",
    [
        "",
        "Words before the title",
        "## Part",
        "# T\n=> javascript:alert(1) x",
        "# T\n=> http://x.example x",
        "# T\n=> https://x.example",
    ],
)
def test_what_is_of_another_form_is_refused(source) -> None:
    with pytest.raises(MalformedPage):
        parse_page(source, controller="")


def test_the_controller_makes_no_heading_and_no_link() -> None:
    [title] = parse_page("# T\n{controller}", controller="## x")
    assert title.blocks == (Block(words="## x"),)


@pytest.mark.parametrize("name", PageName)
def test_a_page_has_the_same_sections_in_every_language(name) -> None:
    pages = [read_page(language, name, controller=WHO) for language in LANGUAGES]
    assert len({len(page) for page in pages}) == 1
    assert len(pages[0]) >= 8
    links = [[[b.address.count("://") for b in s.blocks if b.address] for s in p] for p in pages]
    assert all(one == links[0] for one in links)


@pytest.mark.parametrize("name", PageName)
def test_the_long_languages_say_the_same_points(name) -> None:
    long = [one for one in LANGUAGES if one is not Language.PLAIN]
    pages = [read_page(language, name, controller=WHO) for language in long]
    points = [[[len(b.items) for b in s.blocks] for s in page] for page in pages]
    assert all(one == points[0] for one in points)


@pytest.mark.parametrize(("language", "name"), PAGES)
def test_no_section_is_empty_and_the_controller_is_told(language, name) -> None:
    sections = read_page(language, name, controller=WHO)
    assert all(section.heading and section.blocks for section in sections)
    said = texts(sections)
    assert all(said)
    assert sum(WHO in one for one in said) == 1
    assert not any(re.search(r"[{}<>]|\*\*|^#", one) for one in said)


@pytest.mark.parametrize("name", PageName)
def test_plain_sentences_are_short(name) -> None:
    for words in texts(read_page(Language.PLAIN, name, controller="X")):
        for sentence in re.split(r"(?<=[.?!:])\s", words):
            assert len(sentence.split()) <= WORDS_MOST, sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_law_asks_for_is_on_the_page_about_accessibility(language) -> None:
    said = " ".join(texts(read_page(language, PageName.ACCESSIBILITY, controller=WHO)))
    assert "14" in said
    assert "Traficom" in said
    assert re.search(r"osittain|delvis|partially", said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mark_is_its_owners(language) -> None:
    assert "Kaikukortti®" in " ".join(texts(read_page(language, PageName.TERMS, controller=WHO)))
