"""Bars of figures: what each part of a line is called, and how long its bar is."""

from collections.abc import Mapping
from dataclasses import dataclass

from server.report.live.lines import Line
from server.report.published.slices import part_words
from server.report.rollup.cells import YEAR_LENGTH
from server.texts import Texts

PLACES = ("place", "from", "elsewhere")
"""Lines whose parts are places, the most first; only who reads the line knows their names."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a line, with the length of its bar, 0 to 100; None where it is hidden."""

    name: str
    n: int | None
    length: int


def bars_of(t: Texts, of: str, line: Line, names: Mapping[str, str] | None = None) -> list[Bar]:
    """Draw the parts of a line of family *of*; *names* are those that only the caller knows."""
    most = line.most or 1
    order = list(line.parts)
    if of in PLACES:
        order.sort(key=lambda part: -(line.parts[part] or 0))
    return [
        Bar(
            name_of(t, of, part, names or {}),
            line.parts[part],
            round(100 * (line.parts[part] or 0) / most),
        )
        for part in order
    ]


def name_of(t: Texts, of: str, part: str, names: Mapping[str, str]) -> str:
    """Say what a part of a line of family *of* is called."""
    if of == "months":  # of more than one year
        return f"{part_words(t, 'month', part)} {part[:YEAR_LENGTH]}"
    return names[part] if of in PLACES else part_words(t, of, part)
