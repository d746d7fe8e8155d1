"""Which places a year tells of."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from server.access.service import grant_access
from server.area.mergers import Merger, merge_areas
from tests.factories import SECRET
from tests.server.report.counted import NOKIA, TAMPERE, K, World
from tests.server.report.world import JANUARY, grant, make_desk, make_door


@pytest.fixture
def world(db: Session) -> World:
    return World(db)


def test_a_venue_that_opened_after_the_year_is_not_in_it(world: World) -> None:
    late = make_door(world.db, world.areas[TAMPERE])
    late.enrolled_at = JANUARY + timedelta(days=360)
    world.db.flush()

    assert (K.USES, f"venue:{late.venue_id}", "all") not in world.told()


@pytest.mark.parametrize(("days", "is_there"), [(350, True), (351, False)])
def test_an_area_where_nobody_could_grant_a_card_by_then_is_not_in_the_year(
    world: World,
    days: int,
    is_there: bool,  # noqa: FBT001
) -> None:
    area, distributor = make_desk(world.db, "398", "Lahti")
    given_at = JANUARY + timedelta(days=days)
    grant_access(world.db, distributor, handle="lahti", secret=SECRET, now=given_at)

    assert ((K.CARDS, f"area:{area.id}", "all") in world.told()) is is_there


def test_a_visit_that_was_dated_before_its_card_was_granted_is_counted_where_the_card_is_from(
    world: World,
) -> None:
    """Else one use would be the country's and no county's."""
    area, distributor = make_desk(world.db, "398", "Lahti")
    next_year = JANUARY.replace(year=2027)
    grant_access(world.db, distributor, handle="lahti", secret=SECRET, now=next_year)
    card = grant(world.db, distributor, now=next_year)
    world.visit(card, world.pool, at=next_year - timedelta(days=20))

    assert world.values(K.HOLDERS, f"area:{area.id}") == {"all": 1}
    assert world.values(K.USES, "fi")[f"home:{area.county_code}"] == 1


def test_a_distributor_that_came_after_its_area_merged_brings_no_area_back(world: World) -> None:
    area, distributor = make_desk(world.db, "398", "Lahti")
    merge_areas(world.db, Merger(area, world.areas[TAMPERE], date(2026, 7, 1)))
    later = JANUARY.replace(month=9)
    grant_access(world.db, distributor, handle="lahti", secret=SECRET, now=later)
    grant(world.db, distributor, now=later)

    assert (K.CARDS, f"area:{area.id}", "all") not in world.told()
    assert world.values(K.CARDS, world.scope(TAMPERE)) == {"all": 1}


def test_a_venue_of_a_merged_area_is_told_once_and_its_uses_where_they_were(world: World) -> None:
    card = world.card(NOKIA)
    nokia, tampere = world.areas[NOKIA], world.areas[TAMPERE]
    world.visit(card, world.doors[NOKIA])
    merge_areas(world.db, Merger(nokia, tampere, date(2026, 7, 1)))
    for _ in range(2):
        world.visit(card, world.doors[NOKIA], at=JANUARY + timedelta(days=200))

    assert world.values(K.USES, f"venue:{world.doors[NOKIA].venue_id}") == {"all": 3}
    assert world.values(K.USES, world.scope(NOKIA))["near:own"] == 1
    assert world.values(K.USES, world.scope(TAMPERE))["near:own"] == 2
    assert world.values(K.HOLDERS, world.scope(TAMPERE)) == {"all": 1}
    assert world.values(K.HOLDERS, world.scope(NOKIA)) == {}
    assert world.values(K.CARDS, world.scope(NOKIA)) == {"all": 1}
