"""A scanner that counts visits for an event: chosen, remembered, over."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from mobile_app.scan.purpose import Purpose, purposes_at
from shared.event import VenueEvent
from shared.rules.admission import Reason
from shared.scan import Category
from tests.mobile_app.door import make_scanner
from tests.mobile_app.fakes import NOON

HAMLET = VenueEvent(
    UUID(int=1), "Hamlet", Category.SPORT, NOON + timedelta(hours=1), NOON + timedelta(hours=3)
)
MACBETH = VenueEvent(
    UUID(int=2), "Macbeth", Category.CULTURE, NOON + timedelta(days=1), NOON + timedelta(days=2)
)


def test_what_is_on_may_be_chosen_and_then_the_categories() -> None:
    chosen = purposes_at(NOON, [HAMLET, MACBETH], [Category.CULTURE])

    assert chosen == [Purpose(Category.SPORT, HAMLET), Purpose(Category.CULTURE)]


async def test_events_are_known_after_a_restart_without_network(bench) -> None:
    bench.network.events = [HAMLET, MACBETH]
    assert (await bench.open()).upkeep.events == [HAMLET, MACBETH]
    bench.network.online = False

    assert (await bench.restart()).upkeep.events == [HAMLET, MACBETH]


async def test_visits_are_for_the_event_also_after_a_restart(bench) -> None:
    state = await bench.open()
    await state.choose(Purpose.of_event(HAMLET))
    state = await bench.restart()
    await state.read(bench.issuer.card().show())
    await state.admit()
    await state.upkeep.settle()

    [report] = bench.network.reports.values()
    assert (report.event_id, report.category) == (HAMLET.event_id, Category.SPORT)


async def test_the_same_card_is_known_at_the_event_and_new_at_the_next(bench) -> None:
    state = await bench.open()
    card = bench.issuer.card()
    await state.choose(Purpose.of_event(HAMLET))
    await state.read(card.show())
    await state.admit()
    await state.next()
    bench.clock.pass_time(minutes=1)

    await state.read(card.show(at=bench.clock.now()))
    assert state.shown.scan.reason is Reason.ALREADY_IN
    await state.decline()
    await state.choose(Purpose(Category.SPORT))
    bench.clock.pass_time(minutes=1)
    await state.read(card.show(at=bench.clock.now()))
    assert state.shown.scan.reason is Reason.OK


async def test_of_an_event_that_is_over_its_category_is_left(bench) -> None:
    state = await bench.open()
    await state.choose(Purpose.of_event(HAMLET))
    bench.clock.pass_time(hours=6)

    await state.read(bench.issuer.card().show(at=bench.clock.now()))

    assert state.purpose == Purpose(Category.SPORT)
    assert state.shown.scan.event_id is None
    assert (await bench.restart()).purpose.event is None


async def test_an_event_that_was_moved_is_on_when_the_server_says(bench) -> None:
    bench.network.events = [HAMLET]
    state = await bench.open()
    await state.choose(Purpose.of_event(HAMLET))
    bench.clock.pass_time(hours=6)
    bench.network.events = [replace(HAMLET, ends_at=NOON + timedelta(hours=4))]
    await state.beat()

    await state.read(bench.issuer.card().show(at=bench.clock.now()))

    assert state.shown.scan.event_id == HAMLET.event_id


async def test_another_venues_scanner_remembers_no_event_of_before(bench) -> None:
    await (await bench.open()).choose(Purpose.of_event(HAMLET))
    bench.scanner = make_scanner(venue_id=UUID(int=9))

    assert (await bench.restart()).purpose.event is None
