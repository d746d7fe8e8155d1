"""Every sentence of the sheet exists in every language, and no catalogue has one too many."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from server.texts import Language
from tests.mobile_app.msgids import msgids_in

ROOT = Path(__file__).parents[3]
SHEET = ROOT / "server" / "sheet"
LOCALES = ROOT / "assets" / "locale"
USED = {
    one: (one if many is None else (one, many))
    for path in sorted(SHEET.rglob("*.py"))
    for one, many in msgids_in(path)
}
WORDS_MOST = 12


def messages(language: Language) -> dict[str, tuple[object, object]]:
    with (LOCALES / language / "LC_MESSAGES" / "sheet.po").open("rb") as file:
        catalogue: Catalog = read_po(file, abort_invalid=True)
    assert not [message.id for message in catalogue if message.id and message.fuzzy]
    return {
        message.id if isinstance(message.id, str) else message.id[0]: (message.id, message.string)
        for message in catalogue
        if message.id
    }


def forms(words: object) -> list[str]:
    return [words] if isinstance(words, str) else list(words)


@pytest.mark.parametrize("language", list(Language))
def test_every_sentence_of_the_sheet_is_in_the_catalogue_and_no_other(language: Language) -> None:
    assert {one: ids for one, (ids, _) in messages(language).items()} == USED


@pytest.mark.parametrize("language", list(Language))
def test_no_sentence_is_empty_and_plurals_are_plurals(language: Language) -> None:
    for one, (ids, words) in messages(language).items():
        assert len(forms(words)) == (1 if isinstance(ids, str) else 2), one
        assert all(forms(words)), one


@pytest.mark.parametrize("language", list(Language))
def test_placeholders_are_the_same_in_every_language(language: Language) -> None:
    for one, (ids, words) in messages(language).items():
        assert placeholders(forms(words)[-1]) == placeholders(forms(ids)[-1]), one


@pytest.mark.parametrize("language", [Language.FINNISH, Language.SWEDISH, Language.PLAIN])
def test_no_sentence_is_a_forgotten_copy_of_the_english_one(language: Language) -> None:
    same = [one for one, (_, words) in messages(language).items() if forms(words)[0] == one]

    assert same in ([], ["Kaikukortti"])


def test_the_plain_sentences_are_short() -> None:
    for _, words in messages(Language.PLAIN).values():
        for form in forms(words):
            for sentence in re.split(r"(?<=[.?!:])\s", form):
                assert len(sentence.split()) <= WORDS_MOST, sentence


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))
