import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.token import cbor
from shared.token.cose import settle
from shared.token.errors import FormCode, Refusal, TokenError, TokenRefused
from shared.token.status import StatusList, accept_status_list, draft_status_list, inflate
from tests.shared.cards import DAY_S, ISSUER_KID, NOW_S, STATUS_KID, make_keys, make_status
from tests.shared.keys import ISSUER, ROGUE, STATUS, verify


def draft(**overrides):
    fields = {
        "number": 0,
        "issued_at_s": NOW_S,
        "until_s": NOW_S + DAY_S,
        "ttl_s": 3_600,
        "seq": 9,
        "bits": bytes(8_192),
        "kid": STATUS_KID,
    }
    return draft_status_list(**{**fields, **overrides})


def with_stream(stream):
    claims = cbor.decode(draft().payload)
    claims[65533]["lst"] = stream
    return STATUS.seal(replace(draft(), payload=cbor.encode(claims)))


def accept(raw, *, keys=None, held_issued_at_s=0, now_s=NOW_S, number=None):
    return settle(
        accept_status_list(
            raw,
            keys=keys or make_keys(),
            held_issued_at_s=held_issued_at_s,
            now_s=now_s,
            number=number,
        ),
        verify,
    )


def refusal(raw, **given_):
    with pytest.raises(TokenRefused) as refused:
        accept(raw, **given_)
    return refused.value.reason


@given(st.binary(min_size=1, max_size=8_192), st.sampled_from([0, 9, 10, 65_535]))
def test_round_trip(bits, number):
    listed = accept(STATUS.seal(draft(bits=bits, number=number, ttl_s=2_678_400)), number=number)
    assert listed == StatusList(number, NOW_S, NOW_S + DAY_S, 2_678_400, 9, bits)


def test_bits_are_counted_from_the_low_end_and_end_with_the_list():
    listed = make_status(bits=bytes([0b0000_0010, 0b1000_0000]))
    assert [listed.bit(index) for index in (0, 1, 2, 14, 15, 16)] == [0, 1, 0, 0, 1, None]
    assert listed.bit(-1) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": -1},
        {"number": 65_536},
        {"number": "00"},
        {"ttl_s": 0},
        {"ttl_s": 2_678_401},
        {"seq": 0},
        {"seq": 2**32},
        {"seq": True},
        {"until_s": NOW_S},
        {"issued_at_s": 1_599_999_999},
        {"bits": b""},
        {"bits": bytes(8_193)},
        {"kid": b"\x01"},
    ],
)
def test_wrong_lists_are_not_written(wrong):
    with pytest.raises(ValueError, match=r".+"):
        draft(**wrong)


@pytest.mark.parametrize(
    "name", ["k1:status:\uff11", "k1:status:1\n", "k1:status:+1", "k1:status:"]
)
def test_the_number_is_plain_decimal(name):
    claims = cbor.decode(draft().payload)
    claims[2] = name
    with pytest.raises(TokenError):
        accept(STATUS.seal(replace(draft(), payload=cbor.encode(claims))))


def test_keys_of_other_roles_and_times_do_not_sign_lists():
    assert refusal(ISSUER.seal(draft(kid=ISSUER_KID))) is Refusal.UNKNOWN_KEY
    assert refusal(STATUS.seal(draft(kid=b"\x0f\x0f"))) is Refusal.UNKNOWN_KEY
    keys = make_keys()
    key = keys[STATUS_KID]
    keys[STATUS_KID] = replace(key, until_s=NOW_S)
    assert refusal(STATUS.seal(draft()), keys=keys) is Refusal.KEY_RETIRED
    keys[STATUS_KID] = replace(key, until_s=NOW_S + 1, not_before_s=NOW_S)
    assert accept(STATUS.seal(draft()), keys=keys)
    keys[STATUS_KID] = replace(key, not_before_s=NOW_S + 1)
    assert refusal(STATUS.seal(draft()), keys=keys) is Refusal.KEY_RETIRED


def test_edges_of_time():
    raw = STATUS.seal(draft())
    assert accept(raw, held_issued_at_s=NOW_S)
    assert refusal(raw, held_issued_at_s=NOW_S + 1) is Refusal.ROLLBACK
    assert accept(raw, now_s=NOW_S - 300)
    assert refusal(raw, now_s=NOW_S - 301) is Refusal.FUTURE
    assert accept(raw, now_s=NOW_S + DAY_S - 1)
    assert refusal(raw, now_s=NOW_S + DAY_S) is Refusal.EXPIRED


def test_forged_comes_before_rollback_and_a_bad_stream():
    assert refusal(ROGUE.seal(draft()), held_issued_at_s=NOW_S + 1) is Refusal.FORGED
    assert refusal(with_stream(b"rubbish"), held_issued_at_s=NOW_S + 1) is Refusal.ROLLBACK


def test_another_list_than_asked_for_is_refused():
    with pytest.raises(TokenError, match="not list 1"):
        accept(STATUS.seal(draft()), number=1)


def tampered_dictionary_stream():
    packer = zlib.compressobj(zdict=b"dictionary")
    return packer.compress(b"dictionary") + packer.flush()


GOOD = zlib.compress(bytes(100))
BAD_STREAMS = {
    "empty": b"",
    "no zlib": b"rubbish",
    "no bytes inside": zlib.compress(b""),
    "one byte too many": zlib.compress(bytes(8_193)),
    "bomb": zlib.compress(bytes(10_000_000)),
    "byte after the stream": GOOD + b"\x00",
    "two streams": GOOD + GOOD,
    "its own checksum again": GOOD + GOOD[-4:],
    "cut short": GOOD[:-1],
    "wrong checksum": GOOD[:-1] + bytes([GOOD[-1] ^ 1]),
    "preset dictionary": tampered_dictionary_stream(),
    "gzip": zlib.compressobj(wbits=31).flush(),
    "raw deflate": zlib.compressobj(wbits=-15).flush(),
}


@pytest.mark.parametrize("stream", BAD_STREAMS.values(), ids=BAD_STREAMS.keys())
def test_bad_streams(stream):
    with pytest.raises(TokenError) as refused:
        accept(with_stream(stream))
    assert refused.value.code is FormCode.FORM


@pytest.mark.parametrize("length", [1, 8_191, 8_192])
@pytest.mark.parametrize("level", [0, 1, 9])
def test_streams_of_legal_length(length, level):
    bits = bytes(range(256)) * 32
    assert inflate(zlib.compress(bits[:length], level)) == bits[:length]


@given(st.binary(max_size=100))
def test_any_bytes_raise_form(raw):
    with pytest.raises(TokenError) as refused:
        accept(raw)
    assert refused.value.code is FormCode.FORM


def test_over_16384_bytes_is_not_even_read():
    with pytest.raises(TokenError, match="longer than 16384"):
        accept(bytes(16_385))
