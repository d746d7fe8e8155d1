"""Limits at the door: full is full, a share is a share, and staff decide (R18, R19)."""

import json
from datetime import timedelta

import pytest

from server.area.models import Area
from server.area.rules import set_local_only
from server.event.service import EventFacts, add_event
from server.limit.errors import (
    CoversNoCourse,
    LimitCategoryNotHere,
    LimitNotFound,
    LimitOutOfRange,
    PeriodMissing,
)
from server.limit.models import Counted, Period, UseLimit
from server.limit.service import end_limit, holder_pays, set_limit
from server.visit.models import Visit
from shared.scan import Category
from tests.factories import NOON, make_report
from tests.server.callers import one_session

HOUR = timedelta(hours=1)


@pytest.fixture
def venue(desk):
    return desk.venue(categories=["culture", "sport"])


@pytest.fixture
def scanner(make_scanner, venue):
    return make_scanner(venue)


@pytest.fixture
def event(engine, venue):
    def add(at=venue, **over):
        given = {
            "name": "Savityöt", "category": Category.CULTURE, "starts_at": NOON,
            "ends_at": NOON + 2 * HOUR,
        }  # fmt: skip
        with one_session(engine) as db:
            return add_event(db, at, EventFacts(**(given | over)), now=NOON).id

    return add


@pytest.fixture
def limit(engine, venue):
    """Sets a limit, of the venue unless told, and gives it."""

    def add(place=venue, **over) -> UseLimit:
        given = {
            "counted": Counted.USES, "most": 1, "period": Period.YEAR, "category": None,
            "courses": False, "covers_cents": None,
        }  # fmt: skip
        with one_session(engine) as db:
            return set_limit(db, place, UseLimit(**(given | over)), now=NOON)

    return add


@pytest.fixture
def area(engine, venue):
    with one_session(engine) as db:
        return db.get_one(Area, venue.area_id)


@pytest.fixture
def use(scanner, clock):
    """Has a card used, an instant after the one before, and gives the reasons of the register."""

    def act(holder, door=scanner, **over) -> list[str]:
        clock.advance(seconds=31)
        assert door.sign_in().is_success
        report = make_report(holder.show(), at=clock.now, **over)
        answer = door.report(report).json()
        assert answer["outcome"] == "recorded", answer
        return answer["reasons"]

    return act


def ask(scanner, text, **over) -> dict:
    assert scanner.sign_in().is_success
    body = {"text": text, "category": "culture"} | over
    return scanner.ask("card-questions", json.dumps(body)).json()


def test_the_last_place_is_given_and_the_next_card_hears_that_it_is_full(
    event, use, make_holder
) -> None:
    named = {"event_id": event(places=3)}

    assert use(make_holder(), **named, children=1) == ["ok"]
    assert use(make_holder(), **named, assistant=True) == ["ok"]  # an assistant needs no place
    assert use(make_holder(), **named) == ["quota_full"]


def test_children_need_places_too(event, use, make_holder) -> None:
    assert use(make_holder(), event_id=event(places=2), children=2) == ["quota_full"]


def test_an_undone_visit_gives_its_place_back(event, use, scanner, make_holder, desk) -> None:
    named = {"event_id": event(places=1)}
    use(make_holder(), **named)
    (visit,) = desk.rows(Visit)

    assert scanner.void(str(visit.scan_id)).is_success
    assert use(make_holder(), **named) == ["ok"]


def test_a_card_that_comes_in_twice_takes_one_place(event, use, make_holder) -> None:
    named, twice = {"event_id": event(places=2)}, make_holder()
    use(twice, **named)

    assert "already_in" in use(twice, **named)
    assert use(make_holder(), **named) == ["ok"]


def test_a_batch_sees_the_places_that_it_takes_itself(event, scanner, make_holder, clock) -> None:
    named = {"event_id": str(event(places=1))}
    reports = []
    for holder in (make_holder(), make_holder()):
        clock.advance(seconds=31)
        report = make_report(holder.show(), at=clock.now)
        reports.append(
            {
                "scan_id": str(report.scan_id), "text": report.text, "category": "culture",
                "scanned_at": clock.now.isoformat(), "closed_at": clock.now.isoformat(),
                "admitted": True, "children": 0, "assistant": False, "reasons": ["ok"],
            }
            | named
        )  # fmt: skip

    told = scanner.ask("scans/batch", json.dumps({"scans": reports})).json()["receipts"]

    assert [one["reasons"] for one in told] == [["ok"], ["quota_full"]]


def test_a_share_of_the_year_is_spent_by_the_next_use_on_another_day(
    limit, use, holder, clock
) -> None:
    limit(most=2)
    assert use(holder) == ["ok"]
    clock.advance(days=1)
    assert use(holder) == ["ok"]
    clock.advance(days=1)
    assert use(holder) == ["limit_reached"]


def test_the_same_day_again_is_the_same_use(limit, use, holder) -> None:
    limit(most=1)
    use(holder)

    assert use(holder) == ["already_in"]


def test_a_new_period_is_a_new_share(limit, use, holder, clock) -> None:
    limit(period=Period.WEEK)
    use(holder)
    clock.advance(days=1)  # the 22nd is a Sunday

    assert use(holder) == ["ok"]


