import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.token import base45
from shared.token.errors import FormCode, TokenError

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"", ""),
        (b"AB", "BB8"),
        (b"Hello!!", "%69 VD92EX0"),
        (b"base-45", "UJCLQE7W581"),
        (b"ietf!", "QED8WEX0"),
        (b"\xff\xff", "FGW"),
        (b"\xff", "U5"),
    ],
)
def test_examples_of_the_rfc_and_edges(raw, text):
    assert base45.encode(raw) == text
    assert base45.decode(text) == raw


@given(st.binary(max_size=300))
def test_round_trip(raw):
    assert base45.decode(base45.encode(raw)) == raw


@given(st.text(ALPHABET, max_size=12) | st.text(max_size=12))
def test_any_text_is_refused_or_the_only_spelling(text):
    try:
        raw = base45.decode(text)
    except TokenError as error:
        assert error.code is FormCode.BASE45  # noqa: PT017 - a refusal is allowed
    else:
        assert base45.encode(raw) == text


@pytest.mark.parametrize(
    "text", ["0", "0000", "GGW", ":::", "V5", "::", "bb8", "BB\uff18", "B\n8", "Ä00"]
)
def test_refused(text):
    with pytest.raises(TokenError) as refused:
        base45.decode(text)
    assert refused.value.code is FormCode.BASE45
