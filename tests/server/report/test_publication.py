"""A year is published once; whoever reads all of it finds nobody."""

import random
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.report.errors import AlreadyPublished, YearStillOpen
from server.report.models import FigureKind, PublishedFigure
from server.report.publication import FigureKey, draw_up, publish_year
from server.report.years import NationalYear
from server.synth.load import fill
from shared.scan import Category
from tests.server.report.test_disclosure import found_out
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
ATTACKED = 60


@pytest.fixture
def db(engine: Engine):
    fill(engine, years=[SHAPE])
    count(engine)
    with Session(engine) as db:
        yield db


def published(db: Session) -> dict[FigureKey, int | None]:
    rows = db.scalars(select(PublishedFigure))
    return {(row.kind, row.scope, row.slice): row.value for row in rows}


def test_a_whole_published_year_gives_nobody_away(db: Session) -> None:
    cells, totals = draw_up(db, str(SHAPE.year))
    hidden_many = publish_year(db, SHAPE.year, now=LATER)

    told = {
        (row.kind, row.scope, row.slice): row.value for row in db.scalars(select(PublishedFigure))
    }
    hidden = {key for key, value in told.items() if value is None}
    assert told.keys() == cells.keys()
    assert len(hidden) == hidden_many
    assert all(value == cells[key].value for key, value in told.items() if value is not None)
    # A whole country's small figures are many: some of them each time, not the same ones.
    small = [key for key, cell in cells.items() if cell.tells]
    assert len(small) > ATTACKED
    some = random.Random(len(small)).sample(small, ATTACKED)  # noqa: S311 - a test
    assert (
        found_out({key: cells[key] for key in some} | _shown(cells, hidden), totals, hidden) == []
    )


def _shown(cells, hidden):
    """Give what is no small figure: nothing of it is attacked, all of it is known or hidden."""
    return {key: cell for key, cell in cells.items() if not cell.tells or key not in hidden}


def test_national_figures_are_open_and_many_of_the_areas_are(db: Session) -> None:
    publish_year(db, SHAPE.year, now=LATER)

    told = {
        (row.kind, row.scope, row.slice): row.value for row in db.scalars(select(PublishedFigure))
    }
    assert told[FigureKind.USES, "fi", "all"] == SHAPE.uses
    assert told[FigureKind.CARDS, "fi", "all"] == SHAPE.cards
    assert told[FigureKind.USED, "fi", "all"] == SHAPE.used
    areas = [value for (_, scope, _), value in told.items() if scope.startswith("area:")]
    assert sum(value is not None for value in areas) > len(areas) / 4


def test_a_year_is_published_when_it_is_over_and_once(db: Session) -> None:
    with pytest.raises(YearStillOpen):
        publish_year(db, SHAPE.year, now=datetime(2021, 1, 31, 12, tzinfo=UTC))
    publish_year(db, SHAPE.year, now=LATER)

    with pytest.raises(AlreadyPublished):
        publish_year(db, SHAPE.year, now=LATER)
