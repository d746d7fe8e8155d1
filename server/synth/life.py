"""Cards and visits of a synthetic year: exactly as many as the year's row says, times the scale.

Made as columns of numpy, many rows at a time; a value that is one for all rows stands alone.
"""

from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from server.grant.classes import GENDERS, LIFE_SITUATIONS
from server.report.years import NationalYear
from server.synth.codes import Codes
from server.synth.town import Ids, SyntheticArea
from shared.rules.validity import last_valid_day
from shared.scan import Category

LAST_GRANT = 360
"""Day of the year after which no synthetic card is granted, so that it can be used in its year."""

AWAY, LATE = 0.1, 0.08
"""Shares of visits in another area, and of visits recorded after a day."""

AT_ONCE = 200_000
"""Rows that are in memory at a time."""

OPENS, OPEN_MINUTES = np.timedelta64(8, "h"), 660
"""When the doors open (UTC), and for how long visits happen."""

Ints = NDArray[np.int64]
Columns = Mapping[str, Any]
"""What a table's rows say, by column: an array, or one value for all of them."""

_HEX = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class _Door:
    """Venues by number, with those of each town and category among them."""

    venue_ids: NDArray[np.void]
    scanner_ids: NDArray[np.void]
    first: Mapping[Category, Ints]
    """By town, where its venues of a category begin in `order`."""
    many: Mapping[Category, Ints]
    order: Mapping[Category, Ints]


