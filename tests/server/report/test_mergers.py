"""Municipalities merge: what was before stays where it was, what comes after is the new one's."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.area.mergers import Merger, merge_areas
from server.area.models import Area
from server.card.models import Card
from server.distributor.models import Distributor
from server.ids import new_id
from server.report.models import ReportChange
from server.report.rollup.recount import rebuild
from tests.factories import NOON, make_area, make_card, make_scanner, make_venue, make_visit
from tests.server.report.cells import cell, kept, settle, wrong

NEW_YEAR = datetime(2026, 12, 31, 22, 0, tzinfo=UTC)
"""Midnight in Finland."""
USE = {"adults": 1, "holders": 1}


def card_of(db: Session, place: Area) -> Card:
    card, _ = make_card(db)
    desk = Distributor(id=new_id(NOON), area_id=place.id, name="Jakaja")
    db.add(desk)
    db.flush()
    db.execute(update(Card).where(Card.id == card.id).values(distributor_id=desk.id))
    return card


def test_what_was_before_a_merger_stays(db: Session) -> None:
    small, large = make_area(db, "853", "Turku"), make_area(db, "049", "Espoo")
    card, scanner = card_of(db, small), make_scanner(db, venue=make_venue(db, area=small))
    make_visit(db, card, scanner, at=NEW_YEAR - timedelta(minutes=1))
    settle(db)

    merge_areas(db, Merger(small, large, date(2027, 1, 1)))
    make_visit(db, card, scanner, at=NEW_YEAR)
    settle(db)

    assert cell(db, "2026", f"area:{small.id}") == USE == cell(db, "2027", f"area:{large.id}")
    assert cell(db, "2027", f"area:{small.id}") == {} == cell(db, "2026", f"area:{large.id}")
    counties = [f"county:{one.county_code}" for one in (small, large)]
    assert cell(db, "2026", counties[0]) == USE == cell(db, "2027", counties[1])
    assert cell(db, "2026", f"area:{small.id}", f"from:{small.id}") == USE
    assert cell(db, "2027", f"area:{large.id}", f"from:{large.id}") == USE
    assert cell(db, "2026", f"area:{small.id}", "home") == USE | {"cards": 1, "cards_used": 1}
    assert cell(db, "2027", f"area:{large.id}", "home") == USE
    assert wrong(db) == []


def test_a_late_entry_of_before_the_merger_counts_where_it_was(db: Session) -> None:
    small, large = make_area(db, "853", "Turku"), make_area(db, "049", "Espoo")
    card, scanner = card_of(db, small), make_scanner(db, venue=make_venue(db, area=small))
    merge_areas(db, Merger(small, large, date(2027, 1, 1)))

    make_visit(db, card, scanner, at=NEW_YEAR - timedelta(days=3), recorded_at=NEW_YEAR)
    settle(db)

    assert cell(db, "2026", f"area:{small.id}") == USE | {"late": 1}
    assert wrong(db) == []


def test_areas_merge_again_and_new_places_are_the_last_ones(db: Session) -> None:
    first, second, third = (make_area(db, *of) for of in (("853", "A"), ("049", "B"), ("091", "C")))
    card, scanner = card_of(db, first), make_scanner(db, venue=make_venue(db, area=first))
    merge_areas(db, Merger(first, second, date(2027, 1, 1)))
    merge_areas(db, Merger(second, third, date(2028, 1, 1)))
    new = make_scanner(db, venue=make_venue(db, area=third))

    for year in (2026, 2027, 2028):
        make_visit(db, card, scanner, at=datetime(year, 6, 1, tzinfo=UTC))
    make_visit(db, card, new, at=datetime(2026, 6, 1, tzinfo=UTC))
    settle(db)

    for year, place in (("2026", first), ("2027", second), ("2028", third)):
        assert cell(db, year, f"area:{place.id}", f"from:{place.id}") == USE
    assert cell(db, "2026", f"area:{third.id}") == USE
    assert wrong(db) == []
    one_by_one = kept(db)
    db.add_all([ReportChange(holder_id=one) for one in db.scalars(select(Card.holder_id))])
    rebuild(db)
    assert kept(db) == one_by_one
