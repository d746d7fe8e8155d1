"""Places and shares at the door: what this scanner counts, and what it asks the register."""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest

from mobile_app.scan.purpose import Purpose
from shared.event import VenueEvent
from shared.rules.admission import Colour, Reason
from shared.scan import CardAnswer, Category
from tests.mobile_app.fakes import NOON

WORKSHOP = VenueEvent(
    UUID(int=1), "Savityöt", Category.CULTURE, NOON, NOON + timedelta(hours=2),
    places=20, places_left=3,
)  # fmt: skip
COURSE = replace(WORKSHOP, places=None, places_left=None, course=True)

_cards = count()


@pytest.fixture
def open_for(bench):
    async def act(event: VenueEvent):
        bench.network.events = [event]
        state = await bench.open()
        await state.choose(Purpose.of_event(event))
        return state

    return act


async def come_in(bench, state, *, children: int = 0) -> Reason:
    bench.clock.pass_time(minutes=1)
    card = bench.issuer.card(sub=f"q7Rk2-Xz{next(_cards):02}")
    await state.read(card.show(at=bench.clock.now()))
    reason = state.shown.scan.reason
    state.set_children(children)
    await state.admit()
    await state.next()
    return reason


async def test_without_network_the_scanner_counts_the_places_that_it_gives_away(bench, open_for):
    state = await open_for(WORKSHOP)
    bench.network.online = False

    assert await come_in(bench, state, children=1) is Reason.OK
    assert [event.places_left for event in state.events] == [1]
    assert await come_in(bench, state) is Reason.OK
    assert await come_in(bench, state) is Reason.QUOTA_FULL


async def test_what_the_server_has_counted_is_not_counted_twice(bench, open_for) -> None:
    state = await open_for(WORKSHOP)
    await come_in(bench, state)
    assert [event.places_left for event in state.events] == [2]

    bench.clock.pass_time(minutes=1)
    bench.network.events = [replace(WORKSHOP, places_left=2)]
    bench.network.told_at = bench.clock.now()
    await state.beat()

    assert [event.places_left for event in state.events] == [2]


async def test_an_undone_visit_gives_its_place_back(bench, open_for) -> None:
    state = await open_for(WORKSHOP)
    await come_in(bench, state)
    [visit] = state.visits
    await state.undo(visit.scan_id)

    assert [event.places_left for event in state.events] == [3]


async def test_places_are_remembered_over_a_restart_without_network(bench, open_for) -> None:
    state = await open_for(WORKSHOP)
    bench.network.online = False
    await come_in(bench, state, children=2)
    state = await bench.restart()

    assert await come_in(bench, state) is Reason.QUOTA_FULL


async def test_on_a_course_no_children_come_along(bench, open_for) -> None:
    state = await open_for(COURSE)
    await state.read(bench.issuer.card(count=3).show())

    assert (state.shown.scan.reason, state.shown.scan.end) == (Reason.OK, 0)


async def test_where_limits_hold_the_register_is_asked_before_the_colour_is_shown(bench) -> None:
    bench.network.ask_first = True
    bench.network.code_answer = CardAnswer(Colour.AMBER, [Reason.LIMIT_REACHED], 1, community=False)
    state = await bench.open()
    await state.read(bench.issuer.card().show())

    assert state.shown.scan.reasons == [Reason.LIMIT_REACHED]


@pytest.mark.parametrize("trouble", ["none", "cut", "refused"])
async def test_a_door_decides_alone_where_no_limit_holds_or_nobody_answers(bench, trouble) -> None:
    bench.network.ask_first = trouble != "none"
    bench.network.code_answer = CardAnswer(Colour.AMBER, [Reason.LIMIT_REACHED], 1, community=False)
    state = await bench.open()
    bench.network.online = trouble != "cut"
    if trouble == "refused":
        bench.network.refuse["card-questions"] = (429, "resting")
    await state.read(bench.issuer.card().show())

    assert state.shown.scan.reason is Reason.OK
