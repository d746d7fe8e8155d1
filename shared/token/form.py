"""Guards for the values inside headers and payloads; each returns the value, typed.

Types are compared exactly: in Python `True` is an `int` and equals 1, in a token it is neither.

Source: K1 §2.2, §2.4, §6.1.
"""

import re
from collections.abc import Set as AbstractSet
from typing import NoReturn

from shared.token.cbor import Item
from shared.token.errors import FormCode, TokenError

EARLIEST_S = 1_600_000_000
LATEST_S = 4_294_967_295


def refuse(why: str) -> NoReturn:
    """Raise `form`."""
    raise TokenError(FormCode.FORM, why)


def map_of(item: Item, labels: AbstractSet[int | str]) -> dict[int | str, Item]:
    """A map with exactly these labels."""
    if not isinstance(item, dict) or item.keys() != labels:
        refuse(f"not a map of exactly {set(labels)}")
    return item


def array_of(item: Item, length: int) -> list[Item]:
    """An array of this length."""
    if not isinstance(item, list) or len(item) != length:
        refuse(f"not an array of {length}")
    return item


def check_same(item: Item, wanted: int | str | bool) -> None:  # noqa: FBT001 - any constant
    """Exactly this value of exactly this type."""
    if type(item) is not type(wanted) or item != wanted:
        refuse(f"{wanted!r} expected")


def whole(item: Item, least: int, most: int) -> int:
    """An integer from *least* to *most*, both included."""
    if type(item) is not int or not least <= item <= most:
        refuse(f"not an integer from {least} to {most}")
    return item


def instant(item: Item) -> int:
    """A NumericDate in whole seconds."""
    return whole(item, EARLIEST_S, LATEST_S)


def flag(item: Item) -> bool:
    """`true` or `false`."""
    if not isinstance(item, bool):
        refuse("not a bool")
    return item


def octets(item: Item, length: int) -> bytes:
    """A byte string of this length."""
    if not isinstance(item, bytes) or len(item) != length:
        refuse(f"not {length} bytes")
    return item


def text(item: Item, pattern: re.Pattern[str]) -> str:
    """Text that *pattern* matches from its first to its last character."""
    if not isinstance(item, str) or pattern.fullmatch(item) is None:
        refuse(f"text is not {pattern.pattern}")
    return item
