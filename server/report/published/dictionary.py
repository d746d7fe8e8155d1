"""The data dictionary: what a published figure is called, what it means and what it does not.

All forms of published figures take their words from here, and from nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from server.report.models import FigureKind
from server.report.published.slices import family_of
from server.texts import N_, Texts

LICENCE = N_("Licence: CC BY 4.0. Name the source: Kaikukanta.")
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
METHOD_PATH = "/console/statistics/method"
HIDDEN_WORDS = N_(
    "Two dots (..) stand for a figure of fewer than five holders, and for others that would give"
    " one away by subtraction."
)
PUBLISHED_WORDS = N_("Published on {day}. What was recorded or undone later is not in it.")


class Unit(StrEnum):
    """What a figure is a number of."""

    USES = "uses"
    CARDS = "cards"
    HOLDERS = "holders"
    RATINGS = "ratings"
    FACES = "faces"
    POINTS = "points"
    STARS = "stars"
    PERCENT = "percent"


UNITS: Mapping[Unit, str] = {
    Unit.USES: N_("uses"),
    Unit.CARDS: N_("cards"),
    Unit.HOLDERS: N_("holders"),
    Unit.RATINGS: N_("visits with stars"),
    Unit.FACES: N_("faces, 1 to 5"),
    Unit.POINTS: N_("points, 0 to 100"),
    Unit.STARS: N_("stars, 1 to 5"),
    Unit.PERCENT: N_("per cent"),
}
MEANS = frozenset({Unit.FACES, Unit.POINTS, Unit.STARS})
"""Units of means: what is published are tenths of them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be known of a family of figures; all words are msgids."""

    kind: str
    family: str
    unit: Unit
    name: str
    meaning: str
    limits: str
    """What the figure does not mean."""

    def number(self, value: int) -> int | float:
        """Give a published value in its unit: tenths of a mean become points."""
        return value / 10 if self.unit in MEANS else value

    def write(self, t: Texts, value: int) -> str:
        """Write a published value for a reader."""
        if self.unit in MEANS:
            return t.tenths(value)
        return t.percent(value) if self.unit is Unit.PERCENT else t.number(value)


_BY_CARD = N_("It does not tell where somebody lives: what counts is where the card was granted.")
_TOLD_FREELY = N_("What holders told of own will when the card was granted.")
_NOT_ALL = N_("It is of cards that were used, not of all holders, and not of visits.")
_FIRST_MONTH = N_("Mean of the first month that each of them shared in the year.")
_LAST_MONTH = N_("Mean of the last month that each of them shared in the year.")
_SHARED = N_("Holders who chose to share at least two months of it; told only of ten or more.")
_NO_SAMPLE = N_("They are no sample: who shares may feel otherwise than who does not.")
_NO_EFFECT = N_("It does not measure what the card did: much else changes in a year.")
_KINDS = FigureKind

REACH = Entry(
    "reach", "all", Unit.PERCENT,
    N_("Share of cards used"),
    N_("How many of a hundred cards granted in the year were used in the same year."),
    N_("A card of December has had little time, so a year's share never becomes a hundred."),
)  # fmt: skip
"""Drawn from two published figures where both are shown; not published itself."""

_ENTRIES = (
    Entry(
        _KINDS.USES, "all", Unit.USES,
        N_("Uses"),
        N_(
            "A use is a visit of a holder, and each child that came along is one more. A visit that"
            " was undone is not counted, and a card counts once for an event."
        ),
        N_("It does not tell how many people came: one who came ten times is ten uses."),
    ),
    Entry(
        _KINDS.USES, "who", Unit.USES,
        N_("Uses by adults and children"),
        N_("Adults are holders, from the year in which they turn 16; children came along."),
        N_("It does not tell how many children there are: the same child counts at each visit."),
    ),
    Entry(
        _KINDS.USES, "cat", Unit.USES,
        N_("Uses by category"),
        N_("What the visits were for, as the venue recorded it."),
        N_("Nothing of a category may mean that no venue here offers it, not that nobody cared."),
    ),
    Entry(
        _KINDS.USES, "month", Unit.USES,
        N_("Uses by month"),
        N_("Uses in the month in which the visit happened, in Finland's time."),
        N_("It does not tell when they were recorded, and a summer break is no lack of interest."),
    ),
    Entry(
        _KINDS.USES, "near", Unit.USES,
        N_("Uses by where the card is from"),
        N_("Whether the card was granted in this municipality, in its county or farther away."),
        N_("It does not tell where somebody lives; uses of erased holders are among the last."),
    ),
    Entry(
        _KINDS.USES, "home", Unit.USES,
        N_("Uses by the card's county"),
        N_("Uses at venues here, by the county in which the card was granted."),
        _BY_CARD,
    ),
    Entry(
        _KINDS.USES, "venue", Unit.USES,
        N_("Uses by venue"),
        N_("Uses that the venue recorded, or a ticket broker for it."),
        N_("It does not tell how good a venue is; a small one has few places to give."),
    ),
    Entry(
        _KINDS.USES, "pace", Unit.USES,
        N_("How soon uses of adults were recorded"),
        N_("Whether a visit was recorded within a day, or later: from paper, for instance."),
        N_("It does not tell how many visits nobody ever recorded."),
    ),
    Entry(
        _KINDS.CARDS, "all", Unit.CARDS,
        N_("Cards granted"),
        N_("Cards granted in the year, renewed and replaced ones among them."),
        N_("It does not tell how many people have a card: somebody may have had two."),
    ),
    Entry(
        _KINDS.CARDS, "first", Unit.CARDS,
        N_("How soon a granted card was used"),
        N_("From the grant to the first visit, as known when the year was published."),
        N_("Not yet is not never: a card of December has had little time."),
    ),
    Entry(
        _KINDS.USED, "all", Unit.CARDS,
        N_("Of them used"),
        N_("A used card is one that was used at least once in the year in which it was granted."),
        N_("A card that was first used in the next year is not among them."),
    ),
    Entry(
        _KINDS.USED, "age", Unit.CARDS,
        N_("Used cards by age group"),
        N_("The age that the holder turned in the year of the grant, from the year of birth."),
        _NOT_ALL,
    ),
    Entry(
        _KINDS.USED, "gender", Unit.CARDS, N_("Used cards by gender"), _TOLD_FREELY, _NOT_ALL
    ),
    Entry(
        _KINDS.USED, "life", Unit.CARDS, N_("Used cards by life situation"), _TOLD_FREELY, _NOT_ALL
    ),
    Entry(
        _KINDS.UNUSED, "all", Unit.CARDS,
        N_("Not used in the year"),
        N_("Cards granted in the year that were not used in it."),
        N_("It does not tell why."),
    ),
    Entry(
        _KINDS.HOLDERS, "all", Unit.HOLDERS,
        N_("Holders from here who came"),
        N_("People who came at least once, anywhere, where the newest card they used is from."),
        N_("It does not tell where they went: uses at the places of an area are another figure."),
    ),
    Entry(
        _KINDS.HOLDERS, "often", Unit.HOLDERS,
        N_("How often holders came"),
        N_("How many visits a holder made in the year, anywhere; children are not counted."),
        N_("To come once is no failure: one visit may be what somebody wished for."),
    ),
    Entry(
        _KINDS.SHARED, "mood", Unit.HOLDERS,
        N_("Holders who shared their mood"), _SHARED, _NO_SAMPLE,
    ),
    Entry(
        _KINDS.BEFORE, "mood", Unit.FACES, N_("Mood at first (mean)"), _FIRST_MONTH, _NO_EFFECT
    ),
    Entry(_KINDS.AFTER, "mood", Unit.FACES, N_("Mood at last (mean)"), _LAST_MONTH, _NO_EFFECT),
    Entry(
        _KINDS.SHARED, "who5", Unit.HOLDERS,
        N_("Holders who shared the WHO-5 meter"), _SHARED, _NO_SAMPLE,
    ),
    Entry(
        _KINDS.BEFORE, "who5", Unit.POINTS, N_("WHO-5 at first (mean)"), _FIRST_MONTH, _NO_EFFECT
    ),
    Entry(_KINDS.AFTER, "who5", Unit.POINTS, N_("WHO-5 at last (mean)"), _LAST_MONTH, _NO_EFFECT),
    Entry(
        _KINDS.RATINGS, "all", Unit.RATINGS,
        N_("Visits with stars"),
        N_("Visits of the year to which holders gave stars afterwards, at venues here."),
        N_("Most visits have no stars: these are of those who wanted to say something."),
    ),
    Entry(
        _KINDS.RATINGS, "stars", Unit.RATINGS,
        N_("Visits by their stars"),
        N_("How many visits were given one, two, three, four or five stars."),
        N_("Most visits have no stars: these are of those who wanted to say something."),
    ),
    Entry(
        _KINDS.STARS, "all", Unit.STARS,
        N_("Stars (mean)"),
        N_("Mean of the stars that were given, from one to five."),
        N_("A mean of few stars says little: look how many visits have them."),
    ),
)  # fmt: skip

DICTIONARY: Mapping[tuple[str, str], Entry] = {(one.kind, one.family): one for one in _ENTRIES}
"""By kind and family of slices, in the order in which figures are told."""

BY_METER = frozenset({_KINDS.SHARED, _KINDS.BEFORE, _KINDS.AFTER})
"""Kinds of which each slice has an entry of its own: a face is no point."""


def entry_of(kind: str, scope: str, part: str) -> Entry:
    """Find what is to be known of a published figure."""
    if kind in BY_METER:
        return DICTIONARY[kind, part]
    family = "venue" if scope.startswith("venue:") else family_of(part)
    return DICTIONARY[kind, family]
