"""What of a published year hangs together: every sum, and every bound, that a reader knows.

A bound holds by what the figures mean (a visit has one rating at most); some only nearly (a card
that was replaced makes two cards of one holder). Those that the figures themselves contradict
nobody can count on; they are left out.
"""

from collections.abc import Iterator, Mapping
from uuid import UUID

from server.report.models import FigureKind
from server.report.publishing.disclosure import Cell, Total
from server.report.publishing.network import Network
from server.report.publishing.tables import (
    ADULTS,
    CATEGORIES,
    CHILDREN,
    CLASSES,
    COUNT_OF,
    COUNTY,
    FIRST,
    IN_TIME,
    LATE,
    NEAR,
    OFTEN,
    OWN,
    STAR,
    WHOLE,
    FigureKey,
    homes,
    scale_of,
)
from server.report.rollup.cells import NATION, county_scope, months_of, venue_scope

Sums = Iterator[Total[FigureKey]]

ROUNDING = 1e-9

_USES = FigureKind.USES


def totals_of(cells: Mapping[FigureKey, Cell], network: Network, year: str) -> Sums:
    """Say which figures are sums of which, and which bound which."""
    values = {key: cell.value for key, cell in cells.items()}
    yield from _of_scopes(network, year)
    yield from _of_places(cells, network)
    yield from _of_homes(network)
    for total in (*_of_venues(network), *_bounds(cells, network)):
        left = total.left(values)
        if abs(left) < ROUNDING or (total.more and left > 0):
            yield total


def _of_scopes(network: Network, year: str) -> Sums:
    """Say what adds up within a place."""
    for scope in (*network.large, *network.areas):
        yield _sum(_USES, scope, WHOLE, CATEGORIES)
        yield _sum(_USES, scope, WHOLE, [ADULTS, CHILDREN])
        cards = (FigureKind.CARDS, scope, WHOLE)
        yield Total(cards, [(FigureKind.USED, scope, WHOLE), (FigureKind.UNUSED, scope, WHOLE)])
    for scope in network.large:
        yield _sum(_USES, scope, WHOLE, months_of(year))
        yield _sum(_USES, scope, ADULTS, [IN_TIME, LATE])
        yield _sum(_USES, scope, WHOLE, homes(network))
        yield _sum(FigureKind.CARDS, scope, WHOLE, FIRST)
        for of, classes in CLASSES.items():
            yield _sum(FigureKind.USED, scope, WHOLE, [f"{of}:{name}" for name in classes])
        yield _sum(FigureKind.HOLDERS, scope, WHOLE, list(OFTEN))
        yield _sum(FigureKind.RATINGS, scope, WHOLE, list(STAR))
        stars = [(FigureKind.RATINGS, scope, part) for part in STAR]
        yield Total((FigureKind.STARS, scope, WHOLE), stars, list(map(float, STAR.values())))
    for scope in network.areas:
        yield _sum(_USES, scope, WHOLE, NEAR)


def _sum(kind: FigureKind, scope: str, of: str, parts: list[str]) -> Total[FigureKey]:
    return Total((kind, scope, of), [(kind, scope, part) for part in parts])


def _of_places(cells: Mapping[FigureKey, Cell], network: Network) -> Sums:
    """Say what counties add up to, and areas.

    Of areas that are in no county some figures are not told: they are what is left.
    """
    for kind, scope, part in cells:
        below = network.below(scope)
        inside = [(kind, place, part) for place in below if (kind, place, part) in cells]
        if inside:
            yield Total((kind, scope, part), inside, more=len(inside) < len(below))


def _of_homes(network: Network) -> Sums:
    """Say what the county of the card has to do with how near it is; elsewhere is what is left."""
    for code in network.counties:
        scope = county_scope(code)
        areas = network.below(scope)
        near = [(_USES, area, part) for area in areas for part in (OWN, COUNTY)]
        yield Total((_USES, scope, f"home:{code}"), near)


def _of_venues(network: Network) -> Sums:
    """Say what venues make up: their area, and what it did in a category.

    A venue whose area merged within the year was in two; these areas are taken together.
    """
    for areas, venues in _groups(network):
        area, *others = areas
        parts = [*map(_venue, venues), *((_USES, other, WHOLE) for other in others)]
        weights = [*(1.0 for _ in venues), *(-1.0 for _ in others)]
        yield Total((_USES, area, WHOLE), parts, weights)
        for category in [] if others else CATEGORIES:
            name = category.removeprefix("cat:")
            offering = [venue for venue in venues if name in network.admits_for[venue]]
            alone = [venue for venue in offering if len(network.admits_for[venue]) == 1]
            of = (_USES, area, category)
            yield Total(of, list(map(_venue, alone)), more=offering != alone)
            if offering != alone:
                first, *rest = map(_venue, offering)
                yield Total(first, [of, *rest], [1.0, *(-1.0 for _ in rest)], more=True)


def _groups(network: Network) -> Iterator[tuple[list[str], list[UUID]]]:
    """Give each area, or areas that share venues, with the venues in them."""
    groups: list[tuple[set[str], list[UUID]]] = []
    for venue in network.venues:
        areas, venues = set(network.areas_of_venue[venue]), [venue]
        for group in [one for one in groups if one[0] & areas]:
            groups.remove(group)
            areas, venues = areas | group[0], [*group[1], *venues]
        groups.append((areas, venues))
    for areas, venues in groups:
        yield sorted(areas), venues


def _venue(venue_id: UUID) -> FigureKey:
    return _USES, venue_scope(venue_id), WHOLE


def _bounds(cells: Mapping[FigureKey, Cell], network: Network) -> Sums:
    """Say what cannot be more than something else."""
    for scope in (*network.large, *network.areas):
        holders = (FigureKind.HOLDERS, scope, WHOLE)
        yield Total(holders, [(FigureKind.USED, scope, WHOLE)], more=True)
        yield Total((_USES, scope, ADULTS), [(FigureKind.RATINGS, scope, WHOLE)], more=True)
    for scope in network.large:
        never = (FigureKind.CARDS, scope, FIRST[-1])
        yield Total((FigureKind.UNUSED, scope, WHOLE), [never], more=True)
        came = [(FigureKind.HOLDERS, scope, part) for part in OFTEN]
        home = f"home:{scope.removeprefix('county:')}"
        uses = (_USES, NATION, ADULTS if scope == NATION else home)
        yield Total(uses, came, list(map(float, OFTEN.values())), more=True)
    for kind, scope, part in cells:
        if (of := COUNT_OF.get(kind)) is not None:
            least, most = scale_of(kind, part)
            yield Total((kind, scope, part), [(of, scope, part)], [float(least)], more=True)
            yield Total((of, scope, part), [(kind, scope, part)], [1 / most], more=True)
