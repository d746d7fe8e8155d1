"""A year is published once; whoever reads all of it finds nobody."""

import random
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.area.models import Area
from server.report.errors import AlreadyPublished, YearStillOpen
from server.report.models import FigureKind, PublishedFigure
from server.report.publishing.disclosure import Cell
from server.report.publishing.linked import hide
from server.report.publishing.publication import draw_up, known_inside, publish_year
from server.report.publishing.tables import COUNT_OF, FigureKey
from server.report.rollup.cells import area_scope, county_scope, venue_scope
from server.report.years import NationalYear
from server.synth.load import fill
from server.venue.models import Venue
from shared.scan import Category
from tests.server.report.attacker import found_out
from tests.server.report.world import liven
from tests.server.synth.test_synth import count

SHAPE = NationalYear(
    year=2020,
    cards=900,
    used=300,
    adults=dict(zip(Category, (600, 40, 200, 800), strict=True)),
    children=dict(zip(Category, (60, 2, 90, 300), strict=True)),
    municipalities=14,
)
LATER = datetime(2021, 2, 1, 12, tzinfo=UTC)
ATTACKED = 120


@contextmanager
def synthetic_year(engine: Engine) -> Iterator[Session]:
    """A year with every kind of figure."""
    fill(engine, years=[SHAPE])
    count(engine)
    with Session(engine) as db:
        liven(db, SHAPE.year)
        yield db


@pytest.fixture
def any_year(engine: Engine):
    """It on both databases."""
    with synthetic_year(engine) as db:
        yield db


@pytest.fixture
def year(sqlite_engine: Engine):
    """It where it does not matter which database it is."""
    with synthetic_year(sqlite_engine) as db:
        yield db


def published(db: Session) -> dict[FigureKey, int | None]:
    rows = db.scalars(select(PublishedFigure))
    return {(row.kind, row.scope, row.slice): row.value for row in rows}


def some_small(cells: dict[FigureKey, Cell]) -> list[FigureKey]:
    """Choose some of the small figures, of each kind, not the same ones whenever they change."""
    small = [key for key, cell in cells.items() if cell.tells]
    assert len({kind for kind, *_ in small}) > 8
    assert len(small) > ATTACKED
    return random.Random(len(small)).sample(small, ATTACKED)  # noqa: S311 - a test


def test_a_whole_published_year_gives_nobody_away(any_year: Session) -> None:
    cells, totals = draw_up(any_year, str(SHAPE.year))
    came_out = publish_year(any_year, SHAPE.year, now=LATER)

    told = published(any_year)
    hidden = {key for key, value in told.items() if value is None}
    assert told.keys() == cells.keys()
    assert (len(told), len(hidden), 0) == (
        came_out.figures, came_out.hidden, came_out.given_away,
    )  # fmt: skip
    for key, value in told.items():
        if value is not None and key[0] not in COUNT_OF:
            assert value == cells[key].value
    assert found_out(cells, totals, hidden, among=some_small(cells)) == []


def test_a_coordinator_finds_nobody_of_another_area(year: Session) -> None:
    cells, totals = draw_up(year, str(SHAPE.year))
    inside = known_inside(year, cells, str(SHAPE.year))
    publish_year(year, SHAPE.year, now=LATER)

    hidden = {key for key, value in published(year).items() if value is None}
    knowing = sorted((known for known in inside if hidden & {*known}), key=len)[-3:]
    for known in knowing:
        assert len(known) > 1
        among = [key for key in some_small(cells) if key not in known]
        assert found_out(cells, totals, hidden - {*known}, among=among) == []


def test_hiding_small_figures_alone_would_give_people_away(year: Session) -> None:
    """So the attacker of the test above is one to be afraid of."""
    cells, totals = draw_up(year, str(SHAPE.year))
    small = {key for key, cell in cells.items() if cell.tells}

    assert len(found_out(cells, totals, small, among=some_small(cells))) > ATTACKED / 4


