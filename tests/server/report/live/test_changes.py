"""Live figures beside those of the year before."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.report.live.dashboard import live_year
from server.report.models import FigureKind, PublishedFigure
from server.venue.models import Scanner
from server.visit.models import Visit, Voiding
from tests.factories import NOON, make_card, make_scanner, make_visit
from tests.server.report.cells import settle
from tests.server.report.live.reading import (
    COUNTY,
    NATION,
    come,
    publish_last_year,
    read,
)


@pytest.fixture
def two_years(db: Session) -> Scanner:
    """Six holders came each month of last year, a seventh in May; six and a child of this one."""
    scanner = make_scanner(db)
    begin = NOON.replace(year=2025, month=1)
    cards = [make_card(db, now=begin)[0] for _ in range(7)]
    make_visit(db, cards[6], scanner, at=begin.replace(month=5))
    for year, months, children in ((2025, 12, 0), (2026, 11, 1)):
        for month in range(1, months + 1):
            for card in cards[:6]:
                at = NOON.replace(year=year, month=month)
                make_visit(db, card, scanner, at=at, children=children if card is cards[0] else 0)
    return scanner


@pytest.mark.usefixtures("two_years")
def test_a_running_year_compares_the_months_that_are_over(db: Session) -> None:
    told = read(db, NATION)

    change = told.changes["uses"]
    assert told.uses == 77, "with November"
    assert (change.n, change.before, change.percent) == (70, 61, 15)
    assert (change.months[0], change.months[-1]) == ("2026-01", "2026-10")
    assert told.changes.keys() == {"uses"}, "of the others there are no lines by month"


def test_a_year_that_is_over_is_compared_as_a_whole(db: Session, two_years: Scanner) -> None:
    come(db, two_years, 6, at=NOON.replace(year=2024))

    changes = read(db, NATION, "2025").changes

    assert (changes["uses"].n, changes["uses"].before, changes["uses"].percent) == (73, 6, 1117)
    assert (changes["holders"].n, changes["holders"].before) == (7, 6)
    assert changes["uses"].months == ()


@pytest.mark.usefixtures("two_years")
def test_in_january_there_is_nothing_to_compare_yet(db: Session) -> None:
    settle(db)

    assert live_year(db, NATION, "2026", now=NOON.replace(month=1)).changes == {}


def test_a_comparison_that_would_tell_of_a_hidden_month_is_not_made(
    db: Session, two_years: Scanner
) -> None:
    """With two left in December, the year less the other months would be they."""
    assert "uses" in read(db, NATION).changes
    last = NOON.replace(year=2025, month=12)
    found = db.scalars(select(Visit.id).where(Visit.visited_at == last).limit(4)).all()
    gone = {"scanner_id": two_years.id, "voided_at": NOON}
    db.add_all([Voiding(visit_id=visit_id, **gone) for visit_id in found])

    told = read(db, NATION)

    assert told.uses == 77
    assert "uses" not in told.changes


@pytest.mark.usefixtures("two_years")
def test_a_running_year_is_compared_with_what_was_published_of_the_one_before(db: Session) -> None:
    """What the cells of a published year say by now is nobody's to know."""
    uses, county = FigureKind.USES, "county:08"
    months = {f"2025-{month:02}": 5 + month for month in range(1, 13)}
    of_months = {(uses, county, month): n for month, n in months.items()}
    publish_last_year(db, {(uses, county, "all"): sum(months.values())} | of_months)

    assert read(db, COUNTY).changes["uses"].before == sum(range(6, 16))

    hidden = db.get_one(PublishedFigure, ("2025", uses, county, "2025-03"))
    hidden.value = None
    assert read(db, COUNTY).changes == {}
