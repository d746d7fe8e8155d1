"""Places of a synthetic network: areas, each with a distributor and venues; larger ones with more.

Municipalities are real ones, in the order of their codes shuffled by the seed; what happens in them
is made up.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from server.access.models import Access, Role
from server.area.codes import MUNICIPALITIES
from server.area.models import Area
from server.distributor.models import Distributor
from server.venue.models import Scanner, Venue
from shared.scan import Category

VENUES_MOST = 14

_VERSION = 0x8000
_VARIANT = 1 << 63


@dataclass(frozen=True, slots=True)
class SyntheticVenue:
    """A venue, its one scanner, and what it admits for."""

    venue_id: UUID
    scanner_id: UUID
    categories: tuple[Category, ...]


@dataclass(frozen=True, slots=True)
class SyntheticArea:
    """An area, and how many of the country's cards are granted there, relatively."""

    area_id: UUID
    code: str
    distributor_id: UUID
    access_id: UUID
    venues: tuple[SyntheticVenue, ...]
    weight: float


class Ids:
    """Ids that are the same for the same seed: UUIDs of version 8, counted upwards."""

    def __init__(self, chance: Random) -> None:
        self._high = chance.getrandbits(48) << 16 | _VERSION
        self._made = 0

    def __call__(self) -> UUID:
        """Make the next one."""
        return UUID(bytes=self.many(1).tobytes())

    def many(self, n: int) -> NDArray[np.void]:
        """Make the next *n*, as 16 bytes each."""
        made = np.empty(n, dtype=[("high", ">u8"), ("low", ">u8")])
        made["high"] = self._high
        made["low"] = np.arange(self._made, self._made + n, dtype=np.uint64) | np.uint64(_VARIANT)
        self._made += n
        return made.view("V16")


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
        towns.append(SyntheticArea(ids(), code, ids(), ids(), tuple(venues), weight))
    return towns


def _categories(chance: Random, place: int, n: int) -> tuple[Category, ...]:
    if place == 0 and n < len(Category):
        return (list(Category)[n],)
    often = [Category.CULTURE, Category.CULTURE, Category.SPORT, Category.SPORT]
    kinds = {chance.choice([*often, Category.EDUCATION, Category.SCIENCE])}
    if chance.random() < 0.2:  # noqa: PLR2004 - one in five has something else besides
        kinds.add(chance.choice(list(Category)))
    return tuple(kind for kind in Category if kind in kinds)


def rows_of(
    towns: Sequence[SyntheticArea], *, joined: Sequence[datetime]
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Give the table and the values of each row of the places, which joined one by one."""
    for town, at in zip(towns, joined, strict=True):
        found = MUNICIPALITIES[town.code]
        area = {"municipality_code": town.code, "name": found.name_fi}
        yield Area, {"id": town.area_id, "county_code": found.county_code} | area
        desk = {"area_id": town.area_id, "name": f"{found.name_fi}, jakaja"}
        yield Distributor, {"id": town.distributor_id} | desk
        given = {"distributor_id": town.distributor_id, "handle": f"synteettinen-{town.code}"}
        yield Access, {"id": town.access_id, "role": Role.DISTRIBUTOR, "granted_at": at} | given
        for n, venue in enumerate(town.venues, start=1):
            name = f"{found.name_fi}, kohde {n}"
            there = {"area_id": town.area_id, "categories": [*venue.categories]}
            yield Venue, {"id": venue.venue_id, "name": name} | there
            door = {"name": "Ovi", "key_x": b"\x02" * 32, "key_odd": False, "by_hand": True}
            of = {"venue_id": venue.venue_id, "enrolled_at": at}
            yield Scanner, {"id": venue.scanner_id} | of | door
