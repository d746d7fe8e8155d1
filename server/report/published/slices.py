"""What parts of a figure are called: a category, a month, an age group, a class of holders.

A slice as published (`cat:culture`, `2026-03`, `all`) belongs to a family (`cat`, `month`, `all`)
and names a part of it (`culture`, `2026-03`, `all`).
"""

from collections.abc import Iterable, Mapping

from server.area.codes import COUNTIES
from server.grant.classes import GENDERS, LIFE_SITUATIONS
from server.report.publishing.tables import NO_COUNTY, UNTOLD, WHOLE
from server.report.rollup.cells import AGE_GROUPS, NEVER, OLDEST
from server.texts import N_, Texts
from server.venue.words import CATEGORIES

MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"),
    N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip
_SOON = {
    "7": N_("Within a week"),
    "30": N_("Within a month"),
    "90": N_("Within three months"),
    "365": N_("Within a year"),
    NEVER: N_("Not yet"),
}
NOT_TOLD = N_("Not told")
_OLDEST_WORDS = N_("65 and over")
_ERASED = N_("Of erased holders")
_OF_NO_COUNTY = N_("From no county")

PARTS: Mapping[str, Mapping[str, str]] = {
    "all": {WHOLE: N_("In all")},
    "cat": {category.value: name for category, name in CATEGORIES.items()},
    "who": {"adults": N_("Adults"), "children": N_("Children")},
    "pace": {"in-time": N_("Within a day"), "late": N_("More than a day later")},
    "near": {
        "own": N_("From this municipality"),
        "county": N_("From elsewhere in the county"),
        "away": N_("From farther away"),
    },
    "often": {
        "1": N_("Once"),
        "2-4": N_("2 to 4 times"),
        "5-9": N_("5 to 9 times"),
        "10-": N_("10 times or more"),
    },
    "first": _SOON,
    "age": {group: group.replace("-", "\N{EN DASH}") for group in AGE_GROUPS[:-1]}
    | {OLDEST: _OLDEST_WORDS, UNTOLD: NOT_TOLD},
    "gender": GENDERS | {UNTOLD: NOT_TOLD},
    "life": LIFE_SITUATIONS | {UNTOLD: NOT_TOLD},
    "meter": {"mood": N_("Mood meter"), "who5": N_("WHO-5 meter")},
    "stars": {stars: stars for stars in "12345"},
}
"""The families whose parts are the same in every year, in the order in which they are told.

Those of months and of counties (`home`) are not.
"""

_FAMILY_OF = {
    part: family for family in ("all", "who", "pace", "meter") for part in PARTS[family]
}  # fmt: skip


def family_of(part: str) -> str:
    """Give the family of a slice."""
    family, colon, _ = part.partition(":")
    return family if colon else _FAMILY_OF.get(part, "month")


def part_of(part: str) -> str:
    """Give what a slice names within its family."""
    return part.partition(":")[2] or part


def in_order(slices: Iterable[str]) -> list[str]:
    """Put slices of one family into the order in which they are told."""
    return sorted(slices, key=_place)


def _place(part: str) -> tuple[int, str]:
    order = list(PARTS.get(family_of(part), ()))
    own = part_of(part)
    if own in order:
        return order.index(own), ""
    return len(order) + (own == UNTOLD), own


def part_words(t: Texts, family: str, part: str) -> str:
    """Say what a part of *family* is called."""
    if family == "month":
        return t(MONTHS[int(part[-2:]) - 1])
    if family == "home":
        if part in COUNTIES:
            return COUNTIES[part].name(t.language)
        return t(_OF_NO_COUNTY if part == NO_COUNTY else _ERASED)
    if family == "stars":
        return t.plural("{n} star", "{n} stars", int(part))
    words = PARTS[family].get(part, NOT_TOLD)
    return words if words == part else t(words)
