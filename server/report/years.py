"""A row of the national yearly table."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.scan import Category


@dataclass(frozen=True, slots=True)
class NationalYear:
    """A year of the whole country, as the national service has always published it.

    No figure of it is held back: it is of the whole country and the whole year, and its published
    precedent shows small ones. Everything finer goes through disclosure control.
    """

    year: int
    cards: int
    used: int
    adults: Mapping[Category, int]
    children: Mapping[Category, int]
    municipalities: int

    @property
    def uses(self) -> int:
        """All uses: the sum of the eight columns (R25)."""
        return sum(self.adults.values()) + sum(self.children.values())