def test_a_mean_is_told_in_tenths_where_it_is_told_of_how_many(year: Session) -> None:
    cells, _ = draw_up(year, str(SHAPE.year))
    publish_year(year, SHAPE.year, now=LATER)

    told = published(year)
    means = {key: value for key, value in told.items() if key[0] in COUNT_OF}
    assert sum(value is not None for value in means.values()) > 5
    for (kind, scope, part), value in means.items():
        many = told[COUNT_OF[kind], scope, part]
        if value is not None:
            assert many
            assert abs(value / 10 - cells[kind, scope, part].value / many) <= 0.05
        if kind is not FigureKind.STARS and many is not None:
            assert many == 0 or many >= 10


def test_the_same_data_are_hidden_alike_every_time(year: Session) -> None:
    once = draw_up(year, str(SHAPE.year))
    again = draw_up(year, str(SHAPE.year))

    assert once == again
    inside = known_inside(year, once[0], str(SHAPE.year))
    assert hide(*once, knowing=inside) == hide(*again, knowing=inside)


def test_national_figures_are_open_and_many_of_the_areas_are(year: Session) -> None:
    publish_year(year, SHAPE.year, now=LATER)

    told = published(year)
    assert told[FigureKind.USES, "fi", "all"] == SHAPE.uses
    assert told[FigureKind.USES, "fi", "children"] == sum(SHAPE.children.values())
    assert told[FigureKind.CARDS, "fi", "all"] == SHAPE.cards
    assert told[FigureKind.USED, "fi", "all"] == SHAPE.used
    everywhere = {"all", "adults", "children", *(f"cat:{category}" for category in Category)}
    areas = [
        value
        for (kind, scope, part), value in told.items()
        if scope.startswith("area:") and part in everywhere and kind is FigureKind.USES
    ]
    assert sum(value is not None for value in areas) > len(areas) / 4


def test_a_year_is_published_when_it_is_over_and_once(db: Session) -> None:
    with pytest.raises(YearStillOpen):
        publish_year(db, SHAPE.year, now=datetime(2021, 1, 31, 12, tzinfo=UTC))
    publish_year(db, SHAPE.year, now=LATER)

    with pytest.raises(AlreadyPublished):
        publish_year(db, SHAPE.year, now=LATER)


def test_every_sum_that_a_reader_can_see_is_reckoned_with(year: Session) -> None:
    """Found here by the names of the figures alone, not as the totals are made."""
    cells, totals = draw_up(year, str(SHAPE.year))
    reckoned = {(total.of, frozenset(total.parts)) for total in totals if not total.more}
    county_of = {
        area_scope(area.id): county_scope(area.county_code) for area in year.scalars(select(Area))
    }
    area_of = {
        venue_scope(venue.id): area_scope(venue.area_id) for venue in year.scalars(select(Venue))
    }
    seen: dict[tuple[FigureKey, str], set[FigureKey]] = defaultdict(set)
    for kind, scope, part in cells:
        family = part.split(":")[0] if ":" in part else part[:4]
        whole = {"adul": "all", "chil": "all", "in-t": "adults", "late": "adults", "all": ""}
        if of := whole.get(family, "" if part in {"mood", "who5"} else "all"):
            named = {"adul": "who", "chil": "who", "in-t": "pace", "late": "pace"}
            seen[(kind, scope, of), named.get(family, family)].add((kind, scope, part))
        if scope.startswith("county:"):
            seen[(kind, "fi", part), "counties"].add((kind, scope, part))
        if scope in county_of:
            if (kind, county_of[scope], part) in cells:
                seen[(kind, county_of[scope], part), "areas"].add((kind, scope, part))
            if part in {"near:own", "near:county"}:
                home = f"home:{county_of[scope].removeprefix('county:')}"
                seen[(kind, county_of[scope], home), "near"].add((kind, scope, part))
        if scope in area_of:
            seen[(kind, area_of[scope], "all"), "venues"].add((kind, scope, part))
    for scope in {scope for _, scope, _ in cells if not scope.startswith("venue:")}:
        halves = {(FigureKind.USED, scope, "all"), (FigureKind.UNUSED, scope, "all")}
        seen[(FigureKind.CARDS, scope, "all"), "halves"] = halves

    assert len(seen) > 300
    for (of, how), parts in seen.items():
        assert sum(cells[part].value for part in parts) == cells[of].value, (of, how)
        assert (of, frozenset(parts)) in reckoned, (of, how)
