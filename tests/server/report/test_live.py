"""What live figures tell: nothing of fewer than five holders, and nothing by subtraction."""

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from server.area.models import Area
from server.ids import new_id
from server.report.live.dashboard import LiveYear, live_year, live_years
from server.report.live.reach import Reach
from server.report.models import ReportCell
from server.report.rollup.cells import area_scope
from server.venue.models import Venue
from tests.factories import NOON, make_card, make_scanner
from tests.server.report.test_rollup import settle, visit


def area_of(db: Session) -> Area:
    return db.scalars(select(Area).where(Area.municipality_code == "837")).one()


def reach_of(db: Session) -> Reach:
    return Reach(area_id=area_of(db).id)


def year_of(db: Session) -> LiveYear:
    return live_year(db, reach_of(db), "2026", now=NOON)


def come(db: Session, holders: int, **how: object) -> None:
    scanner = db.scalars(select(Venue)).first()
    door = make_scanner(db, venue=scanner)
    for _ in range(holders):
        visit(db, make_card(db)[0], door, **how)


def test_an_area_without_visits_has_no_years(db: Session) -> None:
    make_card(db)

    assert live_years(db, reach_of(db)) == []


def test_fewer_than_five_holders_are_no_figure(db: Session) -> None:
    come(db, 4, children=2)
    settle(db)

    told = year_of(db)

    assert (told.uses, told.children, told.holders, told.cards, told.lines) == (
        None, None, None, None, {},
    )  # fmt: skip


def test_five_holders_are_a_figure_and_a_small_month_is_hidden_with_others(db: Session) -> None:
    come(db, 20)
    come(db, 2, at=NOON.replace(month=3))
    come(db, 9, at=NOON.replace(month=7))
    settle(db)

    told = year_of(db)

    months = told.lines["month"].parts
    assert told.uses == 31
    assert list(months) == [f"2026-{month:02}" for month in range(1, 12)], "December is to come"
    assert months["2026-03"] is None
    assert months["2026-01"] is None, "a month without visits is small, too"
    assert months["2026-11"] == 20
    assert months["2026-07"] is None, "else the small ones together would be known to be two"


def test_used_cards_are_not_told_when_hardly_any_is_unused(db: Session) -> None:
    come(db, 9)
    make_card(db)
    settle(db)

    told = year_of(db)

    assert (told.cards, told.cards_used) == (10, None)


@pytest.mark.parametrize("many", [0, 3])
def test_other_areas_that_nearly_nobody_came_from_are_not_named(db: Session, many: int) -> None:
    come(db, 12)
    settle(db)
    area, other = area_of(db), Area(id=new_id(NOON), municipality_code="853", name="Turku")
    db.add(other)
    key = {"period": "2026", "scope": area_scope(area.id), "slice": f"from:{other.id}"}
    numbers = dict.fromkeys(("children", "late", "cards", "cards_used"), 0)
    db.add(ReportCell(**key, **numbers, adults=many, holders=many))
    db.flush()

    told = year_of(db)

    assert str(area.id) in told.lines["from"].parts or many
    assert str(other.id) not in told.lines["from"].parts


def test_reading_figures_counts_no_visits(db: Session, engine: Engine) -> None:
    come(db, 6)
    settle(db)
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    year_of(db)
    event.remove(engine, "before_cursor_execute", note)

    assert asked
    assert not [one for one in asked if "FROM visit" in one or "JOIN visit" in one]
