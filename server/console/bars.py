"""Bars of figures: what each part of a line is called, and how long its bar is."""

from collections.abc import Mapping
from dataclasses import dataclass

from server.console.venue import CATEGORIES
from server.grant.classes import GENDERS, LIFE_SITUATIONS
from server.report.cells import NEVER, OLDEST
from server.report.publication import UNTOLD
from server.report.service import Line
from server.texts import N_, Texts

MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"),
    N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip
FIRSTS = {
    "7": N_("Within a week"),
    "30": N_("Within a month"),
    "90": N_("Within three months"),
    "365": N_("Within a year"),
    NEVER: N_("Not yet"),
}
PLACES = ("place", "from", "elsewhere")
"""Lines whose parts are places, the most first; only who reads the line knows their names."""
NOT_TOLD = N_("Not told")
OLDEST_WORDS = N_("65 and over")
_NAMES: Mapping[str, Mapping[str, str]] = {
    "cat": {category.value: name for category, name in CATEGORIES.items()},
    "gender": GENDERS, "life": LIFE_SITUATIONS, "first": FIRSTS, "age": {},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a line, with the length of its bar, 0 to 100; None where it is hidden."""

    name: str
    n: int | None
    length: int


def bars_of(t: Texts, of: str, line: Line, names: Mapping[str, str] | None = None) -> list[Bar]:
    """Draw the parts of a line of kind *of*; *names* are those that only the caller knows."""
    most = line.most or 1
    order = list(FIRSTS) if of == "first" else list(line.parts)
    if of in PLACES:
        order.sort(key=lambda part: -(line.parts[part] or 0))
    return [
        Bar(
            name_of(t, of, part, names or {}),
            line.parts[part],
            round(100 * (line.parts[part] or 0) / most),
        )
        for part in order
        if part in line.parts
    ]


def name_of(t: Texts, of: str, part: str, names: Mapping[str, str]) -> str:
    """Say what a part of a line of kind *of* is called."""
    if of == "month":
        return t(MONTHS[int(part[-2:]) - 1])
    if of == "months":
        return f"{t(MONTHS[int(part[-2:]) - 1])} {part[:4]}"
    if of in PLACES:
        return names[part]
    if of == "age" and part != UNTOLD:
        return t(OLDEST_WORDS) if part == OLDEST else part
    return t(_NAMES[of].get(part, NOT_TOLD))