def test_a_renewed_card_has_no_new_share(limit, use, holder, desk, clock) -> None:
    limit(period=Period.EVER)
    use(holder)
    (visit,) = desk.rows(Visit)
    another = desk.grant()
    desk.change_card(another.card.id, holder_id=visit.holder_id)
    clock.advance(days=1)

    scanner_says = ask_door(use, another.card.code)
    assert scanner_says == ["limit_reached"]


def ask_door(use, code: str) -> list[str]:
    class Typed:
        def show(self) -> str:
            return code

    return use(Typed())


def test_a_limit_of_the_area_counts_all_its_venues(  # noqa: PLR0913, PLR0917 - fixtures
    limit, area, use, holder, make_scanner, desk, clock
) -> None:
    limit(area, most=1, category=Category.CULTURE)
    other = make_scanner(desk.venue())
    use(holder, other)
    clock.advance(days=1)

    assert use(holder) == ["limit_reached"]
    clock.advance(minutes=11)  # from one venue to the other takes a while
    assert use(holder, other, category=Category.SPORT) == ["ok"]


def test_courses_have_a_share_of_their_own(limit, use, event, holder) -> None:
    limit(period=Period.ACADEMIC_YEAR, courses=True)
    assert use(holder) == ["ok"]
    assert use(holder, event_id=event(course=True)) == ["ok"]
    another = event(course=True, starts_at=NOON - HOUR)

    assert use(holder, event_id=another) == ["limit_reached"]


def test_a_course_is_for_the_holder_alone(use, event, scanner, holder) -> None:
    course = event(course=True)

    assert ask(scanner, holder.show(), event_id=str(course))["children"] == 0
    assert use(holder, event_id=course, children=1) == ["children_changed"]


def test_a_full_day_of_the_venue_is_full_for_everybody(limit, use, make_holder) -> None:
    limit(counted=Counted.PERSONS, most=2, period=Period.DAY)

    assert use(make_holder(), children=1) == ["ok"]
    assert use(make_holder()) == ["quota_full"]


def test_a_community_card_has_no_share(limit, use, desk, clock) -> None:
    limit()
    card = desk.grant(community=True, birth_year=None, home_postcode=None).card
    ask_door(use, card.code)
    clock.advance(days=1)

    assert ask_door(use, card.code) == ["ok_code"]


def test_an_ended_limit_limits_nothing(  # noqa: PLR0913, PLR0917 - fixtures
    limit, use, engine, venue, holder, clock
) -> None:
    set_before = limit()
    use(holder)
    with one_session(engine) as db:
        end_limit(db, venue.id, set_before.id, now=NOON)
    clock.advance(days=1)

    assert use(holder) == ["ok"]


def test_the_register_is_asked_before_somebody_is_let_in(limit, use, scanner, holder, clock):
    limit()
    use(holder)
    clock.advance(days=1)

    told = ask(scanner, holder.show())
    assert (told["colour"], told["reasons"]) == ("amber", ["limit_reached"])


def test_scanners_hear_of_places_and_of_limits_that_only_the_register_counts(
    limit, event, use, scanner, holder
) -> None:
    def told() -> dict:
        return scanner.http.get("scanner/snapshot", headers=scanner.speaking).json()

    named = event(places=5, course=True, fee_cents=4000)
    assert told()["ask_first"] is False
    use(holder, event_id=named)
    limit(courses=True, covers_cents=2500)

    (one,) = told()["events"]
    assert (one["places"], one["places_left"], one["course"], one["pays_cents"]) == (
        5, 4, True, 1500,
    )  # fmt: skip
    assert told()["ask_first"] is True


def test_while_there_is_a_pilot_anywhere_scanners_ask_first(scanner, engine, area) -> None:
    with one_session(engine) as db:
        set_local_only(db.merge(area), local_only=True, now=NOON)

    assert scanner.http.get("scanner/snapshot", headers=scanner.speaking).json()["ask_first"]


@pytest.mark.parametrize(
    ("over", "refused"),
    [
        ({"most": -1}, LimitOutOfRange),
        ({"most": 10_000}, LimitOutOfRange),
        ({"counted": Counted.PERSONS}, PeriodMissing),
        ({"category": Category.SCIENCE}, LimitCategoryNotHere),
        ({"covers_cents": 2500}, CoversNoCourse),
    ],
)
def test_what_is_no_limit_is_refused(limit, over, refused) -> None:
    with pytest.raises(refused):
        limit(**over)


def test_places_are_limited_by_venues_alone(limit, area) -> None:
    with pytest.raises(PeriodMissing):
        limit(area, counted=Counted.PERSONS, period=Period.DAY)


def test_a_limit_of_somebody_else_cannot_be_ended(limit, engine, desk) -> None:
    with one_session(engine) as db, pytest.raises(LimitNotFound):
        end_limit(db, desk.venue().id, limit().id, now=NOON)


def test_the_holder_pays_what_no_limit_covers() -> None:
    covers = UseLimit(covers_cents=2500, category=None)
    of_sport = UseLimit(covers_cents=9000, category=Category.SPORT)

    assert holder_pays(4000, Category.CULTURE, []) == 0
    assert holder_pays(4000, Category.CULTURE, [covers, of_sport]) == 1500
    assert holder_pays(2500, Category.CULTURE, [covers]) == 0
    assert holder_pays(None, Category.CULTURE, [covers]) == 0
