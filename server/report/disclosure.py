"""When a figure tells too much by itself, and what of a single line must stay hidden. Pure.

What hangs together by totals, `server.report.linked` hides. Source: R26.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)

FEWEST = 5
"""Distinct holders in a cell that is published."""

NEARLY_ALONE = 0.1
"""The second largest holder may not know the largest one's share closer than this part of it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure before it is published.

    Args:
        value: What would be published: a number of uses, of cards …
        holders: How many distinct holders it is made of.
        largest: What the one who contributes most contributes.
        second: What the next one contributes.
        possible: False for a structural zero: what cannot be, and everybody knows it.
        open: It is published elsewhere in any case, so that it cannot be hidden here.
    """

    value: int
    holders: int
    largest: int = 1
    second: int = 1
    possible: bool = True
    open: bool = False

    @property
    def tells(self) -> bool:
        """Whether it would tell too much by itself."""
        if not self.possible or self.open:
            return False
        return self.holders < FEWEST or self._remainder < NEARLY_ALONE * self.largest

    @property
    def width(self) -> int:
        """How far off, up and down, a reader must be able to believe it to be."""
        return max(FEWEST, round(NEARLY_ALONE * self.largest + 0.5))

    @property
    def _remainder(self) -> int:
        return self.value - self.largest - self.second


@dataclass(frozen=True, slots=True)
class Total(Generic[Key]):
    """A cell that is the sum of others."""

    of: Key
    parts: Sequence[Key]


class CannotHide(ValueError):
    """What is open anyhow gives a cell away, whatever else is hidden."""


def hide_line(cells: Mapping[Key, Cell]) -> frozenset[Key]:
    """Choose what to hide of parts whose sum is known, and of which nothing else is.

    A reader knows what the hidden ones are together: each small one must be able to be nothing, or
    larger by its width.
    """
    hidden = {key for key, cell in cells.items() if cell.tells}
    needed = max((cells[key].value + cells[key].width for key in hidden), default=0)
    others = sorted(
        (key for key, cell in cells.items() if key not in hidden and cell.possible),
        key=lambda key: cells[key].value,
    )
    for key in others:
        if sum(cells[one].value for one in hidden) >= needed:
            break
        hidden.add(key)
    if sum(cells[one].value for one in hidden) < needed:  # nothing is large enough to hide behind
        return frozenset(key for key, cell in cells.items() if cell.possible)
    return frozenset(hidden)
