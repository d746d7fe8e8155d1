"""What a year would publish is what a plain count of the visits and cards says."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from server.mine.erasure import erase_holder
from server.report.publishing.publication import check_sums, draw_up
from server.visit.models import Voiding
from shared.wellbeing import Meter
from tests.factories import NOON
from tests.server.report.cells import settle
from tests.server.report.counted import NOKIA, PIRKANMAA, SOUTHWEST, TAMPERE, TURKU, K, World
from tests.server.report.world import JANUARY, rate, share


@pytest.fixture
def world(db: Session) -> World:
    return World(db)


def test_uses_are_told_by_who_when_and_how_late(world: World) -> None:
    card = world.card(TAMPERE)
    late = {"recorded_at": JANUARY + timedelta(days=50)}
    world.visit(card, world.doors[TAMPERE], children=2)
    world.visit(card, world.pool, category="sport", at=JANUARY, **late)
    undone = world.visit(card, world.pool, category="sport", at=JANUARY + timedelta(days=1))
    world.db.add(Voiding(visit_id=undone.id, scanner_id=world.pool.id, voided_at=NOON))

    told = {
        "all": 4, "adults": 2, "children": 2, "cat:culture": 3, "cat:sport": 1,
        "in-time": 1, "late": 1, "2026-01": 1, "2026-02": 3, "home:08": 4,
    }  # fmt: skip
    here = {"all", "adults", "children", "cat:culture", "cat:sport"}
    assert world.values(K.USES, "fi") == told
    assert world.values(K.USES, "county:08") == told
    assert world.values(K.USES, world.scope(TAMPERE)) == {
        part: n for part, n in told.items() if part in here
    } | {"near:own": 4}
    assert world.values(K.USES, f"venue:{world.pool.venue_id}") == {"all": 1}


def test_uses_are_told_by_where_the_card_is_from(world: World) -> None:
    for code, times in ((TAMPERE, 1), (NOKIA, 2), (TURKU, 3)):
        for _ in range(times):
            world.visit(world.card(code), world.doors[TAMPERE])
    gone = world.card(TURKU)
    for _ in range(4):
        world.visit(gone, world.doors[TAMPERE])
    settle(world.db)
    erase_holder(world.db, gone.holder_id, now=NOON)

    by_home = {"home:08": 3, "home:05": 3, "home:untold": 4}
    for scope in ("fi", f"county:{PIRKANMAA}"):
        uses = world.values(K.USES, scope)
        assert {part: n for part, n in uses.items() if part.startswith("home:")} == by_home
    near = world.values(K.USES, world.scope(TAMPERE))
    assert {part: n for part, n in near.items() if part.startswith("near:")} == {
        "near:own": 1, "near:county": 2, "near:away": 7,
    }  # fmt: skip
    untold = world.told()[K.USES, "fi", "home:untold"]
    assert (untold.value, untold.holders, untold.tells) == (4, 0, True)


def test_holders_are_told_by_how_often_they_came_where_their_newest_card_is_from(
    world: World,
) -> None:
    for times in (1, 4, 5, 9, 10, 12):
        card = world.card(NOKIA)
        for _ in range(times):
            world.visit(card, world.doors[TURKU], children=2)
    moved = world.card(TURKU)
    world.visit(moved, world.doors[TURKU])
    newer = world.card(NOKIA, now=JANUARY + timedelta(days=30))
    newer.holder_id = moved.holder_id
    world.db.flush()
    world.visit(newer, world.doors[TURKU])

    often = {"often:1": 1, "often:2-4": 2, "often:5-9": 2, "often:10-": 2}
    assert world.values(K.HOLDERS, "fi") == {"all": 7} | often
    assert world.values(K.HOLDERS, f"county:{PIRKANMAA}") == {"all": 7} | often
    assert world.values(K.HOLDERS, world.scope(NOKIA)) == {"all": 7}
    assert world.values(K.HOLDERS, world.scope(TURKU)) == {}


def test_cards_are_told_by_how_soon_they_were_used(world: World) -> None:
    days = {3: "7", 20: "30", 80: "90", 200: "365"}
    for after in days:
        card = world.card(TAMPERE, gender="woman", birth_year=1950)
        world.visit(card, world.doors[TURKU], at=JANUARY + timedelta(days=after))
    world.card(TAMPERE)

    soon = {f"first:{name}": 1 for name in (*days.values(), "never")}
    assert world.values(K.CARDS, "fi") == {"all": 5} | soon
    assert world.values(K.UNUSED, f"county:{PIRKANMAA}") == {"all": 1}
    used = world.values(K.USED, f"county:{PIRKANMAA}")
    assert used == {"all": 4, "age:65-": 4, "gender:woman": 4, "life:untold": 4}


def test_shared_wellbeing_is_told_of_ten_holders_with_a_mean_before_and_after(
    world: World,
) -> None:
    for n in range(11):
        card = world.card(TAMPERE if n < 10 else TURKU)
        share(world.db, card.holder_id, Meter.MOOD, [2, 5, 3 + n % 2])
    share(world.db, world.card(TAMPERE).holder_id, Meter.MOOD, [5])  # one month is no change
    cells = world.told()

    assert world.values(K.SHARED, "fi") == {"mood": 11}
    assert world.values(K.BEFORE, world.scope(TAMPERE)) == {"mood": 20}
    assert world.values(K.AFTER, world.scope(TAMPERE)) == {"mood": 35}
    assert not cells[K.SHARED, "county:08", "mood"].tells
    assert cells[K.SHARED, "county:05", "mood"].tells
    assert cells[K.BEFORE, "county:05", "mood"].tells
    assert not cells[K.BEFORE, "county:08", "mood"].tells


@pytest.mark.parametrize(("points", "tells"), [(1, True), (2, False), (5, True)])
def test_a_mean_that_says_how_everybody_feels_is_hidden(world: World, points, tells) -> None:
    for _ in range(12):
        share(world.db, world.card(TAMPERE).holder_id, Meter.MOOD, [points, 3])
    cells = world.told()

    assert cells[K.BEFORE, "fi", "mood"].tells is tells
    assert not cells[K.SHARED, "fi", "mood"].tells
    assert not cells[K.AFTER, "fi", "mood"].tells


def test_stars_are_told_where_the_venue_is(world: World) -> None:
    for stars in (5, 5, 4, None, 1):
        rate(world.db, world.visit(world.card(TURKU), world.doors[TAMPERE]), stars)
    undone = world.visit(world.card(TURKU), world.doors[TAMPERE])
    rate(world.db, undone, 1)
    world.db.add(Voiding(visit_id=undone.id, scanner_id=world.doors[TAMPERE].id, voided_at=NOON))

    by_star = {"stars:1": 1, "stars:4": 1, "stars:5": 2}
    assert world.values(K.RATINGS, "fi") == {"all": 4} | by_star
    assert world.values(K.RATINGS, world.scope(TAMPERE)) == {"all": 4}
    assert world.values(K.STARS, "county:08") == {"all": 15}
    assert world.values(K.RATINGS, f"county:{SOUTHWEST}") == {}


def test_what_two_holders_contribute_most_is_known_of_every_figure(world: World) -> None:
    theirs: dict[str, Counter[str]] = defaultdict(Counter)
    for n, code in enumerate([TAMPERE, TAMPERE, NOKIA, TURKU, TURKU, TURKU]):
        card = world.card(code)
        for door in (TAMPERE, TURKU)[: 1 + n % 2]:
            for _ in range(n + 1):
                world.visit(card, world.doors[door], children=n)
                theirs[world.scope(door)][str(card.id)] += 1 + n
                theirs["fi"][str(card.id)] += 1 + n
    cells = world.told()

    for scope, by_card in theirs.items():
        cell = cells[K.USES, scope, "all"]
        [(_, largest), (_, second), *_] = by_card.most_common()
        assert (cell.value, cell.holders) == (by_card.total(), len(by_card))
        assert (cell.largest, cell.second) == (largest, second)
        brought = cells[K.USES, scope, "children"]
        assert brought.holders == len(by_card) - (scope != world.scope(TURKU))


def test_what_does_not_add_up_is_found(world: World) -> None:
    world.visit(world.card(TAMPERE), world.pool)
    settle(world.db)
    cells, totals = draw_up(world.db, "2026")
    check_sums(cells, totals)
    cells[K.USES, "fi", "adults"] = replace(cells[K.USES, "fi", "adults"], value=7)

    with pytest.raises(ValueError, match="not the sum of its parts"):
        check_sums(cells, totals)


def test_a_coordinator_who_knows_the_own_month_does_not_learn_the_neighbours(
    world: World,
) -> None:
    for code, months in ((TAMPERE, (2, 3)), (NOKIA, (2,))):
        for month in months:
            for _ in range(8):
                at = JANUARY.replace(month=month)
                world.visit(world.card(code), world.doors[code], at=at)
    for _ in range(2):
        at = JANUARY.replace(month=3)
        world.visit(world.card(NOKIA), world.doors[NOKIA], at=at)

    cells = world.told()
    county = f"county:{PIRKANMAA}"
    assert cells[K.USES, county, "2026-02"].others == 8
    assert not cells[K.USES, county, "2026-02"].tells
    assert (cells[K.USES, county, "2026-03"].holders, cells[K.USES, county, "2026-03"].others) == (
        10, 2,
    )  # fmt: skip
    assert cells[K.USES, county, "2026-03"].tells
    assert cells[K.USES, "county:05", "all"].others is None, "an area alone has no neighbour"


def test_a_venue_does_not_learn_how_many_children_came_to_the_only_other_one(
    world: World,
) -> None:
    for _ in range(9):
        world.visit(world.card(TAMPERE), world.doors[TAMPERE], children=1)
    world.visit(world.card(TAMPERE), world.pool, category="sport", children=1)
    both = world.card(TAMPERE)
    for door, category in ((world.doors[TAMPERE], "culture"), (world.pool, "sport")):
        world.visit(both, door, category=category, children=2)

    children = world.told()[K.USES, world.scope(TAMPERE), "children"]

    assert (children.holders, children.others) == (11, 2)
    assert children.tells


def test_cards_used_after_their_year_are_not_found_by_subtraction(world: World) -> None:
    for n in range(20):
        card = world.card(TURKU, now=JANUARY)
        if n < 9:
            world.visit(card, world.doors[TURKU], at=JANUARY)
    card = world.card(TURKU, now=JANUARY.replace(month=11))
    world.visit(card, world.doors[TURKU], at=JANUARY.replace(year=2027))

    never = world.told()[K.CARDS, "county:05", "first:never"]

    assert (never.value, never.others) == (11, 1)
    assert never.tells