class Year:
    """One year of a network; the same seed, the same rows."""

    def __init__(  # noqa: PLR0913 - what one seed gives
        self,
        shape: NationalYear,
        towns: Sequence[SyntheticArea],
        *,
        chance: np.random.Generator,
        ids: Ids,
        codes: Codes,
        scale: int,
    ) -> None:
        self._shape, self._scale = shape, scale
        self._towns = list(towns[: shape.municipalities])
        self._chance, self._ids, self._codes = chance, ids, codes
        self._first = np.datetime64(f"{shape.year}-01-01", "us") + OPENS
        self._last_day = (date(shape.year, 12, 31) - date(shape.year, 1, 1)).days
        self._doors = _doors(self._towns)
        used = shape.used * scale
        self._card_ids = np.empty(used, dtype="V16")
        self._holder_ids = np.empty(used, dtype="V16")
        self._home = np.empty(used, dtype=np.int64)
        self._granted = np.empty(used, dtype=np.int64)

    def cards(self) -> Iterator[tuple[str, Columns]]:
        """Give holders and their cards; the first ones are used in the year."""
        whole = self._shape.cards * self._scale
        for begin in range(0, whole, AT_ONCE):
            yield from self._some_cards(begin, min(AT_ONCE, whole - begin))

    def _some_cards(self, begin: int, n: int) -> Iterator[tuple[str, Columns]]:
        chance = self._chance
        weights = np.cumsum([town.weight for town in self._towns])
        home = np.searchsorted(weights, chance.random(n) * weights[-1], side="right")
        day = chance.integers(0, LAST_GRANT, n)
        holder_ids, card_ids = self._ids.many(n), self._ids.many(n)
        used = slice(begin, begin + n)
        for kept, new in (
            (self._card_ids, card_ids), (self._holder_ids, holder_ids),
            (self._home, home), (self._granted, day),
        ):  # fmt: skip
            kept[used] = new[: len(kept[used])]
        granted_at = self._first + day * np.timedelta64(1, "D")
        yield "holder", {"id": holder_ids, "known_since_at": granted_at}
        columns = {
            "id": card_ids,
            "holder_id": holder_ids,
            "distributor_id": _bytes_of([town.distributor_id for town in self._towns])[home],
            "code": self._codes.many(n),
            "children": chance.choice([0, 0, 0, 1, 2, 3], n),
            "birth_year": self._shape.year - chance.integers(17, 86, n),
            "granted_at": granted_at,
            "first_valid_on": granted_at.astype("M8[D]"),
            "last_valid_on": self._last_valid_days()[day],
        }
        alike = {"community": False, "home_postcode": "00100", "grounds": "income_support"}
        classes = list(product([*GENDERS, None], [*LIFE_SITUATIONS, None]))
        of = chance.integers(0, len(classes), n)
        for place, (gender, life) in enumerate(classes):  # one text for all rows, as in COPY's rows
            rows = of == place
            told = {"gender": gender, "life_situation": life}
            yield "card", alike | told | {name: all_[rows] for name, all_ in columns.items()}

    def _last_valid_days(self) -> NDArray[np.datetime64]:
        new_year = date(self._shape.year, 1, 1)
        days = [last_valid_day(new_year + timedelta(days=day)) for day in range(LAST_GRANT)]
        return np.array(days, dtype="M8[D]")

    def visits(self) -> Iterator[tuple[str, Columns]]:
        """Give scans, and then their visits; `cards` have been drawn before."""
        chance, cards = self._chance, len(self._card_ids)
        begun = 0
        for category, adults in self._shape.adults.items():
            many = adults * self._scale
            of = (chance.random(many) ** 2 * cards).astype(np.int64)  # some people come often …
            once = np.arange(begun, min(begun + many, cards))  # … and every one once
            of[: len(once)] = once
            begun += many
            children = self._shape.children[category] * self._scale
            with_each = np.full(many, children // many if many else 0)
            with_each[chance.permutation(many)[: children - int(with_each.sum())]] += 1
            for begin in range(0, many, AT_ONCE):
                rows = slice(begin, begin + AT_ONCE)
                yield from self._some_visits(of[rows], category, with_each[rows])

    def _some_visits(
        self, of: Ints, category: Category, children: Ints
    ) -> Iterator[tuple[str, Columns]]:
        chance, n = self._chance, len(of)
        there = self._venues_for(self._home[of], category)
        granted = self._granted[of]
        day = granted + (chance.random(n) * (self._last_day - granted + 1)).astype(np.int64)
        minutes = day * 1440 + chance.integers(1, OPEN_MINUTES, n)
        at = self._first + minutes * np.timedelta64(1, "m")
        late = chance.random(n) < LATE
        told = at + np.where(late, np.timedelta64(2, "D"), np.timedelta64(5, "s"))
        scan_ids = self._ids.many(n)
        alike = {
            "scanner_id": self._doors.scanner_ids[there],
            "venue_id": self._doors.venue_ids[there],
            "card_id": self._card_ids[of],
            "event": _events(scan_ids),
            "category": category.value,
            "children": children,
            "assistant": False,
        }
        yield "scan", alike | {
            "id": scan_ids, "scanned_at": at, "closed_at": at, "received_at": told,
            "admitted": True, "scanner_reasons": ["ok"], "register_reasons": ["ok"],
            "register_colour": "green", "outcome": "recorded", "differs": False,
        }  # fmt: skip
        yield "visit", alike | {
            "id": self._ids.many(n), "scan_id": scan_ids, "holder_id": self._holder_ids[of],
            "sub": "synthetic", "visited_at": at, "recorded_at": told,
            "again": False, "door_knew": False,
        }  # fmt: skip

    def _venues_for(self, home: Ints, category: Category) -> Ints:
        """Choose venues, most of them at home where there is one for the category."""
        chance, doors = self._chance, self._doors
        first, many = doors.first[category][home], doors.many[category][home]
        away = (chance.random(len(home)) < AWAY) | (many == 0)
        order = doors.order[category]
        first, many = np.where(away, 0, first), np.where(away, len(order), many)
        return order[first + (chance.random(len(home)) * many).astype(np.int64)]


def _doors(towns: Sequence[SyntheticArea]) -> _Door:
    venues = [(place, venue) for place, town in enumerate(towns) for venue in town.venues]
    first, many, order = {}, {}, {}
    for category in Category:
        fit = [
            (n, place) for n, (place, venue) in enumerate(venues) if category in venue.categories
        ]
        places = [place for _, place in fit]
        order[category] = np.array([n for n, _ in fit], dtype=np.int64)
        first[category] = np.array([bisect(places, town - 1) for town in range(len(towns))])
        many[category] = np.array([places.count(town) for town in range(len(towns))])
    return _Door(
        venue_ids=_bytes_of([venue.venue_id for _, venue in venues]),
        scanner_ids=_bytes_of([venue.scanner_id for _, venue in venues]),
        first=first, many=many, order=order,
    )  # fmt: skip


def _bytes_of(ids: Sequence[Any]) -> NDArray[np.void]:
    return np.frombuffer(b"".join(one.bytes for one in ids), dtype="V16")


def _events(ids: NDArray[np.void]) -> NDArray[np.bytes_]:
    """Name an event of its own for each scan."""
    taken = ids.view(np.uint8).reshape(len(ids), 16)[:, -6:]  # they are counted: enough of them
    text = np.empty((len(ids), 22), dtype=np.uint8)
    text[:, :10] = np.frombuffer(b"synthetic:", dtype=np.uint8)
    text[:, 10::2], text[:, 11::2] = _HEX[taken >> 4], _HEX[taken & 15]
    return text.view("S22").reshape(-1)
