import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.token.codes import (
    ALPHABET,
    RANDOM_SYMBOLS,
    CodeKind,
    Sorted,
    TextKind,
    _check_symbol,
    activation_link,
    complete_code,
    pairing_link,
    print_code,
    read_activation_code,
    read_card_code,
    read_pairing_code,
    sort_text,
)
from shared.token.errors import FormCode, TokenError

BASE = "https://kortti.example"
ACTIVATION, PAIRING, CARD = "M9S346Q3D250", "B6CQ643DZVM6", "XXQKFBF5S"


def read(text, kind, base_url=BASE):
    if kind is CodeKind.CARD:
        return read_card_code(text)
    reader = read_activation_code if kind is CodeKind.ACTIVATION else read_pairing_code
    return reader(text, base_url=base_url)


@st.composite
def codes(draw):
    kind = draw(st.sampled_from(CodeKind))
    length = RANDOM_SYMBOLS[kind]
    drawn = st.text(ALPHABET, min_size=length, max_size=length).map(complete_code)
    return kind, draw(drawn.filter(lambda code: code is not None))


def test_the_alphabet_has_32_symbols_without_those_that_look_alike():
    assert len(set(ALPHABET)) == 32
    assert not set("ILOU") & set(ALPHABET)


def test_check_symbol_of_the_standard():
    assert _check_symbol("A12425GABC1234002") == "M"
    assert complete_code("M9S346Q3D25") == ACTIVATION


@given(codes())
def test_printed_typed_and_linked_codes_are_read(drawn):
    kind, code = drawn
    printed = print_code(code)
    assert read(code, kind) == read(printed, kind) == read(printed.lower(), kind) == code
    alike = printed.replace("0", "o").replace("1", "l")
    assert read(alike, kind) == read(alike.replace("-", " ").replace("l", "i"), kind) == code
    if kind is CodeKind.ACTIVATION:
        assert read(activation_link(BASE, code), kind) == read(f"K1A:{code}", kind) == code
        assert sort_text(activation_link(BASE, code), base_url=BASE).value == code
    if kind is CodeKind.PAIRING:
        assert read(pairing_link(BASE, code), kind) == read(f"K1P:{code}", kind) == code
        assert sort_text(f"K1P:{code}", base_url=BASE) == Sorted(TextKind.PAIRING, code)


@given(codes(), st.data())
def test_one_wrong_symbol_is_found(drawn, data):
    kind, code = drawn
    at = data.draw(st.integers(0, len(code) - 1))
    symbol = data.draw(st.sampled_from(ALPHABET).filter(lambda s: s != code[at]))
    with pytest.raises(TokenError):
        read(code[:at] + symbol + code[at + 1 :], kind)


def test_exchanged_neighbours_are_found():
    # Here; of all possible codes MOD 37,36 finds most exchanges, not every one.
    for code, kind in ((ACTIVATION, CodeKind.ACTIVATION), (CARD, CodeKind.CARD)):
        for at in range(1, len(code)):
            exchanged = code[: at - 1] + code[at] + code[at - 1] + code[at + 1 :]
            if exchanged != code:
                with pytest.raises(TokenError):
                    read(exchanged, kind)


def test_a_check_symbol_that_is_misread_is_drawn_again():
    refused = [s for s in ALPHABET if complete_code("0" * 7 + s) is None]
    assert refused
    for symbol in refused:
        assert _check_symbol("0" * 7 + symbol) in "ILOU"


@pytest.mark.parametrize("symbols", ["U9S346Q3D25", "m9s346q3d25", "M9S3-46Q3"])
def test_only_the_alphabet_is_completed(symbols):
    with pytest.raises(ValueError, match="ALPHABET"):
        complete_code(symbols)


@given(st.text(max_size=40), st.sampled_from(CodeKind))
def test_any_text_raises_only_form(text, kind):
    with pytest.raises(TokenError) as refused:
        read(text, kind)
    assert refused.value.code is FormCode.FORM


@pytest.mark.parametrize(
    "text",
    [
        f"K1A:K1A:{ACTIVATION}",
        f"K1P:{ACTIVATION}",
        f" K1A:{ACTIVATION}",
        f"{ACTIVATION}\n",
        f"{ACTIVATION}\t",
        f"{ACTIVATION}" + " " * 21,
        "\u0131VT4F5V37E3N",
        f"{BASE}/app/activate#{ACTIVATION}\n",
        f"{BASE}/app/activate#K1A:{ACTIVATION}",
        f"{BASE}/app/activate/#{ACTIVATION}",
        f"{BASE}:443/app/activate#{ACTIVATION}",
        None,
        12,
    ],
)
def test_not_an_activation_code(text):
    with pytest.raises(TokenError):
        read_activation_code(text, base_url=BASE)


@pytest.mark.parametrize("base_url", [None, ""])
def test_without_a_base_url_no_link_is_read(base_url):
    with pytest.raises(TokenError):
        read_activation_code(f"/app/activate#{ACTIVATION}", base_url=base_url)
    with pytest.raises(TokenError):
        read_activation_code(activation_link(BASE, ACTIVATION), base_url=base_url)
    assert read_activation_code(f"k1a:{ACTIVATION}", base_url=base_url) == ACTIVATION


def test_32_characters_typed_are_read():
    assert read_activation_code(ACTIVATION + " " * 20, base_url=None) == ACTIVATION


NOTHING = Sorted(TextKind.NOT_A_CARD, "")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("K1:anything", Sorted(TextKind.TOKEN, "K1:anything")),
        ("K1:" + "0" * 392, Sorted(TextKind.TOKEN, "K1:" + "0" * 392)),
        ("K1:" + "0" * 393, NOTHING),
        (f"K1A:{PAIRING}", Sorted(TextKind.ACTIVATION, PAIRING)),
        (pairing_link(BASE, PAIRING), Sorted(TextKind.PAIRING, PAIRING)),
        (print_code(CARD), Sorted(TextKind.CARD_CODE, CARD)),
        (f"{CARD}0", NOTHING),
        (ACTIVATION, NOTHING),
        ("", NOTHING),
        (None, NOTHING),
        ("WIFI:S:x;;", NOTHING),
    ],
)
def test_texts_are_told_apart_by_their_beginning(text, found):
    assert sort_text(text, base_url=BASE) == found
