"""CBOR, as much of it as the token needs, with one spelling for every value.

The decoder refuses whatever the encoder would not have written, so `encode(decode(raw)) == raw`
holds without comparing. A general CBOR decoder would interpret tags in camera input (dates,
bignums, shared references); this one knows tag 18 and nothing else.

Source: K1 §2.2; RFC 8949 section 4.2.1.
"""

from dataclasses import dataclass
from typing import NoReturn, TypeAlias, Union

from shared.token.errors import FormCode, TokenError

DEEPEST = 9
"""Levels below the outermost item; a tag and its array are two levels."""

_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG, _SIMPLE = range(8)
_SIGN1_TAG = 18
_SIGN1_FIELDS = 4
_WIDTHS = {24: (1, 24), 25: (2, 1 << 8), 26: (4, 1 << 16)}  # bytes that follow, least value
_SIMPLE_VALUES = {20: False, 21: True}


@dataclass(frozen=True, slots=True)
class Tagged:
    """Tag 18 (COSE_Sign1) around an array of four."""

    content: "list[Item]"


Item: TypeAlias = Union[int, bytes, str, bool, "list[Item]", "dict[int | str, Item]", Tagged]


def decode(raw: bytes) -> Item:
    """Read exactly one item.

    Raises:
        TokenError: `cbor`, for anything outside the subset or not in its one spelling.
    """
    if not isinstance(raw, bytes):
        _refuse("not bytes")
    item, end = _read(raw, 0, 0)
    if end != len(raw):
        _refuse("bytes after the item")
    return item


def encode(item: Item) -> bytes:  # noqa: PLR0911 - one per kind
    """Write *item* in its one spelling; maps are sorted here.

    Raises:
        ValueError: The value lies outside the subset.
    """
    if isinstance(item, bool):
        return b"\xf5" if item else b"\xf4"
    if isinstance(item, int):
        return _head(_UNSIGNED, item) if item >= 0 else _head(_NEGATIVE, -1 - item)
    if isinstance(item, bytes):
        return _head(_BYTES, len(item)) + item
    if isinstance(item, str):
        text = item.encode()
        return _head(_TEXT, len(text)) + text
    if isinstance(item, list):
        return _head(_ARRAY, len(item)) + b"".join(map(encode, item))
    if isinstance(item, dict):
        pairs = sorted((encode(label), encode(value)) for label, value in item.items())
        return _head(_MAP, len(pairs)) + b"".join(label + value for label, value in pairs)
    if len(item.content) != _SIGN1_FIELDS:
        raise ValueError("tag 18 holds an array of four")
    return _head(_TAG, _SIGN1_TAG) + encode(item.content)


def _head(major: int, argument: int) -> bytes:
    if argument < 24:  # noqa: PLR2004 - the largest argument inside the first byte, RFC 8949 3
        return bytes([major << 5 | argument])
    for low, (width, _) in _WIDTHS.items():
        if argument < 1 << 8 * width:
            return bytes([major << 5 | low]) + argument.to_bytes(width, "big")
    raise ValueError("integers and lengths end at 32 bits")


def _read(raw: bytes, at: int, level: int) -> tuple[Item, int]:  # noqa: PLR0911 - one per kind
    if level > DEEPEST:
        _refuse("nested too deeply")
    major, argument, at = _read_head(raw, at)
    if major == _UNSIGNED:
        return argument, at
    if major == _NEGATIVE:
        return -1 - argument, at
    if major == _SIMPLE:
        return _SIMPLE_VALUES[argument], at
    if major == _TAG:
        return _read_tagged(raw, at, level)
    if argument > len(raw):
        _refuse("declared longer than the input")
    if major == _ARRAY:
        return _read_array(raw, at, level, argument)
    if major == _MAP:
        return _read_map(raw, at, level, argument)
    return _read_string(raw, at, major, argument)


def _read_head(raw: bytes, at: int) -> tuple[int, int, int]:
    if at >= len(raw):
        _refuse("cut short")
    major, low = raw[at] >> 5, raw[at] & 0x1F
    at += 1
    if major == _SIMPLE and low not in _SIMPLE_VALUES:
        _refuse("neither true nor false")
    if major == _TAG and low != _SIGN1_TAG:
        _refuse("a tag other than 18")
    if low < 24:  # noqa: PLR2004 - as in _head
        return major, low, at
    if low not in _WIDTHS:
        _refuse("8 bytes or no definite length")
    width, least = _WIDTHS[low]
    argument = int.from_bytes(raw[at : at + width], "big")
    if at + width > len(raw) or argument < least:
        _refuse("head cut short or not the shortest")
    return major, argument, at + width


def _read_string(raw: bytes, at: int, major: int, length: int) -> tuple[Item, int]:
    end = at + length
    if end > len(raw):
        _refuse("string cut short")
    if major == _BYTES:
        return raw[at:end], end
    try:
        return raw[at:end].decode(), end
    except UnicodeDecodeError:
        _refuse("text is not UTF-8")


def _read_array(raw: bytes, at: int, level: int, length: int) -> tuple[list[Item], int]:
    items = []
    for _ in range(length):
        item, at = _read(raw, at, level + 1)
        items.append(item)
    return items, at


def _read_map(raw: bytes, at: int, level: int, length: int) -> tuple[Item, int]:
    pairs: dict[int | str, Item] = {}
    previous = b""
    for _ in range(length):
        label, value_at = _read(raw, at, level + 1)
        encoded = raw[at:value_at]
        if isinstance(label, bool) or not isinstance(label, int | str) or encoded <= previous:
            _refuse("map label of another type, out of order or twice")
        pairs[label], at = _read(raw, value_at, level + 1)
        previous = encoded
    return pairs, at


def _read_tagged(raw: bytes, at: int, level: int) -> tuple[Tagged, int]:
    content, at = _read(raw, at, level + 1)
    if not isinstance(content, list) or len(content) != _SIGN1_FIELDS:
        _refuse("tag 18 holds an array of four")
    return Tagged(content), at


def _refuse(why: str) -> NoReturn:
    raise TokenError(FormCode.CBOR, why)
