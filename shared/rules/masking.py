"""What is taken out of words before anybody else reads them: ways to reach or to know a person.

The phone shows the same before it sends, so nobody is surprised; the server does it again, because
it believes no phone. A marker stands for what was taken out; whoever draws the words says it in the
reader's language (`spelt_out`).

    typed ──clean──▶ text without control characters ──mask──▶ text with markers, and what they hide

Source: R4, R30; ADR 0024.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial

from shared.token.codes import read_card_code
from shared.token.errors import TokenError

WORDS_MOST = 2_000
"""Characters in a post: a page. Whoever needs more says it in two."""


class Masked(StrEnum):
    """What was taken out; the value stands in the marker, and never changes."""

    EMAIL = "email"
    LINK = "link"
    IDENTITY_CODE = "identity"
    CARD_CODE = "card"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class MaskedWords:
    """Words that may be kept, and what they lost, each kind once."""

    words: str
    lost: tuple[Masked, ...] = ()


_OPEN, _CLOSE = "⟦", "⟧"
_MARKER = re.compile(rf"{_OPEN}({'|'.join(Masked)}){_CLOSE}")
_EMPTY_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_JOINERS = "\u200c\u200d"
"""Parts of one picture (emoji) and of some scripts; every other invisible sign is taken out."""
_STRAY_JOINERS = re.compile(
    rf"(?<![^\x00-\x7f{_JOINERS}])[{_JOINERS}]+|[{_JOINERS}]+(?![^\x00-\x7f{_JOINERS}])"
)
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def clean(typed: str) -> str:
    """Give what was typed without what cannot be seen: control characters, turned-about text.

    Markers that somebody typed lose their brackets: a marker is always ours.
    """
    text = _LINE_ENDS.sub("\n", typed).replace("\t", " ")
    text = text.replace(_OPEN, "[").replace(_CLOSE, "]")
    text = unicodedata.normalize("NFC", "".join(filter(_is_seen, text)))
    text = unicodedata.normalize("NFC", _STRAY_JOINERS.sub("", text))
    return _EMPTY_LINES.sub("\n\n", text).strip()


def mask(cleaned: str) -> MaskedWords:
    """Put a marker in the place of each way to reach or to know a person."""
    lost: set[Masked] = set()
    before = None
    while before != cleaned:  # what stood beside something masked may now stand alone
        before = cleaned
        for kind, pattern in _patterns().items():
            cleaned = pattern.sub(partial(_marked, kind), cleaned)
            if f"{_OPEN}{kind}{_CLOSE}" in cleaned:
                lost.add(kind)
    return MaskedWords(cleaned, tuple(kind for kind in Masked if kind in lost))


def spelt_out(words: str, names: Mapping[Masked, str]) -> str:
    """Say each marker in words."""
    return _MARKER.sub(lambda found: names[Masked(found[1])], words)


@cache
def _patterns() -> Mapping[Masked, re.Pattern[str]]:
    """Give what to look for, in this order: what is left of one kind may look like a later one."""
    part = rf"[^\s@\uff20<>()\[\],;:\"'{_OPEN}{_CLOSE}]"
    at = r"(?:[@\uff20]|\(at\)|\[at\]|\(ät\)|\[ät\])"
    email = (
        rf"{part}{{1,64}}{at}{part}{{2,190}}"
        rf"|{part}{{1,64}} {at} {part}{{1,100}}\.{part}{{2,80}}"
        r"|(?<!\w)[@\uff20][\w.]{2,60}"
    )
    rest = rf"[^\s<>{_OPEN}{_CLOSE}]*"
    end = rf"[^\s<>{_OPEN}{_CLOSE}.,;:!?)]"
    name = r"(?<![\w.-])(?:[\w-]{1,63}\.){1,8}"
    # Endings that are also words (me, se, is …) are taken for links only with a path behind them.
    sure = r"(?:fi|com|net|org|eu|info|io|app|ru|ee|de|uk|dk|nu|biz|dev|gov|edu|link|site|shop)"
    link = (
        rf"[a-z][a-z0-9+.-]{{1,15}}://{rest}{end}|(?<!\w)www\.{rest}{end}"
        rf"|{name}(?:{sure}(?![\w-])(?:/{rest})?|[a-z]{{2,24}}/{rest})"
    )
    # The form is enough: one with a wrong check character is a slip, and tells the birthday too.
    day = r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d"
    identity = rf"(?<!\d){day} ?[-+A-FU-Y\u2013] ?\d{{3}}[0-9A-Y](?!\w)"
    gap = r"[ \u00a0()/\u2010\u2011\u2013\u2014-]{0,3}"
    phone = (
        rf"(?<!\d)(?:(?:\+|00){gap}[1-9](?:{gap}\d){{6,13}}|0(?:{gap}\d){{6,12}}|\d{{7,}})(?!\d)"
    )
    card = r"(?<![\w-])[0-9A-Za-z]{3}([- ]?)[0-9A-Za-z]{3}\1[0-9A-Za-z]{3}(?![\w-])"
    return {
        Masked.EMAIL: re.compile(email, re.IGNORECASE),
        Masked.LINK: re.compile(link, re.IGNORECASE),
        Masked.IDENTITY_CODE: re.compile(identity, re.IGNORECASE),
        Masked.CARD_CODE: re.compile(card),
        Masked.PHONE: re.compile(phone),
    }


def _marked(kind: Masked, found: re.Match[str]) -> str:
    if kind is Masked.CARD_CODE and not _is_card_code(found[0]):
        return found[0]
    return f"{_OPEN}{kind}{_CLOSE}"


def _is_card_code(found: str) -> bool:
    """Tell a card code from three short words: it has a digit, hyphens, or only capitals."""
    if not (any(map(str.isdigit, found)) or "-" in found or found.isupper()):
        return False
    try:
        read_card_code(found)
    except TokenError:
        return False
    return True


def _is_seen(sign: str) -> bool:
    return sign == "\n" or sign in _JOINERS or unicodedata.category(sign) not in _UNSEEN
