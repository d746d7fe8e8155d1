"""Every sentence around the public pages exists in every language, and none too many."""

import re
from pathlib import Path

import pytest

import server
from server.texts import Language
from tests.mobile_app.msgids import msgids_in
from tests.server.console.msgids import INFO_TEMPLATES, msgids_of_templates
from tests.server.console.test_words import messages, placeholders

CODE = Path(server.__file__).parent / "info"
USED = {
    *(one for one, _ in msgids_of_templates(INFO_TEMPLATES)),
    *(one for path in sorted(CODE.rglob("*.py")) for one, _ in msgids_in(path)),
}
LANGUAGES = list(Language)
WORDS_MOST = 12


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_in_the_catalogue_and_no_other(language) -> None:
    assert set(messages(language, "info")) == USED
    assert len(USED) > 40


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_no_other_catalogue_of_the_server_has_the_same_sentence(language) -> None:
    others = {*messages(language, "console"), *messages(language, "sheet")}
    assert set(messages(language, "info")) & others == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_the_same_and_nothing_is_empty(language) -> None:
    for msgid, (_, words) in messages(language, "info").items():
        assert words, msgid
        if language is not Language.PLAIN or "{handle}" in msgid or "{minutes}" in msgid:
            assert placeholders(str(words)) == placeholders(msgid), msgid
        assert placeholders(str(words)) <= placeholders(msgid), msgid


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_the_english_words_are_the_msgids(language) -> None:
    same = {one for one, (_, words) in messages(language, "info").items() if one == words}
    assert same == (USED if language is Language.ENGLISH else set())


def test_the_plain_sentences_are_short() -> None:
    for _, words in messages(Language.PLAIN, "info").values():
        for sentence in re.split(r"(?<=[.?!:])\s", str(words)):
            assert len(sentence.split()) <= WORDS_MOST, sentence
