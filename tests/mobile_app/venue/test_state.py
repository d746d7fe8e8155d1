"""Pairing: once, with a code; remembered; lost again when the server says so."""

import httpx
import pytest

from mobile_app.sync.outbox import KEY_LOST
from mobile_app.sync.upkeep import Upkeep
from mobile_app.venue.state import NOT_A_CODE, UNREACHABLE, VenueState
from shared.problem import ProblemReport
from shared.scan import Category
from shared.token.codes import complete_code, print_code
from shared.wire import to_json
from tests.mobile_app.door import BASE_URL, DoorBench, make_scanner

CODE = next(code for n in "23456789ABC" if (code := complete_code(f"M9S346Q3D2{n}")))


@pytest.fixture
async def bench(tmp_path):
    bench = DoorBench(tmp_path)
    yield bench
    bench.close()


@pytest.mark.parametrize(
    "typed",
    [print_code(CODE), print_code(CODE).lower(), f"K1P:{CODE}", f"{BASE_URL}/app/pair#{CODE}"],
)
async def test_a_code_typed_or_by_link_pairs_the_device(bench, typed) -> None:
    venue = VenueState(bench.device)
    await venue.load()

    await venue.enrol(typed)

    assert (venue.trouble, venue.scanner) == (None, make_scanner())
    again = VenueState(bench.device)
    await again.load()
    assert again.scanner == make_scanner()


async def test_what_is_no_code_is_not_sent(bench) -> None:
    bench.network.online = False
    venue = VenueState(bench.device)

    await venue.enrol("M9S3-46Q3-D2")

    assert venue.trouble == NOT_A_CODE


async def test_without_network_there_is_no_pairing_and_the_key_stays_for_the_next_try(
    bench,
) -> None:
    bench.network.online = False
    venue = VenueState(bench.device)
    await venue.enrol(CODE)
    assert venue.trouble == UNREACHABLE
    point = await bench.device.keys.point_of("scanner")

    bench.network.online = True
    await venue.enrol(CODE)

    assert venue.scanner is not None
    assert await bench.device.keys.point_of("scanner") == point


async def test_a_refusal_is_told_by_its_code(bench) -> None:
    bench.network.refuse["pairings"] = (404, "code_refused")
    venue = VenueState(bench.device)

    await venue.enrol(CODE)

    assert (venue.trouble, venue.scanner) == ("code_refused", None)


async def test_the_purpose_of_visits_is_remembered(bench) -> None:
    venue = VenueState(bench.device)
    await venue.load()
    await venue.enrol(CODE)
    assert venue.category is None
    await venue.choose(Category.SPORT)

    again = VenueState(bench.device)
    await again.load()

    assert again.category is Category.SPORT


async def test_a_purpose_that_the_venue_no_longer_has_is_asked_again(bench) -> None:
    venue = VenueState(bench.device)
    await venue.load()
    await venue.enrol(CODE)
    await venue.choose(Category.SPORT)

    await venue.learn(make_scanner(categories=[Category.CULTURE, Category.SCIENCE]))

    assert venue.category is None


async def test_one_purpose_needs_no_choice(bench) -> None:
    venue = VenueState(bench.device)
    await venue.load()
    await venue.learn(make_scanner(categories=[Category.SCIENCE]))

    assert venue.category is Category.SCIENCE


async def test_a_removed_scanner_is_unpaired_and_its_reports_wait(bench) -> None:
    venue = VenueState(bench.device)
    await venue.load()
    await venue.enrol(CODE)
    state = await bench.open()
    bench.network.online = False
    await state.read(bench.issuer.card().show())
    await state.admit()
    await state.upkeep.settle()

    await venue.lose("scanner_revoked")

    assert (venue.scanner, venue.trouble, venue.left_waiting) == (None, "scanner_revoked", 1)
    assert await bench.device.keys.point_of("scanner") is None


async def test_a_bearer_that_is_over_is_renewed_by_the_devices_key(bench) -> None:
    venue = VenueState(bench.device)
    await venue.load()
    await venue.enrol(CODE)
    asked: list[str] = []
    answer = bench.network.handle_async_request

    async def over_once(request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/v1/")
        asked.append(path)
        if path == "scanner" and asked.count("scanner") == 2:
            problem = ProblemReport(401, "sign_in_required", "over")
            return httpx.Response(401, text=to_json(problem))
        return await answer(request)

    bench.network.handle_async_request = over_once
    await bench.device.api.scanner()
    await bench.device.api.scanner()

    assert asked == [
        *("nonces", "scanner-sessions", "scanner"),
        *("scanner", "nonces", "scanner-sessions", "scanner"),
    ]


async def test_a_device_that_lost_its_key_is_paired_again_and_keeps_its_visits(bench) -> None:
    state = await bench.open()
    await state.read(bench.issuer.card().show())
    bench.network.online = False
    await state.admit()
    bench.network.online = True
    venue = VenueState(bench.device)
    await venue.enrol(CODE)
    await bench.device.keys.forget("scanner")
    upkeep = Upkeep(bench.device, make_scanner(), venue.lose)

    await upkeep.beat()

    assert (venue.scanner, venue.trouble, venue.left_waiting) == (None, KEY_LOST, 1)
