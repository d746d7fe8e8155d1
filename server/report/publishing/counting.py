"""Counts the uses, holders and cards of a year, one holder after the other; millions pass by.

What one holder adds to a figure is known once all of theirs was read, and then forgotten: of a
figure stay its sum, its number of holders, and what the two largest of them added.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import and_, extract, select
from sqlalchemy.orm import Session

from server.report.models import FigureKind, ReportCard, ReportUse
from server.report.publishing.network import Network
from server.report.publishing.tables import (
    ADULTS,
    AWAY,
    CHILDREN,
    COUNTY,
    HOME_UNTOLD,
    IN_TIME,
    LATE,
    NO_COUNTY,
    OFTEN,
    OWN,
    UNTOLD,
    WHOLE,
    FigureKey,
    is_known_below,
    only_through,
)
from server.report.rollup.cells import Granted, age_group, first_use, month_of, venue_scope
from shared.scan import Category

AT_ONCE = 2_000
"""Rows that are held at once."""

Added = Mapping[FigureKey, int]
"""What one holder adds to which figure."""

Through = dict[FigureKey, set[str]]
"""Through which parts a holder is in a figure."""

ByHolder = Iterator[tuple[bool, Added]]
"""What each holder adds, and whether it is anybody: of erased ones their uses stay, by venue."""


@dataclass(slots=True)
class Sum:
    """A figure while it is counted, one holder after the other."""

    value: int = 0
    holders: int = 0
    largest: int = 0
    second: int = 0

    def add(self, n: int, *, known: bool) -> None:
        """Add what a holder adds.

        Erased ones make a figure no safer: they are no holders, and at each venue like a single one
        whose part must not be found out either.
        """
        self.value += n
        self.holders += known
        if n > self.largest:
            self.largest, self.second = n, self.largest
        elif n > self.second:
            self.second = n


def add_up(everybody: Iterable[tuple[bool, Added]], sums: dict[FigureKey, Sum]) -> None:
    """Add what every holder adds to *sums*."""
    for known, added in everybody:
        for key, n in added.items():
            sum_ = sums.get(key)
            if sum_ is None:
                sum_ = sums[key] = Sum()
            sum_.add(n, known=known)


def uses_by_holder(db: Session, year: str, network: Network) -> ByHolder:
    """Count visits, and their holders."""
    rows = (
        select(
            ReportUse.holder_id,
            ReportUse.month,
            ReportUse.venue_id,
            ReportUse.category,
            ReportUse.adults,
            ReportUse.children,
            ReportUse.late,
            ReportUse.card_id,
            ReportCard.area_id,
            ReportCard.granted_on,
        )
        .outerjoin(
            ReportCard,
            and_(
                ReportCard.holder_id == ReportUse.holder_id,
                ReportCard.card_id == ReportUse.card_id,
            ),
        )
        .where(ReportUse.month.startswith(year))
        .order_by(ReportUse.holder_id)
        .execution_options(yield_per=AT_ONCE)
    )
    where = _Where(network)
    for holder, uses in groupby(db.execute(rows), key=itemgetter(0)):
        known = not network.places.is_venue(holder)
        yield known, _of_holder(list(uses), where, known=known)


def _of_holder(uses: list[Any], where: "_Where", *, known: bool) -> Added:
    added: dict[FigureKey, int] = defaultdict(int)
    through: Through = defaultdict(set)
    for _, month, venue_id, category, adults, children, late, _, area_id, _ in uses:
        numbers = (adults + children, adults, children, late, adults - late)
        below = where.below(venue_id, month)
        from_here = where.used_from(venue_id, month, area_id)
        for n, keys in zip(
            (*numbers, numbers[0]), (*where.used(venue_id, month, category), from_here), strict=True
        ):
            if n:
                for key in keys:
                    added[key] += n
                    if is_known_below(key):
                        through[key].add(below[key[1]])
    if known:
        for key in (*_came(uses, where.network), *only_once(through)):
            added[key] = 1
    return added


def only_once(through: Through) -> Iterator[FigureKey]:
    """Name the counts of those who are in a figure through one part alone, for one holder."""
    for key, below in through.items():
        if len(below) == 1:
            yield only_through(key, *below)


def _came(uses: list[Any], network: Network) -> Iterator[FigureKey]:
    """Count a holder where the newest card is from with which they came."""
    cards = [(granted_on, card_id, area_id) for *_, card_id, area_id, granted_on in uses]
    *_, area_id = max(cards)
    last = max(month for _, month, *_ in uses)
    times = sum(adults for _, _, _, _, adults, *_ in uses)
    often = max((least, part) for part, least in OFTEN.items() if least <= times)[1]
    *large, area = network.above(network.places.area_in(area_id, last))
    yield FigureKind.HOLDERS, area, WHOLE
    for scope in large:
        yield FigureKind.HOLDERS, scope, WHOLE
        yield FigureKind.HOLDERS, scope, often


class _Where:
    """Says which figures a use adds to; of the same place always the same."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._used: dict[tuple[UUID, str, Category], list[list[FigureKey]]] = {}
        self._from: dict[tuple[UUID, UUID | None], list[FigureKey]] = {}
        self._areas: dict[tuple[UUID, str], UUID] = {}

    def used(self, venue_id: UUID, month: str, category: Category) -> list[list[FigureKey]]:
        """Give the figures of all uses there, of adults, of children, of late ones, of others."""
        known = venue_id, month, category
        if known not in self._used:
            self._used[known] = self._keys(venue_id, month, category)
        return self._used[known]

    def used_from(self, venue_id: UUID, month: str, area_id: UUID | None) -> list[FigureKey]:
        """Give the figures of uses there with a card of an area; None: of nobody any more."""
        places = self.network.places
        here = self._area(venue_id, month)
        there = None if area_id is None else places.area_in(area_id, month)
        if (here, there) not in self._from:
            self._from[here, there] = list(self._keys_from(here, there))
        return self._from[here, there]

    def below(self, venue_id: UUID, month: str) -> Mapping[str, str]:
        """Give the part of a county, and of an area, that a use there is in."""
        area_id = self._area(venue_id, month)
        *large, area = self.network.above(area_id)
        return {area: venue_scope(venue_id)} | dict.fromkeys(large, area)

    def _keys(self, venue_id: UUID, month: str, category: Category) -> list[list[FigureKey]]:
        scopes = self.network.above(self._area(venue_id, month))
        large = scopes[:-1]
        parts = [
            [(scope, part) for scope in scopes for part in (WHOLE, f"cat:{category}")],
            [(scope, ADULTS) for scope in scopes],
            [(scope, CHILDREN) for scope in scopes],
            [(scope, LATE) for scope in large],
            [(scope, IN_TIME) for scope in large],
        ]
        parts[0] += [*((scope, month) for scope in large), (venue_scope(venue_id), WHOLE)]
        return [[(FigureKind.USES, *one) for one in some] for some in parts]

    def _keys_from(self, here: UUID, there: UUID | None) -> Iterator[FigureKey]:
        county = self.network.places.county_of_area
        near, home = AWAY, HOME_UNTOLD
        if there is not None:
            home = f"home:{county[there] or NO_COUNTY}"
            near = OWN if here == there else AWAY
            if here != there and county[here] is not None and county[here] == county[there]:
                near = COUNTY
        *large, area = self.network.above(here)
        yield FigureKind.USES, area, near
        for scope in large:
            yield FigureKind.USES, scope, home

    def _area(self, venue_id: UUID, month: str) -> UUID:
        if (venue_id, month) not in self._areas:
            places = self.network.places
            self._areas[venue_id, month] = places.area_in(places.area_of_venue[venue_id], month)
        return self._areas[venue_id, month]


