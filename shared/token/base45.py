"""base45, strictly: every byte string has one spelling and every other text is refused.

Source: K1 §2.1, annex C; RFC 9285.
"""

from shared.token.errors import FormCode, TokenError

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = {symbol: value for value, symbol in enumerate(_ALPHABET)}
_BASE = 45
_GROUP = 3


def encode(raw: bytes) -> str:
    """Write bytes: two become three characters, a last single one becomes two."""
    groups = []
    for at in range(0, len(raw) - 1, 2):
        rest, low = divmod(raw[at] << 8 | raw[at + 1], _BASE)
        high, middle = divmod(rest, _BASE)
        groups.append(_ALPHABET[low] + _ALPHABET[middle] + _ALPHABET[high])
    if len(raw) % 2:
        high, low = divmod(raw[-1], _BASE)
        groups.append(_ALPHABET[low] + _ALPHABET[high])
    return "".join(groups)


def decode(text: str) -> bytes:
    """Read base45.

    Raises:
        TokenError: `base45`, for a foreign character, a group that is too great, or a length that
            leaves one character over.
    """
    if len(text) % _GROUP == 1:
        raise TokenError(FormCode.BASE45, "one character over")
    try:
        values = [_VALUES[symbol] for symbol in text]
        pairs = zip(values[::3], values[1::3], values[2::3], strict=False)
        raw = b"".join(
            (low + _BASE * middle + _BASE**2 * high).to_bytes(2, "big")
            for low, middle, high in pairs
        )
        if len(text) % _GROUP:
            low, high = values[-2:]
            raw += (low + _BASE * high).to_bytes(1, "big")
    except KeyError as error:
        raise TokenError(FormCode.BASE45, "a character outside the alphabet") from error
    except OverflowError as error:
        raise TokenError(FormCode.BASE45, "a group above its greatest value") from error
    return raw
