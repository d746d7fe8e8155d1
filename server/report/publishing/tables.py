"""The fixed list of what is published of a year: which figures there are, and for which places.

    country, counties, areas    uses: all, by category, adults and children
                                cards granted, used and not used; holders; shared wellbeing; stars
    country, counties           uses by month, in time or late, by the county of the card
                                cards by how soon they were used; used ones by classes of holders
                                holders by how often they came; ratings by stars
    areas                       uses by how near the card is from
    venues                      uses

What the whole country did in a year, by category, adults and children, and how many cards it
granted and used, are open: these figures have always been published, small or not
(`server.report.service.national_years`).
"""

from collections.abc import Iterator, Mapping

from server.grant.classes import GENDERS, LIFE_SITUATIONS
from server.report.models import FigureKind
from server.report.publishing.disclosure import FEWEST, FEWEST_WELLBEING
from server.report.publishing.network import Network
from server.report.rollup.cells import AGE_GROUPS, NATION, SOON, months_of, venue_scope
from shared.feedback import STARS
from shared.scan import Category
from shared.wellbeing import Meter

FigureKey = tuple[FigureKind, str, str]
"""Kind, scope, slice."""

WHOLE = "all"
UNTOLD = "untold"
"""The class of those who did not tell, and the home of those who were erased."""

ADULTS, CHILDREN = "adults", "children"
IN_TIME, LATE = "in-time", "late"
OWN, COUNTY, AWAY = "near:own", "near:county", "near:away"
"""How near a card is from. Uses of erased holders are with those from farther away: by themselves
they would always be hidden, and one of the other three with them.
"""
HOME_UNTOLD = f"home:{UNTOLD}"
NO_COUNTY = "none"
"""The home of cards of a municipality that is in no county any more."""

CATEGORIES = [f"cat:{category}" for category in Category]
NEAR = [OWN, COUNTY, AWAY]
FIRST = [f"first:{name}" for name in SOON]
OFTEN: Mapping[str, int] = {"often:1": 1, "often:2-4": 2, "often:5-9": 5, "often:10-": 10}
"""How often holders came, and at least how often that is."""
STAR: Mapping[str, int] = {f"stars:{stars}": stars for stars in STARS}
METERS: Mapping[str, tuple[int, int]] = {Meter.MOOD.value: (1, 5), Meter.WHO5.value: (0, 100)}
"""What holders share, with the least and the most points."""
CLASSES = {
    "age": [*AGE_GROUPS, UNTOLD],
    "gender": [*GENDERS, UNTOLD],
    "life": [*LIFE_SITUATIONS, UNTOLD],
}
"""What used cards are told by, and the classes of each."""

COUNT_OF = {
    FigureKind.BEFORE: FigureKind.SHARED,
    FigureKind.AFTER: FigureKind.SHARED,
    FigureKind.STARS: FigureKind.RATINGS,
}
"""Kinds that are means, and what their sum is divided by."""

_ALL_OF = (
    FigureKind.USES, FigureKind.CARDS, FigureKind.USED, FigureKind.UNUSED, FigureKind.HOLDERS,
    FigureKind.RATINGS, FigureKind.STARS,
)  # fmt: skip
_OPEN_KINDS = {FigureKind.USES, FigureKind.CARDS, FigureKind.USED, FigureKind.UNUSED}
_OPEN_SLICES = {WHOLE, *CATEGORIES, ADULTS, CHILDREN}
_KNOWN_TO_VENUES = {*CATEGORIES, ADULTS, CHILDREN}
_PLACE_KINDS = {FigureKind.USES, FigureKind.RATINGS, FigureKind.STARS}


def keys_of(network: Network, year: str) -> Iterator[FigureKey]:
    """Give the key of every figure of a year, in a fixed order."""
    for scope in (*network.large, *network.areas):
        for kind, part in _everywhere():
            yield kind, scope, part
    for scope in network.large:
        for kind, part in _of_large(network, year):
            yield kind, scope, part
    for scope in network.areas:
        for part in NEAR:
            yield FigureKind.USES, scope, part
    for venue_id in network.venues:
        yield FigureKind.USES, venue_scope(venue_id), WHOLE


def _everywhere() -> Iterator[tuple[FigureKind, str]]:
    for kind in _ALL_OF:
        yield kind, WHOLE
    for part in (*CATEGORIES, ADULTS, CHILDREN):
        yield FigureKind.USES, part
    for kind in (FigureKind.SHARED, FigureKind.BEFORE, FigureKind.AFTER):
        for meter in METERS:
            yield kind, meter


def _of_large(network: Network, year: str) -> Iterator[tuple[FigureKind, str]]:
    for part in (*months_of(year), IN_TIME, LATE, *homes(network)):
        yield FigureKind.USES, part
    for part in FIRST:
        yield FigureKind.CARDS, part
    for of, classes in CLASSES.items():
        for name in classes:
            yield FigureKind.USED, f"{of}:{name}"
    for part in OFTEN:
        yield FigureKind.HOLDERS, part
    for part in STAR:
        yield FigureKind.RATINGS, part


def homes(network: Network) -> list[str]:
    """Give the slices of where cards are from."""
    none = [f"home:{NO_COUNTY}"] if network.alone else []
    return [*(f"home:{code}" for code in network.counties), *none, HOME_UNTOLD]


def is_open(key: FigureKey) -> bool:
    """Tell whether a figure is in the national yearly table, or follows from it."""
    kind, scope, part = key
    return scope == NATION and kind in _OPEN_KINDS and part in _OPEN_SLICES


def is_possible(key: FigureKey, network: Network, *, erased: bool) -> bool:
    """Tell whether a figure may be anything but nothing; *erased*: some uses are nobody's."""
    kind, scope, part = key
    if kind not in _PLACE_KINDS:
        return scope in network.granting
    return scope.startswith("venue:") or _may_be_used(scope, part, network, erased=erased)


def _may_be_used(scope: str, part: str, network: Network, *, erased: bool) -> bool:
    offers = network.offers.get(scope, set())
    of, _, name = part.partition(":")
    if of == "cat":
        return name in offers
    if name == UNTOLD:
        return erased and bool(offers)
    if of == "home":
        return bool(offers) and network.grants_home(name)
    if of == "near":
        return bool(offers) and network.grants_near(scope, part)
    return bool(offers)


def is_known_below(key: FigureKey) -> bool:
    """Tell whether those below know their own part, though it is not published.

    A coordinator knows months and classes of the own area, a venue its own children.
    """
    kind, scope, part = key
    if scope.startswith("county:"):
        return part not in _OPEN_SLICES and kind in _OPEN_KINDS
    if scope.startswith("area:"):
        return part in _KNOWN_TO_VENUES or kind is FigureKind.RATINGS
    return False


def only_through(key: FigureKey, below: str) -> FigureKey:
    """Name the count of those who are in a figure through one of its parts alone."""
    kind, scope, part = key
    return kind, scope, f"{part} {below}"


def fewest_of(kind: FigureKind) -> int:
    """Give how many distinct holders a figure of a kind takes."""
    return FEWEST_WELLBEING if COUNT_OF.get(kind, kind) is FigureKind.SHARED else FEWEST


def scale_of(kind: FigureKind, part: str) -> tuple[int, int]:
    """Give the least and the most that one answer adds to the sum of which a mean is told."""
    return (STARS[0], STARS[-1]) if kind is FigureKind.STARS else METERS[part]
