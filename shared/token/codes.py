"""Codes for people: activation, pairing and card codes, and telling texts apart.

A code is random symbols and one check symbol. None of them is signed; only the server can judge
one. `sort_text` says what a camera or hand-held reader gave, before anything is parsed.

Source: K1 §2.1, §9, annex C; ISO/IEC 7064 MOD 37,36.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import NoReturn

from shared.token.errors import FormCode, TokenError
from shared.token.presentation import TEXT_MOST, TEXT_PREFIX

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""32 symbols, five bits each; I, L, O and U are left out."""

TYPED_MOST = 32

_SYMBOLS = frozenset(ALPHABET)
_CHECK_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MODULUS = 36
_READ_ALIKE = str.maketrans({"-": None, " ": None, "O": "0", "I": "1", "L": "1"})


class CodeKind(StrEnum):
    """The codes that people carry."""

    ACTIVATION = "activation"
    PAIRING = "pairing"
    CARD = "card"


class TextKind(StrEnum):
    """What a text is, by its beginning."""

    TOKEN = "token"  # noqa: S105 - a kind, no secret
    ACTIVATION = "activation"
    PAIRING = "pairing"
    CARD_CODE = "card_code"
    NOT_A_CARD = "not_a_card"


RANDOM_SYMBOLS: Mapping[CodeKind, int] = MappingProxyType(
    {CodeKind.ACTIVATION: 11, CodeKind.PAIRING: 11, CodeKind.CARD: 8}
)
"""Symbols to draw at random before the check symbol: 55, 55 and 40 bits."""

_SHORT_PREFIXES = {CodeKind.ACTIVATION: "K1A:", CodeKind.PAIRING: "K1P:"}
_LINK_PATHS = {CodeKind.ACTIVATION: "/app/activate#", CodeKind.PAIRING: "/app/pair#"}
_TEXT_KINDS = {
    CodeKind.ACTIVATION: TextKind.ACTIVATION,
    CodeKind.PAIRING: TextKind.PAIRING,
    CodeKind.CARD: TextKind.CARD_CODE,
}


@dataclass(frozen=True, slots=True)
class Sorted:
    """A text's kind and what to hand on: the token text or the bare code; empty for neither."""

    kind: TextKind
    value: str


_NOT_OURS = Sorted(TextKind.NOT_A_CARD, "")


def complete_code(symbols: str) -> str | None:
    """Add the check symbol to freshly drawn symbols; None when it would be I, L, O or U.

    Draw again on None: people misread these letters.

    Raises:
        ValueError: A symbol is not in `ALPHABET`.
    """
    if not _SYMBOLS.issuperset(symbols):
        raise ValueError("symbols come from ALPHABET")
    check = _check_symbol(symbols)
    return symbols + check if check in _SYMBOLS else None


def read_activation_code(text: str, *, base_url: str | None) -> str:
    """Read an activation code: link, `K1A:` and code, or typed. Gives the 12 symbols.

    *base_url* is `https://host[:port][/path]` without a final slash; without it links are refused.

    Raises:
        TokenError: `form`.
    """
    return _read_code(text, CodeKind.ACTIVATION, base_url)


def read_pairing_code(text: str, *, base_url: str | None) -> str:
    """Read a pairing code, like an activation code with `K1P:`. Gives the 12 symbols.

    Raises:
        TokenError: `form`.
    """
    return _read_code(text, CodeKind.PAIRING, base_url)


def read_card_code(text: str) -> str:
    """Read a card code, from Code 39 or typed. Gives the 9 symbols.

    Raises:
        TokenError: `form`.
    """
    return _read_code(text, CodeKind.CARD, None)


def check_code(code: str, kind: CodeKind) -> None:
    """Exactly the symbols of this kind, upper case, with the right check symbol.

    Raises:
        TokenError: `form`.
    """
    if len(code) != RANDOM_SYMBOLS[kind] + 1 or not _SYMBOLS.issuperset(code):
        _refuse("other symbols, or another number of them")
    if _check_symbol(code[:-1]) != code[-1]:
        _refuse("wrong check symbol")


def print_code(code: str) -> str:
    """Group a code for people: XXXX-XXXX-XXXX, or XXX-XXX-XXX for a card code."""
    third = len(code) // 3
    return "-".join((code[:third], code[third : 2 * third], code[2 * third :]))


def activation_link(base_url: str, code: str) -> str:
    """The text of an activation QR. The code is in the fragment: no server log sees it."""
    return base_url + _LINK_PATHS[CodeKind.ACTIVATION] + code


def pairing_link(base_url: str, code: str) -> str:
    """The text of a pairing QR."""
    return base_url + _LINK_PATHS[CodeKind.PAIRING] + code


def sort_text(text: str, *, base_url: str | None) -> Sorted:
    """Tell a read text apart by its beginning. A token is only recognised here, not parsed.

    Source: K1 §2.1.
    """
    if not isinstance(text, str):
        return _NOT_OURS
    if len(text) > TEXT_MOST:
        return _NOT_OURS
    if text.startswith(TEXT_PREFIX):
        return Sorted(TextKind.TOKEN, text)
    kind = _kind_by_beginning(text, base_url)
    try:
        return Sorted(_TEXT_KINDS[kind], _read_code(text, kind, base_url))
    except TokenError:
        return _NOT_OURS


def _kind_by_beginning(text: str, base_url: str | None) -> CodeKind:
    for kind, short in _SHORT_PREFIXES.items():
        if text.startswith(short) or _is_link(text, kind, base_url):
            return kind
    return CodeKind.CARD


def _is_link(text: str, kind: CodeKind, base_url: str | None) -> bool:
    return (
        bool(base_url) and kind in _LINK_PATHS and text.startswith(f"{base_url}{_LINK_PATHS[kind]}")
    )


def _read_code(text: str, kind: CodeKind, base_url: str | None) -> str:
    if not isinstance(text, str):
        _refuse("not text")
    if _is_link(text, kind, base_url):
        code = text[len(f"{base_url}{_LINK_PATHS[kind]}") :]
    else:
        code = _typed(text, _SHORT_PREFIXES.get(kind, ""))
    check_code(code, kind)
    return code


def _typed(text: str, short_prefix: str) -> str:
    # ASCII first: upper() makes ASCII letters out of sharp s, dotless i and long s.
    if len(text) > TYPED_MOST or not text.isascii():
        _refuse(f"not ASCII of at most {TYPED_MOST} characters")
    return text.upper().removeprefix(short_prefix).translate(_READ_ALIKE)


def _check_symbol(symbols: str) -> str:
    product = _MODULUS
    for symbol in symbols:
        total = (product + _CHECK_ALPHABET.index(symbol)) % _MODULUS or _MODULUS
        product = 2 * total % (_MODULUS + 1)
    return _CHECK_ALPHABET[(_MODULUS + 1 - product) % _MODULUS]


def _refuse(why: str) -> NoReturn:
    raise TokenError(FormCode.FORM, why)
