"""Publishes the figures of a year: a fixed list of tables that share totals, hidden as one.

    network ─▶ counting, voices ─▶ cells ─▶ totals ─▶ linked.hide ─▶ published figures

What is published is listed in `server.report.publishing.tables`, what hangs together in
`server.report.publishing.totals`. See ADR 0029.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from server.clock import day_of
from server.report.errors import AlreadyPublished, YearStillOpen
from server.report.models import FigureKind, Publication, PublishedFigure
from server.report.publishing.counting import Sum, add_up, cards_by_holder, uses_by_holder
from server.report.publishing.disclosure import FEWEST, Cell, Total
from server.report.publishing.network import Network, read_network
from server.report.publishing.tables import (
    COUNT_OF,
    COUNTY,
    FIRST,
    HOME_UNTOLD,
    WHOLE,
    FigureKey,
    fewest_of,
    is_known_below,
    is_open,
    is_possible,
    keys_of,
    only_through,
    scale_of,
)
from server.report.publishing.totals import totals_of
from server.report.publishing.voices import shares_by_holder, stars_by_holder
from server.report.rollup.cells import NATION, county_scope, venue_scope

NEAR_AN_END = 0.05
"""A mean so near to an end of its scale, in parts of it, says how nearly everybody answered."""

ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Published:
    """How a publication came out.

    Attributes:
        figures: How many there are.
        hidden: How many of them stay hidden.
        given_away: How many of these follow from the national yearly table in any case.
    """

    figures: int
    hidden: int
    given_away: int


def publish_year(db: Session, year: int, *, now: datetime) -> Published:
    """Publish *year*. Minutes, with millions of visits.

    Raises:
        YearStillOpen, AlreadyPublished.
        ValueError: Figures do not add up as readers can see that they should; nothing is published.
    """
    from server.report.publishing.linked import hide  # noqa: PLC0415 - a solver that servers need not carry

    if day_of(now) < date(year + 1, 2, 1):
        raise YearStillOpen
    name = str(year)
    if db.get(Publication, name) is not None:
        raise AlreadyPublished
    cells, totals = draw_up(db, name)
    check_sums(cells, totals)
    pattern = hide(cells, totals, knowing=known_inside(db, cells, name))
    told = _told(cells, pattern.hidden)
    db.add(Publication(year=name, made_at=now))
    db.flush()
    rows = [
        {"year": name, "kind": kind, "scope": scope, "slice": part, "value": value}
        for (kind, scope, part), value in told.items()
    ]
    db.execute(insert(PublishedFigure), rows)
    hidden = sum(value is None for value in told.values())
    return Published(len(told), hidden, len(pattern.given_away))


def draw_up(db: Session, year: str) -> tuple[dict[FigureKey, Cell], list[Total[FigureKey]]]:
    """Count the tables of a year, and say which figures hang together; means by their sums."""
    network = read_network(db, year)
    sums: dict[FigureKey, Sum] = {}
    for by_holder in (uses_by_holder, cards_by_holder, shares_by_holder, stars_by_holder):
        add_up(by_holder(db, year, network), sums)
    erased = sums.get((FigureKind.USES, NATION, HOME_UNTOLD), Sum()).value > 0
    cells = {
        key: _cell(
            key, sums, possible=is_possible(key, network, erased=erased),
            others=_others(key, sums, network),
        )
        for key in keys_of(network, year)
    }  # fmt: skip
    return cells, list(totals_of(cells, network, year))


def check_sums(cells: Mapping[FigureKey, Cell], totals: Iterable[Total[FigureKey]]) -> None:
    """See that sums are the sums of their parts, as they are taken for when figures are hidden.

    Raises:
        ValueError: One is not.
    """
    values = {key: cell.value for key, cell in cells.items()}
    for total in totals:
        left = total.left(values)
        if left < -ROUNDING or (left > ROUNDING and not total.more):
            raise ValueError(f"{total.of} is not the sum of its parts")


def known_inside(db: Session, cells: Mapping[FigureKey, Cell], year: str) -> list[list[FigureKey]]:
    """Give what each coordinator, and each venue, knows of its own in any case."""
    network = read_network(db, year)
    of_scope: dict[str, list[FigureKey]] = defaultdict(list)
    for key in cells:
        of_scope[key[1]].append(key)
    inside = {scope: list(of_scope[scope]) for scope in network.areas}
    own = [of_scope[venue_scope(venue_id)] for venue_id in network.venues]
    for areas, venue in zip(map(network.areas_of_venue.get, network.venues), own, strict=True):
        for area in areas or ():
            inside[area] += venue
    for county in map(county_scope, network.counties):
        match network.below(county):
            case [one, other]:  # whose own cards, used elsewhere in the county, are all of these
                inside[one].append((FigureKind.USES, other, COUNTY))
                inside[other].append((FigureKind.USES, one, COUNTY))
    return [*inside.values(), *own]


def _others(key: FigureKey, sums: Mapping[FigureKey, Sum], network: Network) -> int | None:
    """Count the holders that are left of a figure to whoever knows one part of it, at least."""
    _, scope, part = key
    if part == FIRST[-1] and 0 < (later := _used_later(scope, sums)) < FEWEST:
        return later
    below = _below(key, network) if is_known_below(key) else []
    if len(below) <= 1:
        return None
    holders = sums.get(key, Sum()).holders
    return min(holders - sums.get(only_through(key, one), Sum()).holders for one in below)


def _below(key: FigureKey, network: Network) -> list[str]:
    """Name what a figure of a county, or of an area, is made of."""
    kind, scope, part = key
    if scope.startswith("county:"):
        areas = network.below(scope)
        return [one for one in areas if is_possible((kind, one, part), network, erased=True)]
    of, _, name = part.partition(":")
    return [
        venue_scope(venue_id)
        for venue_id, areas in network.areas_of_venue.items()
        if scope in areas and (of != "cat" or name in network.admits_for[venue_id])
    ]


def _used_later(scope: str, sums: Mapping[FigureKey, Sum]) -> int:
    """Count cards that were not used in their year, but after it."""
    unused, never = (
        sums.get((kind, scope, part), Sum()).value
        for kind, part in ((FigureKind.UNUSED, WHOLE), (FigureKind.CARDS, FIRST[-1]))
    )
    return unused - never


def _cell(
    key: FigureKey, sums: Mapping[FigureKey, Sum], *, possible: bool, others: int | None
) -> Cell:
    kind, scope, part = key
    counted = sums.get(key, Sum())
    step, alike = 1, False
    if kind in COUNT_OF:
        least, most = scale_of(kind, part)
        step = (least + most + 1) // 2
        of = sums.get((COUNT_OF[kind], scope, part), Sum()).value
        alike = kind is not FigureKind.STARS and _is_near_an_end(counted.value, of, least, most)
    return Cell(
        counted.value, counted.holders, counted.largest, counted.second,
        possible=possible or counted.value > 0, open=is_open(key), fewest=fewest_of(kind),
        step=step, alike=alike, others=others,
    )  # fmt: skip


def _is_near_an_end(total: int, of: int, least: int, most: int) -> bool:
    room = NEAR_AN_END * (most - least) * of
    return total - least * of < room or most * of - total < room


def _told(
    cells: Mapping[FigureKey, Cell], hidden: frozenset[FigureKey]
) -> dict[FigureKey, int | None]:
    """Give what is published; of sums their means, in tenths, where it is told of how many."""
    told: dict[FigureKey, int | None] = {}
    for key, cell in cells.items():
        kind, scope, part = key
        told[key] = None if key in hidden else cell.value
        if kind in COUNT_OF and told[key] is not None:
            of = (COUNT_OF[kind], scope, part)
            many = 0 if of in hidden else cells[of].value
            told[key] = (20 * cell.value + many) // (2 * many) if many else None
    return told
