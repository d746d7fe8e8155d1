from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.token import cbor
from shared.token.cose import PublicPoint, settle
from shared.token.errors import FormCode, Refusal, TokenError, TokenRefused
from shared.token.keyset import IssuerKey, KeyRole, accept_key_set, draft_key_set
from tests.shared.cards import DAY_S, NOW_S, make_keys
from tests.shared.keys import ISSUER, ROGUE, ROOT, verify

ROOT_KID = b"\xff\x01"
ROOTS = {ROOT_KID: ROOT.point}
KEY = make_keys()[b"\x00\x11"]


def draft(**overrides):
    fields = {
        "seq": 9,
        "issued_at_s": NOW_S,
        "until_s": NOW_S + 30 * DAY_S,
        "keys": list(make_keys().values()),
        "root_kid": ROOT_KID,
    }
    return draft_key_set(**{**fields, **overrides})


def accept(raw, *, held=None, now_s=NOW_S):
    return settle(accept_key_set(raw, roots=ROOTS, held=held, now_s=now_s), verify)


def refusal(raw, **given_):
    with pytest.raises(TokenRefused) as refused:
        accept(raw, **given_)
    return refused.value.reason


def test_round_trip():
    raw = ROOT.seal(draft())
    key_set = accept(raw)
    assert (key_set.seq, key_set.issued_at_s, key_set.until_s) == (9, NOW_S, NOW_S + 30 * DAY_S)
    assert (dict(key_set.keys), key_set.raw) == (make_keys(), raw)


@given(
    st.binary(min_size=2, max_size=2).filter(lambda kid: kid < b"\xff\x00"),
    st.builds(PublicPoint, x=st.binary(min_size=32, max_size=32), odd=st.booleans()),
    st.sampled_from(KeyRole),
)
def test_any_key_round_trips(kid, point, role):
    key = IssuerKey(kid, point, role, 1_600_000_000, 4_294_967_295)
    raw = ROOT.seal(draft(keys=[key], seq=2**32 - 1))
    assert accept(raw).keys == {kid: key}


def test_no_keys_is_legal_and_closes_every_door():
    assert accept(ROOT.seal(draft(keys=[]))).keys == {}


def test_122_keys_fit_as_do_many_more_until_the_limit():
    def many(number):
        return [replace(KEY, kid=n.to_bytes(2, "big")) for n in range(number)]

    assert len(ROOT.seal(draft(keys=many(122)))) == 8_435
    with pytest.raises(ValueError, match="65536 bytes"):
        draft(keys=many(1_000))


@pytest.mark.parametrize(
    "wrong",
    [
        {"seq": 0},
        {"seq": 2**32},
        {"seq": True},
        {"issued_at_s": 1_599_999_999},
        {"until_s": 2**32},
        {"until_s": NOW_S},
        {"root_kid": b"\xff"},
        {"keys": [KEY, KEY]},
        {"keys": [replace(KEY, kid=b"\xff\x00")]},
        {"keys": [replace(KEY, kid=b"\x01")]},
        {"keys": [replace(KEY, role=4)]},
        {"keys": [replace(KEY, role=0)]},
        {"keys": [replace(KEY, until_s=KEY.not_before_s)]},
        {"keys": [replace(KEY, point=PublicPoint(x=bytes(33), odd=False))]},
    ],
)
def test_wrong_sets_are_not_written(wrong):
    with pytest.raises(ValueError, match=r".+"):
        draft(**wrong)


def test_rollback_and_the_same_again():
    raw, other = ROOT.seal(draft()), ROOT.seal(draft(keys=[]))
    assert accept(raw, held=(9, raw)).seq == 9
    assert accept(raw, held=(8, other)).seq == 9
    assert refusal(raw, held=(9, other)) is Refusal.ROLLBACK
    assert refusal(raw, held=(10, raw)) is Refusal.ROLLBACK


def test_edges_of_time():
    raw = ROOT.seal(draft())
    assert accept(raw, now_s=NOW_S - 300)
    assert refusal(raw, now_s=NOW_S - 301) is Refusal.FUTURE
    assert accept(raw, now_s=NOW_S + 30 * DAY_S - 1)
    assert refusal(raw, now_s=NOW_S + 30 * DAY_S) is Refusal.EXPIRED


def test_refusals_come_in_their_order():
    unpinned = ROGUE.seal(draft(root_kid=b"\xff\x09"))
    forged = ROGUE.seal(draft())
    old = ROOT.seal(draft())
    late_s = NOW_S + 40 * DAY_S
    assert refusal(unpinned, held=(10, b""), now_s=late_s) is Refusal.UNKNOWN_KEY
    assert refusal(forged, held=(10, b""), now_s=late_s) is Refusal.FORGED
    assert refusal(old, held=(10, b""), now_s=late_s) is Refusal.ROLLBACK
    assert refusal(ISSUER.seal(draft())) is Refusal.FORGED


@given(st.binary(max_size=100))
def test_any_bytes_raise_form(raw):
    with pytest.raises(TokenError) as refused:
        accept(raw)
    assert refused.value.code is FormCode.FORM


def test_over_65536_bytes_is_not_even_read():
    with pytest.raises(TokenError, match="longer than 65536"):
        accept(bytes(65_537))
    with pytest.raises(TokenError, match="not bytes"):
        accept("d2")


def test_a_set_that_could_sign_is_refused():
    claims = cbor.decode(draft().payload)
    claims[-65539][0][4] = [1, 2]
    unsigned = replace(draft(), payload=cbor.encode(claims))
    with pytest.raises(TokenError):
        accept(ROOT.seal(unsigned))
