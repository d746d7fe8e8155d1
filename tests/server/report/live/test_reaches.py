"""Live figures of areas, counties and the country: of which places, and of what."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine, event, select, update
from sqlalchemy.orm import Session

from server.area.models import Area, AreaMerger, MovedPlace
from server.report.live.dashboard import live_year, live_years
from server.report.live.reach import Reach, places_within
from server.report.rollup.cells import area_scope, county_scope, venue_scope
from server.venue.models import Venue
from tests.factories import NOON, make_card, make_scanner
from tests.server.report.cells import settle
from tests.server.report.live.reading import (
    COUNTY,
    NATION,
    area_id_of,
    come,
    door,
    own_area,
    read,
)


def test_an_area_without_visits_has_no_years(db: Session) -> None:
    make_card(db)

    assert live_years(db, own_area(db)) == []


def test_an_area_is_told_by_its_venues_a_county_by_its_areas_the_country_by_counties(
    db: Session,
) -> None:
    theatre, hall = make_scanner(db), make_scanner(db)
    pirkkala, turku = door(db, "604", "Pirkkala"), door(db, "853", "Turku")
    for scanner, holders in ((theatre, 9), (hall, 8), (pirkkala, 7), (turku, 6)):
        come(db, scanner, holders)
    tampere = area_id_of(db)

    assert read(db, Reach(area_id=tampere)).lines["place"].parts == {
        venue_scope(theatre.venue_id): 9, venue_scope(hall.venue_id): 8,
    }  # fmt: skip
    assert read(db, COUNTY).lines["place"].parts == {
        area_scope(tampere): 17, area_scope(area_id_of(db, "604")): 7,
    }  # fmt: skip
    assert read(db, NATION).lines["place"].parts == {county_scope("08"): 24, county_scope("05"): 6}
    assert read(db, Reach(county_code="05")).uses == 6
    assert live_years(db, Reach(county_code="01")) == []


def test_an_area_reads_where_its_cards_were_used_elsewhere_and_names_no_small_place(
    db: Session,
) -> None:
    come(db, make_scanner(db), 9)
    turku = door(db, "853", "Turku")
    come(db, turku, 8)
    come(db, door(db, "091", "Helsinki"), 3)
    come(db, door(db, "049", "Espoo"), 20)
    tampere = own_area(db)

    told = read(db, tampere)

    espoo = area_scope(area_id_of(db, "049"))
    assert told.lines["elsewhere"].parts == {espoo: 20}
    assert told.uses == 9, "what happened elsewhere is not of this area"


def test_what_was_recorded_late_is_a_share(db: Session) -> None:
    scanner = make_scanner(db)
    come(db, scanner, 6)
    come(db, scanner, 2, at=NOON.replace(month=10), recorded_at=NOON)

    assert read(db, own_area(db)).late_share == 0.25
    county = read(db, COUNTY)
    assert (county.late_share, county.children) == (None, None), "of how many, cells do not know"


@pytest.mark.parametrize("reach_of", [own_area, lambda _: COUNTY, lambda _: NATION])
def test_reading_figures_counts_no_visits(
    db: Session, engine: Engine, reach_of: Callable[[Session], Reach]
) -> None:
    come(db, make_scanner(db), 6)
    settle(db)
    reach, asked = reach_of(db), list[str]()

    def note(_connection, _cursor, statement, *_rest) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    live_year(db, reach, "2026", now=NOON)
    event.remove(engine, "before_cursor_execute", note)

    assert 0 < len(asked) < 12
    assert not [one for one in asked if "FROM visit" in one or "JOIN visit" in one]


def test_an_area_without_a_county_stands_beside_the_counties(db: Session) -> None:
    scanner = door(db, "588", "Pertunmaa")
    area_id = db.scalars(select(Area.id).where(Area.county_code.is_(None))).one()
    come(db, scanner, 6)

    assert places_within(db, NATION, "2026") == [county_scope("08"), area_scope(area_id)]


def test_a_venue_that_came_with_a_merged_area_is_told_from_the_year_on_that_was_all_here(
    db: Session,
) -> None:
    own, came = make_scanner(db), door(db, "604", "Pirkkala")
    tampere, pirkkala = area_id_of(db), area_id_of(db, "604")
    db.add(AreaMerger(former_id=pirkkala, since_on=date(2026, 1, 1), area_id=tampere))
    db.add(MovedPlace(place_id=came.venue_id, origin_id=pirkkala))
    db.flush()
    db.execute(update(Venue).where(Venue.id == came.venue_id).values(area_id=tampere))
    for year in (2025, 2026):
        come(db, own, 9, at=NOON.replace(year=year))
        come(db, came, 8, at=NOON.replace(year=year))

    before, after = (read(db, Reach(area_id=tampere), year) for year in ("2025", "2026"))

    assert (before.uses, after.uses) == (9, 17)
    assert list(before.lines["place"].parts) == [venue_scope(own.venue_id)]
    assert set(after.lines["place"].parts) == {
        venue_scope(own.venue_id), venue_scope(came.venue_id),
    }  # fmt: skip
