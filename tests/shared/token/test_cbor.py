import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.token import cbor
from shared.token.cbor import Tagged
from shared.token.errors import FormCode, TokenError

numbers = st.integers(-(2**32), 2**32 - 1)
edges = st.sampled_from([0, 23, 24, 255, 256, 65_535, 65_536, 2**32 - 1])
labels = numbers | edges | st.text(max_size=5)
items = st.recursive(
    numbers | edges | st.binary(max_size=300) | st.text(max_size=30) | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(labels, inner, max_size=4)
        | st.lists(inner, min_size=4, max_size=4).map(Tagged)
    ),
    max_leaves=8,
)


def oracle(item):
    """The same item for cbor2, maps in the order of their encoded labels."""
    if isinstance(item, list):
        return [oracle(inner) for inner in item]
    if isinstance(item, dict):
        return {k: oracle(item[k]) for k in sorted(item, key=cbor2.dumps)}
    if isinstance(item, Tagged):
        return cbor2.CBORTag(18, oracle(item.content))
    return item


@given(items)
def test_encodes_as_cbor2_does(item):
    assert cbor.encode(item) == cbor2.dumps(oracle(item))


@given(items)
def test_what_is_written_is_read_again_or_nested_too_deeply(item):
    raw = cbor.encode(item)
    try:
        found = cbor.decode(raw)
    except TokenError as error:
        assert "nested" in str(error)  # noqa: PT017 - a refusal is allowed, not required
    else:
        assert cbor.encode(found) == raw
        assert repr(found) == repr(cbor.decode(raw))


@given(st.binary(max_size=40))
def test_any_bytes_are_refused_or_canonical(raw):
    try:
        found = cbor.decode(raw)
    except TokenError as error:
        assert error.code is FormCode.CBOR  # noqa: PT017 - a refusal is allowed, not required
    else:
        assert cbor.encode(found) == raw


@given(items, st.data())
def test_changed_bytes_are_refused_or_canonical(item, data):
    raw = bytearray(cbor.encode(item))
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] = data.draw(st.integers(0, 255))
    try:
        found = cbor.decode(bytes(raw))
    except TokenError as error:
        assert error.code is FormCode.CBOR  # noqa: PT017 - a refusal is allowed, not required
    else:
        assert cbor.encode(found) == raw


@pytest.mark.parametrize(
    ("raw", "item"),
    [
        ("00", 0),
        ("17", 23),
        ("1818", 24),
        ("18ff", 255),
        ("190100", 256),
        ("1a00010000", 65_536),
        ("1affffffff", 2**32 - 1),
        ("20", -1),
        ("3affffffff", -(2**32)),
        ("40", b""),
        ("60", ""),
        ("80", []),
        ("a0", {}),
        ("f4", False),
        ("f5", True),
        ("a2012026f4", {1: -1, -7: False}),
        ("a218180020f4", {24: 0, -1: False}),
    ],
)
def test_one_spelling(raw, item):
    assert repr(cbor.decode(bytes.fromhex(raw))) == repr(item)
    assert cbor.encode(item).hex() == raw


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("", "nothing"),
        ("0000", "two items"),
        ("1817", "23 in two bytes"),
        ("1900ff", "255 in three bytes"),
        ("1a0000ffff", "65535 in five bytes"),
        ("1b0000000100000000", "eight bytes"),
        ("1bffffffffffffffff", "eight bytes"),
        ("3817", "-24 in two bytes"),
        ("18", "head cut short"),
        ("1a0001", "head cut short"),
        ("1c", "reserved"),
        ("5f4100ff", "indefinite bytes"),
        ("7f6161ff", "indefinite text"),
        ("9fff", "indefinite array"),
        ("bfff", "indefinite map"),
        ("ff", "break"),
        ("41", "bytes cut short"),
        ("580100", "length in long form"),
        ("61ff", "not UTF-8"),
        ("63eda080", "a surrogate"),
        ("62c080", "overlong UTF-8"),
        ("81", "array cut short"),
        ("9affffffff", "huge array"),
        ("baffffffff", "huge map"),
        ("5affffffff", "huge bytes"),
        ("a1", "map cut short"),
        ("a101", "value missing"),
        ("a201000100", "label twice"),
        ("a202000100", "labels out of order"),
        ("a220000100", "labels out of order"),
        ("a161610001", "label left over"),
        ("a1f500", "label true"),
        ("a1410000", "label of bytes"),
        ("a1800000", "label of an array"),
        ("f6", "null"),
        ("f7", "undefined"),
        ("e0", "simple 0"),
        ("f8ff", "simple 255"),
        ("f814", "false in two bytes"),
        ("f90000", "half float"),
        ("fa00000000", "float"),
        ("fb0000000000000000", "double"),
        ("c000", "tag 0"),
        ("c2410f", "bignum"),
        ("d200", "tag 18 around a number"),
        ("d283000000", "tag 18 around three"),
        ("d2850000000000", "tag 18 around five"),
        ("d81284000000", "tag 18 in two bytes"),
        ("d9d9f700", "self-described"),
    ],
)
def test_other_spellings_are_refused(raw, why):
    with pytest.raises(TokenError) as refused:
        cbor.decode(bytes.fromhex(raw))
    assert refused.value.code is FormCode.CBOR, why


def test_nine_levels_below_the_outermost_and_no_more():
    assert cbor.decode(b"\x81" * 9 + b"\x00")
    with pytest.raises(TokenError):
        cbor.decode(b"\x81" * 10 + b"\x00")


@pytest.mark.parametrize("not_bytes", [None, "d284", 5, bytearray(b"\x00")])
def test_only_bytes_are_read(not_bytes):
    with pytest.raises(TokenError):
        cbor.decode(not_bytes)


@pytest.mark.parametrize("item", [2**32, -(2**32) - 1, Tagged([1, 2, 3]), "\ud800"])
def test_encoder_refuses_what_the_subset_has_not(item):
    with pytest.raises(ValueError, match=r"32 bits|four|surrogates"):
        cbor.encode(item)
