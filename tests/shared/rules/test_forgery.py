"""Nothing that differs from a genuine token by a little is ever green."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.rules.admission import Colour, Reason
from shared.token.presentation import read_text, write_text
from tests.shared.cards import judge, make_credential, print_paper, show

TOKENS = {"mobile": show(make_credential()), "paper": print_paper(make_credential())}
SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
each_token = pytest.mark.parametrize("text", TOKENS.values(), ids=TOKENS.keys())


def is_refused(text):
    verdict = judge(text).verdict
    return verdict.colour is Colour.RED and set(verdict.reasons) <= {
        Reason.NOT_A_CARD,
        Reason.UNKNOWN_KEY,
        Reason.FORGED,
    }


@each_token
def test_the_tokens_themselves_are_green(text):
    assert judge(text).verdict.colour is Colour.GREEN


@each_token
def test_every_single_flipped_bit_is_refused(text):
    raw = read_text(text)
    for bit in range(8 * len(raw)):
        flipped = bytearray(raw)
        flipped[bit >> 3] ^= 1 << (bit & 7)
        assert is_refused(write_text(bytes(flipped))), f"bit {bit}"


@each_token
def test_one_other_character_at_every_place_is_refused(text):
    for at, symbol in enumerate(text):
        other = SYMBOLS[(SYMBOLS.index(symbol) + 1 + at) % 45]
        if other == symbol:
            other = "0" if symbol != "0" else "1"
        assert is_refused(text[:at] + other + text[at + 1 :]), f"character {at}"


@each_token
@given(data=st.data())
def test_any_one_character_changed_is_refused(text, data):
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw((st.sampled_from(SYMBOLS) | st.characters()).filter(lambda c: c != text[at]))
    assert is_refused(text[:at] + other + text[at + 1 :])


@each_token
@given(data=st.data())
def test_a_character_more_or_less_is_refused(text, data):
    at = data.draw(st.integers(0, len(text)))
    more = data.draw(st.sampled_from(SYMBOLS))
    longer, shorter = text[:at] + more + text[at:], text[:at] + text[at + 1 :]
    for changed in {longer, shorter} - {text}:
        assert is_refused(changed)


@given(st.text(max_size=60))
def test_any_text_is_judged_and_never_green(text):
    assert judge(text).verdict.reasons == (Reason.NOT_A_CARD,)
