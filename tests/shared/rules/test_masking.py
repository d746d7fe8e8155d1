import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.rules.masking import Masked, clean, mask, spelt_out
from shared.token.codes import ALPHABET, complete_code, print_code

NAMES = {kind: f"[{kind.name}]" for kind in Masked}
TEXTS = st.text(max_size=300)
CODES = st.text(ALPHABET, min_size=8, max_size=8).map(complete_code).filter(bool)
DIGITS = st.text("0123456789", min_size=6, max_size=9)


def masked(typed: str) -> str:
    return spelt_out(mask(clean(typed)).words, NAMES)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Kirjoita kaisa.k+1@example.fi heti", "Kirjoita [EMAIL] heti"),
        ("kaisa(at)example.fi", "[EMAIL]"),
        ("kaisa @ example.fi", "[EMAIL]"),
        ("seuraa @kaisa.k", "seuraa [EMAIL]"),
        ("ks. https://example.org/x?y=1.", "ks. [LINK]."),
        ("WWW.Example.fi on hyvä", "[LINK] on hyvä"),
        ("t.me/kaisa", "[LINK]"),
        ("Sivu example.fi ei aukea", "Sivu [LINK] ei aukea"),
        ("Soita 040 123 4567!", "Soita [PHONE]!"),
        ("puh.+358 (0)40-1234567", "puh.[PHONE]"),
        ("09-12345678", "[PHONE]"),
        ("numero 123456789", "numero [PHONE]"),
        ("131052-308T on minun", "[IDENTITY_CODE] on minun"),
        ("131052-308X on minun", "[IDENTITY_CODE] on minun"),
        ("010105a999r", "[IDENTITY_CODE]"),
        ("0401234567 ja a@b.fi", "[PHONE] ja [EMAIL]"),
        ("⟦phone⟧", "[phone]"),
    ],
)
def test_ways_to_reach_or_to_know_a_person_are_taken_out(typed: str, shown: str) -> None:
    assert masked(typed) == shown


@pytest.mark.parametrize(
    "typed",
    [
        "Kävimme 28.2.2027 klo 18.00-20.30, hinta 1 250,50 €.",
        "Avoinna 09.30-10.30 ja 11-17, vuosina 2019-2023.",
        "Hieno esitys.Kiitos!",
        "Oli kivaa.me tulimme bussilla.",
        "Rivi 7, paikat 12-14, kerros 0.",
        "hän oli jos",
        "kulttuuri ja teatterit",
        "<script>alert(1)</script> & 5 > 3",
        "Ihana 👩\u200d👧 ilta ❤\ufe0f",
        "شكرا جزيلا, תודה רבה",
    ],
)
def test_what_people_tell_stays_as_it_is(typed: str) -> None:
    assert masked(typed) == typed


@given(CODES)
def test_card_codes_are_taken_out_as_printed_and_as_typed(code: str) -> None:
    assert masked(f"korttini on {print_code(code)}.") == "korttini on [CARD_CODE]."
    assert masked(f"korttini on {print_code(code).replace('-', ' ')}").count(code[-3:]) == (
        0 if any(map(str.isdigit, code)) or code.isupper() else 1
    )


@given(TEXTS, DIGITS, TEXTS)
def test_no_phone_number_gets_through_wherever_it_stands(before, digits, after) -> None:
    words = mask(clean(f"{before} 04{digits} {after}")).words
    assert not re.search(rf"(?<!\d)04{digits}(?!\d)", words)


@given(TEXTS, st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.fi", fullmatch=True), TEXTS)
def test_no_address_gets_through_wherever_it_stands(before, address, after) -> None:
    assert address not in mask(clean(f"{before} {address} {after}")).words


@given(TEXTS)
def test_to_mask_twice_is_to_mask_once(typed: str) -> None:
    cleaned = clean(typed)
    assert clean(cleaned) == cleaned
    once = mask(cleaned).words
    assert mask(once).words == once


@given(st.text(st.characters(categories=["Cc", "Cf", "L", "Zl", "Zp"]), max_size=80))
def test_nothing_unseen_turns_the_words_about(typed: str) -> None:
    kinds = {unicodedata.category(sign) for sign in clean(typed) if sign not in "\n\u200c\u200d"}
    assert not kinds & {"Cc", "Cf", "Zl", "Zp"}


def test_what_is_hidden_by_an_unseen_sign_is_taken_out_all_the_same() -> None:
    assert masked("kai\u200dsa@exa\u202emple.fi 040\u200b1234567") == "[EMAIL] [PHONE]"


def test_what_was_lost_is_told_once_for_each_kind() -> None:
    assert mask("a@bb.fi c@dd.fi 0401234567").lost == (Masked.EMAIL, Masked.PHONE)
    assert mask("kiitos").lost == ()


@pytest.mark.parametrize("piece", ["a", "0", "a.", "@", "1-", "www.", "AB3-", " (at)", "⟦"])
def test_a_hundred_thousand_characters_take_no_longer_than_a_moment(piece: str) -> None:
    begun = time.process_time()
    mask(clean(piece * (100_000 // len(piece))))
    assert time.process_time() - begun < 5
