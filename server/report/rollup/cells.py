"""Which cells a holder's cards and visits are counted in. Pure: the same facts, the same cells.

Two sides are kept apart. *Where visits happen*: slices `all`, `cat:<category>` and, for areas,
`from:<area>` (whose cards were used). *Where cards come from*: slices `home`, `age:`, `gender:`,
`life:` (classes that the holder told) and `first:` (how soon a card was used first); the classes by
year only.

Source: R25; the figures that municipalities ask for.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from uuid import UUID

from shared.scan import Category

NATION = "fi"

AGES = ((17, "0-17"), (24, "18-24"), (34, "25-34"), (44, "35-44"), (54, "45-54"), (64, "55-64"))
OLDEST = "65-"
"""Age groups: the last age that belongs to each, and its name."""
AGE_GROUPS = [*(name for _, name in AGES), OLDEST]

FIRSTS = ((7, "7"), (30, "30"), (90, "90"), (365, "365"))
NEVER = "never"
"""Days from grant to first visit: at most so many; after a year a card is over."""
SOON = [*(name for _, name in FIRSTS), NEVER]

MONTH_LENGTH, YEAR_LENGTH = 7, 4
"""How much of a day's text names its month and its year."""


class Measure(IntEnum):
    """What a cell counts; the order of its numbers."""

    ADULTS = 0
    CHILDREN = 1
    LATE = 2
    HOLDERS = 3
    CARDS = 4
    CARDS_USED = 5


_MEASURES = len(Measure)


@dataclass(frozen=True, slots=True)
class Use:
    """Visits that count, of one card in one month at one venue in one category."""

    card_id: UUID
    month: str
    venue_id: UUID
    category: Category
    adults: int
    children: int
    late: int


@dataclass(frozen=True, slots=True)
class Granted:
    """A card as reports see it; the area is the one that its distributor began in."""

    card_id: UUID
    area_id: UUID
    granted_on: date
    age: int | None
    gender: str | None
    life_situation: str | None
    first_used_on: date | None


@dataclass(frozen=True, slots=True)
class Places:
    """Where things are: the area that each venue began in, the county of each area.

    `became` says what a merged area counts as, from which month on, in order: what was before stays
    where it was.
    """

    area_of_venue: Mapping[UUID, UUID]
    county_of_area: Mapping[UUID, str | None]
    became: Mapping[UUID, Sequence[tuple[str, UUID]]] = field(default_factory=dict)

    def is_venue(self, whose: UUID) -> bool:
        """Tell whether an id is a venue's, which stands in for erased holders."""
        return whose in self.area_of_venue

    def area_in(self, area_id: UUID, month: str) -> UUID:
        """Give what an area counted as in a month."""
        for since, successor in self.became.get(area_id, ()):
            if month >= since:
                area_id = successor
        return area_id

    def above(self, area_id: UUID) -> tuple[str, ...]:
        """Give the scopes that an area counts in."""
        county = self.county_of_area[area_id]
        return (NATION, area_scope(area_id)) + (() if county is None else (county_scope(county),))


Facts = tuple[set[Use], set[Granted]]
"""What is counted of one holder."""

CellKey = tuple[str, str, str]
"""Period, scope, slice."""
Cells = dict[CellKey, list[int]]
"""What each cell counts, by `Measure`."""


def month_of(day: date) -> str:
    """Name the month of a day: 2026-03."""
    return day.isoformat()[:MONTH_LENGTH]


def county_scope(code: str) -> str:
    """Name a wellbeing county among the scopes."""
    return f"county:{code}"


def area_scope(area_id: UUID) -> str:
    """Name an area among the scopes."""
    return f"area:{area_id}"


def venue_scope(venue_id: UUID) -> str:
    """Name a venue among the scopes."""
    return f"venue:{venue_id}"


def months_of(year: str) -> list[str]:
    """Name the months of a year."""
    return [f"{year}-{month:02}" for month in range(1, 13)]


def age_group(age: int) -> str:
    """Give the group of an age in years."""
    return next((name for last, name in AGES if age <= last), OLDEST)


def first_use(granted: Granted) -> str:
    """Give how soon a card was used."""
    if granted.first_used_on is None:
        return NEVER
    days = (granted.first_used_on - granted.granted_on).days
    return next((name for most, name in FIRSTS if days <= most), FIRSTS[-1][1])


