"""Every sentence of the app exists in every language, and no catalogue has one too many."""

import json
import re
import runpy
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
        assert len(forms(words)) == (1 if isinstance(ids, str) else 2), one
        assert all(forms(words)), one


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


NOT_ENGLISH = [one for one in Language if one is not Language.ENGLISH]
WORDS_MOST = 12
NOT_PLAIN = re.compile(
    r"\b(mikäli|kyseinen|kyseessä|tulee (olla|tehdä)|validoi\w*|todenta\w*|suoritta\w*|toteut\w*"
    r"|edellyt\w*|toimenpi\w*|päivämäär\w*|koskien|johtuen|taholta|jotta|ellei|eikä|eivätkä"
    r"|jonka|johon|joita)\b|\b(ko|ks|mm|esim|ym|yms)\.",
    re.IGNORECASE,
)
"""Words of offices, abbreviations, and those that tie a long clause to another."""

CLAUSE = re.compile(
    r"(?:^|, )(?:ja )?(?:jos|josta|joka|jolla|kun|kunnes|koska|että|mikä|missä|milloin|niin)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("language", NOT_ENGLISH)
def test_no_sentence_is_a_forgotten_copy_of_the_english_one(language: Language) -> None:
    same = [one for one, (_, words) in messages(language).items() if words == one]

    assert [one for one in same if len(re.findall(r"[A-Za-z]{3,}", one)) > 1] == []


def test_plain_sentences_are_short() -> None:
    long = [one for one in plain_sentences() if len(one.split()) > WORDS_MOST]

    assert long == []


def test_plain_sentences_have_one_clause_beside_the_main_one_at_most() -> None:
    assert [one for one in plain_sentences() if len(CLAUSE.findall(one)) > 1] == []


def test_plain_sentences_have_plain_words() -> None:
    assert [one for one in plain_sentences() if NOT_PLAIN.search(one)] == []


def test_what_is_long_in_finnish_is_said_otherwise_in_plain_finnish() -> None:
    plain = messages(Language.PLAIN_FINNISH)
    same = [
        one
        for one, (_, words) in messages(Language.FINNISH).items()
        if longest(words) > WORDS_MOST and words == plain[one][1]
    ]

    assert same == []


def test_the_page_before_the_app_speaks_every_language_of_the_app(tmp_path: Path) -> None:
    build = runpy.run_path(str(LOCALES.parent / "pwa" / "build" / "words.py"))
    build["write_words"](LOCALES, tmp_path / "words.json")

    words = json.loads((tmp_path / "words.json").read_text())

    assert {name: said["lang"] for name, said in words.items()} == {
        one: one.tag for one in Language
    }
    assert all(said.keys() == {"lang", *build["SENTENCES"]} for said in words.values())


def plain_sentences() -> list[str]:
    domains = (*DOMAINS, "page")
    spoken = [
        one for domain in domains for one in catalogue(Language.PLAIN_FINNISH, domain) if one.id
    ]
    return [
        sentence for one in spoken for form in forms(one.string) for sentence in sentences(form)
    ]


def longest(words: object) -> int:
    return max(len(sentence.split()) for form in forms(words) for sentence in sentences(form))


def sentences(words: str) -> list[str]:
    """A colon goes on: what stands behind it belongs to the sentence."""
    return re.split(r"(?<=[.?!…])\s+(?=[A-ZÅÄÖ{])", words)


def forms(words: object) -> list[str]:
    return [words] if isinstance(words, str) else list(words)
