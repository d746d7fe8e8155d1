"""Places of a synthetic network: areas, each with a distributor and venues; larger ones with more.

Municipalities are real ones, in the order of their codes shuffled by the seed; what happens in them
is made up.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from server.area.codes import MUNICIPALITIES
from shared.scan import Category

VENUES_MOST = 14

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class SyntheticVenue:
    """A venue, its one scanner, and what it admits for. Ids are 32 hexadecimal digits."""

    venue_id: str
    scanner_id: str
    categories: tuple[Category, ...]


@dataclass(frozen=True, slots=True)
class SyntheticArea:
    """An area, and how many of the country's cards are granted there, relatively."""

    area_id: str
    code: str
    distributor_id: str
    venues: tuple[SyntheticVenue, ...]
    weight: float


class Ids:
    """Ids that are the same for the same seed; they look like UUIDs of version 8."""

    def __init__(self, chance: Random) -> None:
        self._start = chance.getrandbits(44) << 20
        self._made = 0

    def __call__(self) -> str:
        """Make the next one."""
        self._made += 1
        high = f"{self._start + self._made:024x}"
        return f"{high[:12]}8{high[12:15]}8{high[15:]}000000"


def build_towns(chance: Random, ids: Ids, *, many: int) -> list[SyntheticArea]:
    """Lay out *many* areas; every category is admitted for in the first."""
    codes = sorted(MUNICIPALITIES)
    chance.shuffle(codes)
    towns = []
    for place, code in enumerate(codes[:many]):
        weight = 1 / (place + 1.5)  # few large ones, many small
        venues = [
            SyntheticVenue(ids(), ids(), _categories(chance, place, n))
            for n in range(max(2, round(VENUES_MOST * weight)) + (2 if place == 0 else 0))
        ]
        towns.append(SyntheticArea(ids(), code, ids(), tuple(venues), weight))
    return towns


def _categories(chance: Random, place: int, n: int) -> tuple[Category, ...]:
    if place == 0 and n < len(Category):
        return (list(Category)[n],)
    often = [Category.CULTURE, Category.CULTURE, Category.SPORT, Category.SPORT]
    kinds = {chance.choice([*often, Category.EDUCATION, Category.SCIENCE])}
    if chance.random() < 0.2:  # noqa: PLR2004 - one in five has something else besides
        kinds.add(chance.choice(list(Category)))
    return tuple(kind for kind in Category if kind in kinds)


def rows_of(towns: Sequence[SyntheticArea], *, at: str, key: bytes) -> Iterator[tuple[str, Row]]:
    """Give the table and the values of each row of the places, parents first."""
    for town in towns:
        found = MUNICIPALITIES[town.code]
        yield "area", (town.area_id, town.code, found.name_fi, found.county_code)
        yield "distributor", (town.distributor_id, town.area_id, f"{found.name_fi}, jakaja")
        for n, venue in enumerate(town.venues):
            name = f"{found.name_fi}, kohde {n + 1}"
            yield (
                "venue",
                (venue.venue_id, town.area_id, name, json.dumps([*venue.categories])),
            )
            yield (
                "scanner",
                (venue.scanner_id, venue.venue_id, "Ovi", key.hex(), 0, at, 1),
            )
