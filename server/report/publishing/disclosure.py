"""When a figure tells too much by itself, and what of a single line must stay hidden. Pure.

What hangs together by totals, `server.report.publishing.linked` hides. Source: R26.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)

FEWEST = 5
"""Distinct holders in a cell that is published."""

FEWEST_WELLBEING = 10
"""The same, where it is about how people feel."""

NEARLY_ALONE = 0.1
"""The second largest holder may not know the largest one's share closer than this part of it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure before it is published.

    Args:
        value: What would be published: a number of uses, of cards; of a mean, the sum.
        holders: How many distinct holders it is made of.
        largest: What the one who contributes most contributes.
        second: What the next one contributes.
        possible: False for a structural zero: what cannot be, and everybody knows it.
        open: It is published elsewhere in any case, so that it cannot be hidden here.
        fewest: Distinct holders that it takes.
        step: What one holder more would add, more or less.
        alike: Nearly all of its holders are known to have answered the same.
        others: Somebody who knows one part of it knows the rest, which is of so many holders.
    """

    value: int
    holders: int
    largest: int = 1
    second: int = 1
    possible: bool = True
    open: bool = False
    fewest: int = FEWEST
    step: int = 1
    alike: bool = False
    others: int | None = None

    @property
    def tells(self) -> bool:
        """Whether it would tell too much by itself."""
        if not self.possible or self.open:
            return False
        alone = self._remainder < NEARLY_ALONE * self.largest
        few = min(self.holders, self.holders if self.others is None else self.others)
        return few < self.fewest or alone or self.alike

    @property
    def width(self) -> int:
        """How far off, up and down, a reader must be able to believe it to be."""
        return max(self.fewest * self.step, round(NEARLY_ALONE * self.largest + 0.5))

    @property
    def _remainder(self) -> int:
        return self.value - self.largest - self.second


@dataclass(frozen=True, slots=True)
class Total(Generic[Key]):
    """A cell that is the sum of others; what every reader knows.

    Args:
        of: The sum.
        parts: What it is made of.
        weights: How often each part is in it; once, where none are given.
        more: There may be more in the sum than in its parts, never less.
    """

    of: Key
    parts: Sequence[Key]
    weights: Sequence[float] = ()
    more: bool = False

    def terms(self) -> Mapping[Key, float]:
        """Give how often each cell is in what is left of the sum without its parts."""
        terms: dict[Key, float] = {self.of: 1.0}
        for part, weight in zip(self.parts, self.weights or [1.0] * len(self.parts), strict=True):
            terms[part] = terms.get(part, 0.0) - weight
        return terms

    def left(self, values: Mapping[Key, float]) -> float:
        """Give what is left of the sum without its parts."""
        return sum(weight * values[key] for key, weight in self.terms().items())
