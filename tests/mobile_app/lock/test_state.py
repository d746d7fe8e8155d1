"""The lock: what it covers, what a wrong PIN costs, and what a restart or a clock changes in it."""

from datetime import timedelta

import pytest

from mobile_app.device.stretcher import HashlibStretcher
from mobile_app.lock.state import AWAY_MOST, FREE_TRIES, LOCK, LONGEST_WAIT, Answer, Lock
from tests.mobile_app.phones import HolderPhone

PIN = "2468"


async def locked(phone: HolderPhone, *, everything: bool = False) -> Lock:
    """Set the PIN and start the app anew."""
    await Lock(phone.device).set_pin(PIN, everything=everything)
    return await started(phone)


async def started(phone: HolderPhone) -> Lock:
    lock = Lock(phone.device)
    await lock.load()
    return lock


async def miss(lock: Lock, times: int) -> None:
    for _ in range(times):
        assert await lock.open("1111") is Answer.WRONG


async def test_without_a_pin_nothing_is_asked(phone: HolderPhone) -> None:
    lock = await started(phone)

    assert not lock.covers("/visits")
    assert await lock.open("") is Answer.RIGHT


async def test_right_pin_opens_until_the_next_start(phone: HolderPhone) -> None:
    lock = await locked(phone)
    assert lock.covers("/visits")
    assert await lock.open(PIN) is Answer.RIGHT
    assert not lock.covers("/visits")

    assert (await started(phone)).covers("/visits")


@pytest.mark.parametrize("route", ["/visits", "/visits/own", "/wellbeing", "/mine", "/messages"])
async def test_what_is_ones_own_is_always_covered(phone: HolderPhone, route: str) -> None:
    assert (await locked(phone)).covers(route)
    assert (await locked(phone, everything=True)).covers(route)


async def test_screen_that_nobody_named_is_covered(phone: HolderPhone) -> None:
    assert (await locked(phone)).covers("/something/new")


@pytest.mark.parametrize("route", ["/", "/show", "/more", "/settings", "/activate?code=1"])
async def test_card_is_left_out_unless_everything_is_covered(
    phone: HolderPhone, route: str
) -> None:
    assert not (await locked(phone)).covers(route)
    assert (await locked(phone, everything=True)).covers(route)


async def test_door_is_never_covered(phone: HolderPhone) -> None:
    assert not (await locked(phone, everything=True)).covers("/door")


async def test_pin_itself_is_kept_nowhere(phone: HolderPhone) -> None:
    await locked(phone)

    assert PIN not in str(phone.store.records)
    assert phone.store.records[LOCK]["rounds"] >= 600_000


async def test_two_locks_of_one_pin_have_nothing_in_common(phone: HolderPhone) -> None:
    first = (await locked(phone)).bolt
    second = (await locked(phone)).bolt

    assert first is not None
    assert second is not None
    assert first.salt != second.salt
    assert first.digest != second.digest


async def test_fifth_wrong_pin_makes_wait_and_each_further_one_doubles_it(
    phone: HolderPhone,
) -> None:
    lock = await locked(phone)
    await miss(lock, FREE_TRIES)
    waits = [lock.seconds]
    for _ in range(9):
        phone.clock.pass_time(seconds=lock.seconds)
        await miss(lock, 1)
        waits.append(lock.seconds)

    longest = int(LONGEST_WAIT.total_seconds())
    assert waits == [30, 60, 120, 240, 480, 960, 1920, longest, longest, longest]


async def test_nothing_is_tried_while_one_waits(phone: HolderPhone) -> None:
    lock = await locked(phone)
    await miss(lock, FREE_TRIES)
    asked = phone.device.stretcher.asked

    assert await lock.open(PIN) is Answer.TOO_SOON
    assert phone.device.stretcher.asked == asked

    phone.clock.pass_time(seconds=30)
    assert await lock.open(PIN) is Answer.RIGHT
    assert lock.tries_left() == FREE_TRIES


async def test_field_that_was_sent_empty_costs_no_try(phone: HolderPhone) -> None:
    lock = await locked(phone)

    for typed in ("", "12", "abcd"):
        assert await lock.open(typed) is Answer.WRONG
    assert lock.tries_left() == FREE_TRIES


async def test_second_tab_brings_no_second_five_tries(phone: HolderPhone) -> None:
    first, second = await locked(phone), await started(phone)
    await miss(first, FREE_TRIES)

    assert await second.open(PIN) is Answer.TOO_SOON


async def test_wait_and_count_are_kept_over_a_restart(phone: HolderPhone) -> None:
    await miss(await locked(phone), FREE_TRIES)

    lock = await started(phone)

    assert await lock.open(PIN) is Answer.TOO_SOON
    assert lock.seconds == 30
    phone.clock.pass_time(seconds=30)
    await miss(lock, 1)
    assert lock.seconds == 60


async def test_app_killed_while_it_looks_at_a_pin_has_counted_it(phone: HolderPhone) -> None:
    lock = await locked(phone)

    async def killed(*_: object, **__: object) -> bytes:
        raise SystemError

    phone.device.stretcher.stretch = killed
    with pytest.raises(SystemError):
        await lock.open("1111")

    assert (await started(phone)).tries_left() == FREE_TRIES - 1


async def test_clock_that_was_put_back_makes_no_wait_longer(phone: HolderPhone) -> None:
    lock = await locked(phone)
    await miss(lock, FREE_TRIES)
    phone.clock.pass_time(days=-365)
    await lock.tick()
    assert lock.seconds == 30

    phone.clock.pass_time(seconds=30)
    assert await lock.open(PIN) is Answer.RIGHT


@pytest.mark.parametrize(
    ("away", "shut"),
    [(AWAY_MOST - timedelta(seconds=1), False), (AWAY_MOST, True), (timedelta(days=-1), True)],
    ids=["short", "long", "clock put back"],
)
async def test_lock_shuts_when_the_app_was_long_out_of_sight(
    phone: HolderPhone, *, away: timedelta, shut: bool
) -> None:
    lock = await locked(phone)
    await lock.open(PIN)
    lock.leave()
    phone.clock.at += away
    lock.come_back()

    assert lock.shut is shut


@pytest.mark.parametrize("record", [{}, {"unreadable": True}, {"salt": "x"}])
async def test_damaged_lock_opens_to_nobody(phone: HolderPhone, record: dict) -> None:
    await phone.store.put(LOCK, record)
    lock = await started(phone)

    assert lock.covers("/")
    for pin in ("", "0000"):
        assert await lock.open(pin) is Answer.WRONG


async def test_slow_hash_is_the_standards() -> None:
    # RFC 7914, section 11.
    found = await HashlibStretcher().stretch("passwd", salt=b"salt", rounds=1)

    assert found.hex().startswith("55ac046e56e3089fec1691c22544b605")
