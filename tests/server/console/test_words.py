"""Every sentence of the console exists in every language, and no catalogue has one too many."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from server.console.pages import LANGUAGES
from server.texts import DOMAINS
from tests.server.console.msgids import msgids_of_console

LOCALES = Path(__file__).parents[3] / "assets" / "locale"
USED = {one: (one if many is None else (one, many)) for one, many in msgids_of_console()}
SAME_AS_IN_ENGLISH = {"Man", "Period", "April", "September", "November", "December"}


def messages(language: str, domain: str = "console") -> dict[str, tuple[object, object]]:
    with (LOCALES / language / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
        catalogue: Catalog = read_po(file, abort_invalid=True)
    assert not [message.id for message in catalogue if message.id and message.fuzzy]
    return {
        forms(message.id)[0]: (message.id, message.string) for message in catalogue if message.id
    }


def forms(words: object) -> list[str]:
    return [words] if isinstance(words, str) else list(words)


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_console_is_in_the_catalogue(language: str) -> None:
    assert sorted(set(USED) - set(messages(language))) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_of_the_catalogue_is_unused(language: str) -> None:
    assert sorted(set(messages(language)) - set(USED)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_empty_and_plurals_are_plurals(language: str) -> None:
    for one, (ids, words) in messages(language).items():
        assert ids == USED.get(one, ids)
        assert len(forms(words)) == len(forms(ids)), one
        assert all(forms(words)), one


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_the_same_in_every_language(language: str) -> None:
    for one, (ids, words) in messages(language).items():
        for form, msgid in zip(forms(words), forms(ids), strict=True):
            assert placeholders(form) == placeholders(msgid), one


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_no_sentence_is_a_forgotten_copy_of_the_english_one(language: str) -> None:
    same = {one for one, (_, words) in messages(language).items() if forms(words)[0] == one}

    assert same <= SAME_AS_IN_ENGLISH


def test_the_english_words_are_the_msgids() -> None:
    assert [one for one, (ids, words) in messages("en").items() if forms(ids) != forms(words)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_sheet_says_too_is_said_in_the_same_words(language: str) -> None:
    console, others = messages(language), [one for one in DOMAINS if one != "console"]

    for other in others:
        theirs = messages(language, other)
        assert {one: console[one] for one in console if one in theirs} == {
            one: theirs[one] for one in console if one in theirs
        }


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_the_button_that_staff_are_told_to_choose_is_called_so_in_the_app(language: str) -> None:
    (told,) = [words for one, (_, words) in messages(language).items() if "at a venue" in one]
    _, button = messages(language, "app")["I work at a venue"]

    assert f"”{button}”" in str(told)
