"""Words of the register's pages and papers: gettext catalogues, one translator per language.

A msgid is a short English sentence. Templates and code write `t("Sentence {name}", name=…)` where
it is drawn, and `N_("Sentence")` where it is only chosen; tests find both by these names.
"""

import gettext
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path

from shared.rules.validity import HELSINKI

DOMAINS = ("sheet", "console", "info")
_LOCALES = Path(__file__).parent / "locale"


class Language(StrEnum):
    """The languages of the register; the first is the default."""

    FINNISH = "fi"
    SWEDISH = "sv"
    ENGLISH = "en"
    PLAIN = "selko"
    """Plain Finnish, for what holders read."""

    @property
    def tag(self) -> str:
        """The BCP 47 tag, for screen readers."""
        return "fi" if self is Language.PLAIN else self.value


def N_(msgid: str) -> str:  # noqa: N802 - the name that gettext gave it
    """Mark *msgid* for the catalogues; it is translated later, where it is drawn."""
    return msgid


class Texts:
    """Translates for one language; every catalogue of the server is asked in turn."""

    def __init__(self, language: Language | str = Language.FINNISH) -> None:
        self.language = Language(language)
        self._catalogue = _load(self.language)

    def __call__(self, msgid: str, /, **values: object) -> str:
        """Give the words for *msgid*, with `{name}` filled in."""
        return self._catalogue.gettext(msgid).format(**values)

    def plural(self, one: str, many: str, n: int, /, **values: object) -> str:
        """Give the words for *n* things; `{n}` stands for the number."""
        return self._catalogue.ngettext(one, many, n).format(n=self.number(n), **values)

    def day(self, day: date) -> str:
        """Write a day as people here do: 28.2.2027."""
        return f"{day.day}.{day.month}.{day.year}"

    def local_day(self, at: datetime) -> str:
        """Write the day of an instant in Helsinki: 28.2.2027."""
        return self.day(at.astimezone(HELSINKI))

    def moment(self, at: datetime) -> str:
        """Write an instant in Helsinki: 28.2.2027 14.05."""
        local = at.astimezone(HELSINKI)
        dot = ":" if self.language is Language.ENGLISH else "."
        return f"{self.day(local)} {local.hour}{dot}{local.minute:02}"

    def number(self, n: int) -> str:
        """Write a number with a space before each three digits: 51 188."""
        return f"{n:,}".replace(",", "\N{NO-BREAK SPACE}")

    @property
    def decimal(self) -> str:
        """The sign between whole numbers and tenths."""
        return "." if self.language is Language.ENGLISH else ","

    def tenths(self, n: int) -> str:
        """Write a number of tenths as people here do: 3,8."""
        whole, tenth = divmod(abs(n), 10)
        sign = "\N{MINUS SIGN}" if n < 0 else ""
        return f"{sign}{self.number(whole)}{self.decimal}{tenth}"

    def percent(self, n: int) -> str:
        """Write per cent: 38 %."""
        return f"{self.number(n)}\N{NO-BREAK SPACE}%"

    def grown(self, n: int, words: str | None = None) -> str:
        """Write a change with its sign: +7 %; *words* say its size, if it is not in per cent."""
        sign = "" if n == 0 else "+" if n > 0 else "\N{MINUS SIGN}"
        return sign + (self.percent(abs(n)) if words is None else words)


@cache
def _load(language: Language) -> gettext.NullTranslations:
    languages = [language, Language.FINNISH] if language is Language.PLAIN else [language]
    found = [gettext.translation(domain, _LOCALES, languages, fallback=True) for domain in DOMAINS]
    for other in found[1:]:
        found[0].add_fallback(other)
    return found[0]