def cells_of(
    uses: Iterable[Use],
    cards: Iterable[Granted],
    places: Places,
    *,
    known: bool = True,
    besides: Collection[CellKey] = (),
) -> Cells:
    """Count one holder in every cell it belongs to.

    Args:
        uses: Visits.
        cards: All cards of the holder.
        places: Where they are.
        known: An erased holder adds visits but is nobody among the holders, so that figures stay
            and no cell looks like more people than it is.
        besides: Cells in which the holder is for other visits anyhow.
    """
    cells: Cells = {}
    by_card = {card.card_id: card for card in cards}
    for use in uses:
        for key in _keys_of_use(use, by_card.get(use.card_id), places):
            numbers = cells.get(key)
            if numbers is None:
                numbers = cells[key] = [0] * _MEASURES
                numbers[Measure.HOLDERS] = int(known and key not in besides)
            numbers[Measure.ADULTS] += use.adults
            numbers[Measure.CHILDREN] += use.children
            numbers[Measure.LATE] += use.late
    for card in by_card.values():
        for key in _keys_of_card(card, places):
            numbers = cells.setdefault(key, [0] * _MEASURES)
            numbers[Measure.CARDS] += 1
            numbers[Measure.CARDS_USED] += _used_in(card, key[0])
    return cells


def difference(before: Facts, after: Facts, places: Places, *, known: bool) -> Cells:
    """Tell what changes in the cells when other facts are counted of a holder."""
    (uses, cards), (new_uses, new_cards) = before, after
    same = uses & new_uses if _classes_of(cards) == _classes_of(new_cards) else set[Use]()
    by_card = {card.card_id: card for card in cards}
    besides = {key for use in same for key in _keys_of_use(use, by_card.get(use.card_id), places)}
    changes: Cells = {}
    for sign, some, theirs in ((1, new_uses - same, new_cards), (-1, uses - same, cards)):
        counted = cells_of(some, theirs, places, known=known, besides=besides)
        for key, numbers in counted.items():
            changed = changes.setdefault(key, [0] * _MEASURES)
            for place, n in enumerate(numbers):
                changed[place] += sign * n
    return changes


def _classes_of(cards: Iterable[Granted]) -> dict[UUID, tuple[object, ...]]:
    """Give what of cards says in which cells their visits are."""
    return {
        card.card_id: (card.area_id, card.age, card.gender, card.life_situation) for card in cards
    }


def _keys_of_use(use: Use, card: Granted | None, places: Places) -> Iterator[CellKey]:
    area = places.area_in(places.area_of_venue[use.venue_id], use.month)
    home = None if card is None else places.area_in(card.area_id, use.month)
    scopes = (*places.above(area), venue_scope(use.venue_id))
    homes = () if home is None else places.above(home)
    classes = () if card is None else _classes(card)
    for period, home_parts in (
        (use.month, ("home",)),
        (use.month[:YEAR_LENGTH], ("home", *classes)),
    ):
        for scope in scopes:
            yield period, scope, "all"
            yield period, scope, f"cat:{use.category}"
        if home is not None:
            yield period, area_scope(area), f"from:{home}"
        for scope in homes:
            for part in home_parts:
                yield period, scope, part


def _keys_of_card(card: Granted, places: Places) -> Iterator[CellKey]:
    month = month_of(card.granted_on)
    for scope in places.above(places.area_in(card.area_id, month)):
        yield month, scope, "home"
        for part in ("home", *_classes(card), f"first:{first_use(card)}"):
            yield month[:YEAR_LENGTH], scope, part


def _classes(card: Granted) -> list[str]:
    parts = []
    if card.age is not None:
        parts.append(f"age:{age_group(card.age)}")
    if card.gender is not None:
        parts.append(f"gender:{card.gender}")
    if card.life_situation is not None:
        parts.append(f"life:{card.life_situation}")
    return parts


def _used_in(card: Granted, period: str) -> bool:
    used = card.first_used_on
    return used is not None and used.isoformat().startswith(period[:YEAR_LENGTH])


def count_uses(visits: Iterable[tuple[UUID, str, UUID, Category, int, bool]]) -> list[Use]:
    """Put visits of a card together: card, month, venue, category, children, whether late."""
    adults: Counter[tuple[UUID, str, UUID, Category]] = Counter()
    children: Counter[tuple[UUID, str, UUID, Category]] = Counter()
    late: Counter[tuple[UUID, str, UUID, Category]] = Counter()
    for card_id, month, venue_id, category, with_children, is_late in visits:
        key = card_id, month, venue_id, category
        adults[key] += 1
        children[key] += with_children
        late[key] += is_late
    return [Use(*key, many, children[key], late[key]) for key, many in adults.items()]
