"""Cards and visits of a synthetic year: exactly as many as the year's row says, times the scale."""

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from random import Random

from server.grant.classes import GENDERS, LIFE_SITUATIONS
from server.report.years import NationalYear
from server.synth.town import Ids, Row, SyntheticArea, SyntheticVenue
from shared.rules.validity import last_valid_day
from shared.scan import Category
from shared.token.codes import ALPHABET, complete_code

LAST_GRANT = 360
"""Day of the year after which no synthetic card is granted, so that it can be used in its year."""

AWAY, LATE = 0.1, 0.08
"""Shares of visits in another area, and of visits recorded after a day."""

CHILDREN_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class _Used:
    """A card that is used in its year."""

    card_id: str
    holder_id: str
    town: int
    granted: int
    """Day of the year, from 0."""


class Year:
    """One year of a network, a row at a time; the same seed, the same rows."""

    def __init__(  # noqa: PLR0913 - what one seed gives
        self,
        shape: NationalYear,
        towns: Sequence[SyntheticArea],
        *,
        chance: Random,
        ids: Ids,
        codes: Iterator[str],
        scale: int,
    ) -> None:
        self._shape, self._scale = shape, scale
        self._towns = list(towns[: shape.municipalities])
        self._chance, self._ids, self._codes = chance, ids, codes
        self._used: list[_Used] = []
        self._first = datetime(shape.year, 1, 1, 8, tzinfo=UTC)
        self._last_day = (date(shape.year, 12, 31) - date(shape.year, 1, 1)).days
        self._weights = list(accumulate(town.weight for town in self._towns))
        self._at: dict[tuple[int | None, Category], list[SyntheticVenue]] = {}
        for place, town in enumerate(self._towns):
            for venue in town.venues:
                for category in venue.categories:
                    self._at.setdefault((place, category), []).append(venue)
                    self._at.setdefault((None, category), []).append(venue)

    @property
    def visits(self) -> int:
        """How many visits there will be."""
        return self._scale * sum(self._shape.adults.values())

    def cards(self) -> Iterator[tuple[str, Row]]:
        """Give holders and their cards; the first ones are used in the year."""
        chance = self._chance
        genders, lives = [*GENDERS, None], [*LIFE_SITUATIONS, None]
        used = self._shape.used * self._scale
        for n in range(self._shape.cards * self._scale):
            place = self._place()
            day = int(chance.random() * LAST_GRANT)
            granted = self._first + timedelta(days=day)
            holder_id, card_id = self._ids(), self._ids()
            if n < used:
                self._used.append(_Used(card_id, holder_id, place, day))
            yield "holder", (holder_id, _text(granted))
            yield (
                "card",
                (
                    card_id, holder_id, self._towns[place].distributor_id, next(self._codes), 0,
                    chance.choice((0, 0, 0, 1, 2, 3)), self._shape.year - chance.randint(17, 85),
                    "00100", "income_support", chance.choice(lives), chance.choice(genders),
                    _text(granted), granted.date().isoformat(),
                    last_valid_day(granted.date()).isoformat(),
                ),
            )  # fmt: skip

    def visited(self) -> Iterator[tuple[Row, Row]]:
        """Give each scan with its visit; `cards` has been drawn before."""
        chance, used = self._chance, self._used
        unused = len(used)
        for category, adults in self._shape.adults.items():
            many = adults * self._scale
            left = self._shape.children[category] * self._scale
            for n in range(many):
                unused -= 1  # each card once; then some people come often
                card = used[unused] if unused >= 0 else used[int(chance.random() ** 2 * len(used))]
                children = 0
                if left:
                    share = left / (many - n)
                    children = min(left, CHILDREN_AT_ONCE, int(share + chance.random()))
                    if many - n == 1:
                        children = left
                    left -= children
                yield self._visit(card, category, children)

    def _visit(self, card: _Used, category: Category, children: int) -> tuple[Row, Row]:
        chance = self._chance
        there = None if chance.random() < AWAY else card.town
        venues = self._at.get((there, category)) or self._at[None, category]
        venue = venues[int(chance.random() * len(venues))]
        day = card.granted + int(chance.random() * (self._last_day - card.granted + 1))
        at = self._first + timedelta(days=day, minutes=1 + int(chance.random() * 660))
        late = timedelta(days=2) if chance.random() < LATE else timedelta(seconds=5)
        happened, told = _text(at), _text(at + late)
        scan_id = self._ids()
        event = f"synthetic:{scan_id}"
        scan = (
            scan_id, venue.scanner_id, venue.venue_id, card.card_id, event, category.value,
            happened, happened, told, 1, children, 0, '["ok"]', '["ok"]', "green", "recorded", 0,
        )  # fmt: skip
        visit = (
            self._ids(), scan_id, card.holder_id, card.card_id, venue.venue_id, venue.scanner_id,
            event, "synthetic", category.value, happened, told, children, 0, 0, 0,
        )  # fmt: skip
        return scan, visit

    def _place(self) -> int:
        return bisect(self._weights, self._chance.random() * self._weights[-1])


def draw_codes(chance: Random) -> Iterator[str]:
    """Give card codes with their check symbols, no two alike."""
    number = chance.getrandbits(30)
    while True:
        number += 1 + int(chance.random() * 64)
        symbols = "".join(ALPHABET[number >> 5 * place & 31] for place in range(7, -1, -1))
        if (code := complete_code(symbols)) is not None:
            yield code


def _text(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S.000000")
