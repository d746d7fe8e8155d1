"""Every sentence of the app exists in every language, and no catalogue has one too many."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from mobile_app.ui.texts import DOMAINS, Language
from tests.mobile_app.msgids import msgids_of_app

LOCALES = Path(__file__).parents[2] / "assets" / "locale"
USED = {one: (one if many is None else (one, many)) for one, many in msgids_of_app()}


def catalogue(language: Language, domain: str) -> Catalog:
    path = LOCALES / language / "LC_MESSAGES" / f"{domain}.po"
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def messages(language: Language) -> dict[str, tuple[object, object]]:
    """Every msgid of both domains with its words."""
    return {
        message.id if isinstance(message.id, str) else message.id[0]: (message.id, message.string)
        for domain in DOMAINS
        for message in catalogue(language, domain)
        if message.id
    }


@pytest.mark.parametrize("language", list(Language))
def test_every_sentence_of_the_code_is_in_the_catalogue(language: Language) -> None:
    assert sorted(set(USED) - set(messages(language))) == []


@pytest.mark.parametrize("language", list(Language))
def test_no_sentence_of_the_catalogue_is_unused(language: Language) -> None:
    assert sorted(set(messages(language)) - set(USED)) == []


@pytest.mark.parametrize("language", list(Language))
def test_no_sentence_is_empty_and_plurals_are_plurals(language: Language) -> None:
    for one, (ids, words) in messages(language).items():
        assert ids == USED.get(one, ids)
        forms = [words] if isinstance(words, str) else list(words)
        assert len(forms) == (1 if isinstance(ids, str) else 2), one
        assert all(forms), one


@pytest.mark.parametrize("language", list(Language))
def test_placeholders_are_the_same_in_every_language(language: Language) -> None:
    for one, (ids, words) in messages(language).items():
        last_id, last = (ids, words) if isinstance(ids, str) else (ids[-1], words[-1])
        assert placeholders(last) == placeholders(last_id), one


def placeholders(text: object) -> set[str]:
    return set(re.findall(r"{(\w+)}", str(text)))


@pytest.mark.parametrize("language", list(Language))
def test_no_catalogue_marks_a_guess_and_no_domain_repeats_another(language: Language) -> None:
    seen: set[str] = set()
    for domain in DOMAINS:
        for message in catalogue(language, domain):
            assert not message.id or not message.fuzzy, message.id
            one = message.id if isinstance(message.id, str) else message.id[0]
            assert not one or one not in seen, one
            seen.add(one)


@pytest.mark.parametrize("language", [Language.FINNISH, Language.SWEDISH])
def test_no_sentence_is_a_forgotten_copy_of_the_english_one(language: Language) -> None:
    same = [one for one, (_, words) in messages(language).items() if words == one]

    assert [one for one in same if len(re.findall(r"[A-Za-z]{3,}", one)) > 1] == []
