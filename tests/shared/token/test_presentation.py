import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.token import cbor
from shared.token.cose import GoodSignatures, settle
from shared.token.errors import FormCode, TokenError
from shared.token.presentation import (
    TEXT_MOST,
    Presentation,
    draft_presentation,
    read_text,
    read_token,
    read_token_bytes,
    verify_token,
    write_text,
)
from tests.shared.cards import NOW_S, issue, make_credential, print_paper, show, show_bytes
from tests.shared.keys import ISSUER, OTHER_PHONE, PAPER_PRESS, PHONE, ROGUE, verify
from tests.shared.token.test_credential import credentials


@given(credentials(), st.integers(1_600_000_000, 4_294_967_295))
def test_round_trip(credential, shown_at_s):
    raw = issue(credential)
    text = write_text(draft_presentation(raw, shown_at_s=shown_at_s).seal(bytes(64)))
    token = read_token(text)
    assert isinstance(token, Presentation)
    assert (token.credential, token.shown_at_s, token.signed.raw) == (credential, shown_at_s, raw)
    assert 389 <= len(text) <= TEXT_MOST


@pytest.mark.parametrize("place", [0, 23, 24, 255, 256, 65_535, 65_536, 2**32 - 1])
def test_no_place_makes_the_text_too_long(place):
    length = {0: 389, 23: 389, 24: 390, 255: 390, 256: 392, 65_535: 392}.get(place, 395)
    assert len(show(make_credential(place=place))) == length


def test_395_characters_and_no_more():
    raw = show_bytes(make_credential(place=2**32 - 1))
    assert len(raw) == 261
    with pytest.raises(ValueError, match="395"):
        write_text(raw + b"\x00")
    with pytest.raises(TokenError) as refused:
        read_text("K1:" + "0" * 393)
    assert refused.value.code is FormCode.LENGTH


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x" * 396, FormCode.LENGTH),
        (b"K1:00", FormCode.LENGTH),
        (None, FormCode.LENGTH),
        ("", FormCode.PREFIX),
        ("k1:00", FormCode.PREFIX),
        (" K1:00", FormCode.PREFIX),
        ("K1", FormCode.PREFIX),
        ("K1A:M9S346Q3D250", FormCode.PREFIX),
        ("\uff2b1:00", FormCode.PREFIX),
        ("K1:00\n", FormCode.BASE45),
        ("K1:0", FormCode.BASE45),
        ("K1:", FormCode.CBOR),
        ("K1:00", FormCode.FORM),
    ],
)
def test_refused_at_the_first_layer_that_is_wrong(text, code):
    with pytest.raises(TokenError) as refused:
        read_token(text)
    assert refused.value.code is code


@given(st.text(max_size=400) | st.text("K1: 09AZ", max_size=30).map("K1:".__add__))
def test_any_text_raises_only_token_error(text):
    with pytest.raises(TokenError):
        read_token(text)


@given(st.binary(max_size=300))
def test_any_bytes_raise_only_token_error(raw):
    with pytest.raises(TokenError):
        read_token_bytes(raw)


@given(st.data())
def test_changed_bytes_are_refused_or_canonical(data):
    raw = bytearray(show_bytes(make_credential()))
    for _ in range(data.draw(st.integers(1, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_token_bytes(bytes(raw))
    except TokenError:
        return
    assert cbor.encode(cbor.decode(bytes(raw))) == raw


@pytest.mark.parametrize("shown_at_s", [1_599_999_999, 4_294_967_296, True])
def test_times_out_of_range_are_not_written(shown_at_s):
    with pytest.raises(ValueError, match=r".+"):
        draft_presentation(issue(make_credential()), shown_at_s=shown_at_s)


def test_only_a_mobile_credential_is_presented():
    with pytest.raises(ValueError, match="293 expected"):
        draft_presentation(read_text(print_paper(make_credential())), shown_at_s=NOW_S)


def test_both_signatures_are_asked_about_the_issuers_first():
    token = read_token(show(make_credential()))
    asked = []
    assert settle(verify_token(token, ISSUER.point), lambda check: asked.append(check) or True)
    assert [check.point for check in asked] == [ISSUER.point, PHONE.point]


def test_nothing_more_is_asked_once_the_issuer_signature_is_bad():
    token = read_token(show(make_credential()))
    asked = []
    verified = settle(verify_token(token, ROGUE.point), lambda c: asked.append(c) or verify(c))
    assert not verified
    assert len(asked) == 1


def test_another_phones_signature_is_bad():
    token = read_token(show(make_credential(), key=OTHER_PHONE))
    assert not settle(verify_token(token, ISSUER.point), verify)


def test_a_remembered_credential_still_needs_the_phones_signature():
    remembered = GoodSignatures()
    first, again = (read_token(show(make_credential(), shown_at_s=NOW_S + s)) for s in (0, 30))
    stolen = read_token(show(make_credential(), key=OTHER_PHONE))
    assert settle(verify_token(first, ISSUER.point, remembered=remembered), verify)
    asked = []
    settle(
        verify_token(again, ISSUER.point, remembered=remembered),
        lambda check: asked.append(check) or True,
    )
    assert [check.point for check in asked] == [PHONE.point]
    assert not settle(verify_token(stolen, ISSUER.point, remembered=remembered), verify)


def test_a_bad_signature_is_not_remembered():
    remembered = GoodSignatures()
    token = read_token(show(make_credential()))
    assert not settle(verify_token(token, ROGUE.point, remembered=remembered), verify)
    assert len(remembered) == 0


def test_paper_is_remembered_too():
    remembered = GoodSignatures()
    token = read_token(print_paper(make_credential()))
    assert settle(verify_token(token, PAPER_PRESS.point, remembered=remembered), verify)
    assert settle(
        verify_token(token, PAPER_PRESS.point, remembered=remembered), lambda _check: False
    )
