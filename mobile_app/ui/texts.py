"""Words in the holder's language: gettext catalogues, one translator per session.

A msgid is a short English sentence. Write `t("Sentence {name}", name=…)` where it is drawn, and
`N_("Sentence")` where it is only chosen; tests find both by these names.
"""

import gettext
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import product
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

DOMAINS = ("app", "door")
HELSINKI = ZoneInfo("Europe/Helsinki")


class Language(StrEnum):
    """The languages of the app; the first is the default."""

    FINNISH = "fi"
    SWEDISH = "sv"
    ENGLISH = "en"
    PLAIN_FINNISH = "selko"

    @property
    def tag(self) -> str:
        """The BCP 47 tag, for screen readers and platforms; plain Finnish has none of its own."""
        return "fi" if self is Language.PLAIN_FINNISH else self.value


def N_(msgid: str) -> str:
    """Mark *msgid* for the catalogues; it is translated later, where it is drawn."""
    return msgid


MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)

_DAYS = (
    N_("{day} January"),
    N_("{day} February"),
    N_("{day} March"),
    N_("{day} April"),
    N_("{day} May"),
    N_("{day} June"),
    N_("{day} July"),
    N_("{day} August"),
    N_("{day} September"),
    N_("{day} October"),
    N_("{day} November"),
    N_("{day} December"),
)

_MOMENT = N_("{day}, {hour}")


class Texts:
    """Translates for one language; every catalogue of the app is asked in turn."""

    def __init__(self, language: Language | str = Language.FINNISH) -> None:
        self.language = Language(language)
        self._catalogue = _load(self.language)

    def __call__(self, msgid: str, /, **values: object) -> str:
        """Give the words for *msgid*, with `{name}` filled in."""
        return self._catalogue.gettext(msgid).format(**values)

    def plural(self, one: str, many: str, n: int, /, **values: object) -> str:
        """Give the words for *n* things; `{n}` stands for the number."""
        return self._catalogue.ngettext(one, many, n).format(n=n, **values)

    def day(self, day: date) -> str:
        """Write a day as people here do: 28.2.2027, in English 28 February 2027."""
        if self.language is Language.ENGLISH:
            return f"{day.day} {self(MONTHS[day.month - 1])} {day.year}"
        return self.typed_day(day)

    def typed_day(self, day: date) -> str:
        """Write a day as it is typed, with digits in every language."""
        return f"{day.day}.{day.month}.{day.year}"

    def day_of_month(self, day: date) -> str:
        """Say a day without its year: 14. marraskuuta, 14 November."""
        return self(_DAYS[day.month - 1], day=day.day)

    def month(self, day: date) -> str:
        """Write the month of *day*, for a heading."""
        return f"{self(MONTHS[day.month - 1])} {day.year}"

    def hour(self, at: datetime) -> str:
        """Write a time of day in Helsinki: 14.05, in English 14:05."""
        local = at.astimezone(HELSINKI)
        dot = ":" if self.language is Language.ENGLISH else "."
        return f"{local.hour}{dot}{local.minute:02}"

    def moment_day(self, at: datetime) -> str:
        """Write the day of an instant in Helsinki."""
        return self.day(at.astimezone(HELSINKI).date())

    def moment(self, at: datetime) -> str:
        """Write a day and a time of day in Helsinki."""
        return self(_MOMENT, day=self.moment_day(at), hour=self.hour(at))


@cache
def _load(language: Language) -> gettext.NullTranslations:
    folder = files("mobile_app") / "locale"  # in a browser the app is a zip
    return read_catalogues(folder, language)


def read_catalogues(folder: "Traversable", language: Language) -> gettext.NullTranslations:
    """Read what *folder* has for *language*; what plain Finnish lacks is said in Finnish."""
    catalogue: gettext.NullTranslations | None = None
    for name, domain in product(dict.fromkeys((language.value, language.tag)), DOMAINS):
        path = folder / name / "LC_MESSAGES" / f"{domain}.mo"
        if not path.is_file():
            continue
        with path.open("rb") as file:
            found = gettext.GNUTranslations(file)
        if catalogue is None:
            catalogue = found
        else:
            catalogue.add_fallback(found)
    if catalogue is None:
        raise FileNotFoundError("no catalogue is compiled: run make texts")
    return catalogue
