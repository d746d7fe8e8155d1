from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.token import cbor
from shared.token.cose import PublicPoint
from shared.token.credential import CardClass, Credential, draft_credential, read_credential
from shared.token.errors import TokenError
from shared.token.paper import PaperCard, draft_paper
from shared.token.presentation import read_token_bytes
from tests.shared.cards import ISSUER_KID, PAPER_KID, issue, make_credential
from tests.shared.keys import PAPER_PRESS, PHONE

FIRST_S, LAST_S = 1_600_000_000, 4_294_967_295
LIFE_S = 40 * 86_400
PAPER_LIFE_S = 400 * 86_400
SUB = st.text("ABCXYZabcxyz0189-_", min_size=10, max_size=10)
POINT = st.builds(PublicPoint, x=st.binary(min_size=32, max_size=32), odd=st.booleans())
PLACES = [0, 23, 24, 255, 256, 65_535, 65_536, 2**31, 2**32 - 1]


@st.composite
def credentials(draw, *, life_s=LIFE_S, holder=POINT):
    not_before_s = draw(st.sampled_from([FIRST_S, LAST_S - 1]) | st.integers(FIRST_S, LAST_S - 1))
    most_s = min(not_before_s + life_s, LAST_S)
    return Credential(
        sub=draw(SUB),
        not_before_s=not_before_s,
        until_s=draw(st.integers(not_before_s + 1, most_s) | st.just(most_s)),
        card_class=draw(st.sampled_from(CardClass)),
        count=draw(st.integers(0, 23)),
        place=draw(st.sampled_from(PLACES) | st.integers(0, 2**32 - 1)),
        holder=draw(holder),
    )


@given(credentials(), st.binary(min_size=2, max_size=2))
def test_mobile_round_trip(credential, kid):
    raw = draft_credential(credential, kid=kid).seal(bytes(64))
    signed = read_credential(raw)
    assert (signed.credential, signed.kid, signed.raw) == (credential, kid, raw)
    assert 166 <= len(raw) <= 170
    assert isinstance(signed.credential.card_class, CardClass)


@given(credentials(life_s=PAPER_LIFE_S, holder=st.none()))
def test_paper_round_trip(credential):
    raw = draft_paper(credential, kid=PAPER_KID).seal(bytes(64))
    card = read_token_bytes(raw)
    assert isinstance(card, PaperCard)
    assert (card.credential, card.kid, card.shown_at_s) == (credential, PAPER_KID, None)
    assert 120 <= len(raw) <= 124


@pytest.mark.parametrize(
    "wrong",
    [
        {"sub": "nine-char"},
        {"sub": "eleven-char"},
        {"sub": "line-end1\n"},
        {"sub": "umlaut-äöü"},
        {"sub": "digit-\uff11\uff12\uff13\uff14"},
        {"not_before_s": FIRST_S - 1, "until_s": FIRST_S},
        {"until_s": LAST_S + 1},
        {"until_s": 1_795_125_600},
        {"until_s": 1_795_125_600 + LIFE_S + 1},
        {"card_class": 2},
        {"card_class": -1},
        {"count": -1},
        {"count": 24},
        {"count": True},
        {"place": -1},
        {"place": 2**32},
        {"place": True},
        {"holder": None},
        {"holder": PublicPoint(x=bytes(31), odd=True)},
        {"holder": PublicPoint(x=bytes(32), odd=1)},
    ],
)
def test_values_out_of_range_are_not_written(wrong):
    with pytest.raises(ValueError, match=r".+"):
        draft_credential(make_credential(**wrong), kid=ISSUER_KID)


@pytest.mark.parametrize("kid", [b"", b"\x01", b"\x01\x02\x03", "12"])
def test_kid_is_two_bytes(kid):
    with pytest.raises(ValueError, match="2 bytes"):
        draft_credential(make_credential(), kid=kid)


def test_paper_has_no_key_and_lives_400_days_at_most():
    begun_s = make_credential().not_before_s
    with pytest.raises(ValueError, match="no key"):
        draft_paper(make_credential(), kid=PAPER_KID)
    lives = make_credential(holder=None, until_s=begun_s + PAPER_LIFE_S)
    assert draft_paper(lives, kid=PAPER_KID)
    with pytest.raises(ValueError, match="too long"):
        draft_paper(replace(lives, until_s=lives.until_s + 1), kid=PAPER_KID)


def test_the_phone_does_not_take_a_paper_card_for_its_credential():
    paper = PAPER_PRESS.seal(draft_paper(make_credential(holder=None), kid=PAPER_KID))
    with pytest.raises(TokenError):
        read_credential(paper)


def test_a_mobile_credential_alone_is_no_token():
    with pytest.raises(TokenError):
        read_token_bytes(issue(make_credential()))


@given(st.binary(max_size=200))
def test_any_bytes_raise_only_token_error(raw):
    with pytest.raises(TokenError):
        read_credential(raw)


def test_holder_key_is_read_back():
    assert read_credential(issue(make_credential())).credential.holder == PHONE.point


def test_claims_are_exactly_these():
    claims = cbor.decode(draft_credential(make_credential(), kid=ISSUER_KID).payload)
    assert list(claims) == [1, 2, 4, 5, 8, -65537]