def cards_by_holder(db: Session, year: str, network: Network) -> ByHolder:
    """Count cards that were granted in the year."""
    of_holder = (ReportCard.holder_id, *(getattr(ReportCard, name) for name in Granted.__slots__))
    rows = (
        select(*of_holder)
        .where(extract("year", ReportCard.granted_on) == int(year))
        .order_by(ReportCard.holder_id)
        .execution_options(yield_per=AT_ONCE)
    )
    for _, cards in groupby(db.execute(rows), key=itemgetter(0)):
        added: dict[FigureKey, int] = defaultdict(int)
        through: Through = defaultdict(set)
        for _, *card in cards:
            *_, area = keys = list(_keys_of_card(Granted(*card), network))
            for key in keys:
                added[key] += 1
                if is_known_below(key):
                    through[key].add(area[1])
        yield True, added | dict.fromkeys(only_once(through), 1)


def _keys_of_card(card: Granted, network: Network) -> Iterator[FigureKey]:
    on, used_on = card.granted_on, card.first_used_on
    used = used_on is not None and used_on.year == on.year
    soon = f"first:{first_use(card)}"
    *large, area = network.above(network.places.area_in(card.area_id, month_of(on)))
    for scope in large:
        yield FigureKind.CARDS, scope, soon
        if used:
            for part in _classes(card):
                yield FigureKind.USED, scope, part
    for scope in (*large, area):
        yield FigureKind.CARDS, scope, WHOLE
        yield FigureKind.USED if used else FigureKind.UNUSED, scope, WHOLE


def _classes(card: Granted) -> list[str]:
    age = UNTOLD if card.age is None else age_group(card.age)
    return [
        f"age:{age}",
        f"gender:{card.gender or UNTOLD}",
        f"life:{card.life_situation or UNTOLD}",
    ]
