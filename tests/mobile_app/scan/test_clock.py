"""A scanner whose clock errs: no card is called over for it."""

from datetime import timedelta

import pytest

from mobile_app.scan.shown import Note
from shared.rules.admission import Colour, Reason
from tests.mobile_app.door import NOON_S
from tests.mobile_app.fakes import NOON


async def test_three_cards_in_a_row_out_of_time_make_us_doubt_our_own_clock(bench) -> None:
    state = await bench.open()
    bench.clock.sure = False
    for name in ("AAAAAAAAAA", "BBBBBBBBBB", "CCCCCCCCCC"):
        await state.next()
        await state.read(
            bench.issuer.card(sub=name, until_s=NOON_S - 1).show(at=NOON - timedelta(hours=1))
        )

    assert state.note is Note.CHECK_CLOCK


@pytest.mark.parametrize(
    ("off", "reason"),
    [
        (timedelta(days=365), Reason.OLD_CODE),
        (timedelta(minutes=-11), Reason.FUTURE_CODE),
        (timedelta(days=-365), Reason.SCANNER_CLOCK),
    ],
)
async def test_a_scanner_whose_clock_is_off_calls_no_card_expired(bench, off, reason) -> None:
    state = await bench.open()
    bench.clock.sure = False
    bench.clock.at += off

    await state.read(bench.issuer.card().show(at=NOON))

    assert state.shown.scan.reason is reason
    assert (state.note is Note.TIME_UNCHECKED) is (state.shown.scan.colour is Colour.RED)
    assert not {Reason.EXPIRED, Reason.KEY_RETIRED} & set(state.shown.scan.reasons)


async def test_an_expired_card_is_expired_whatever_the_scanners_clock(bench) -> None:
    state = await bench.open()
    bench.clock.sure = False

    await state.read(bench.issuer.card(until_s=NOON_S).show(at=NOON))

    assert state.shown.scan.reason is Reason.EXPIRED


@pytest.mark.parametrize(
    ("behind_s", "reasons"),
    [(0, [Reason.OK]), (60, [Reason.OK]), (61, [Reason.CLOCK_UNSURE]), (601, [Reason.OLD_CODE])],
)
async def test_a_clock_from_before_the_restart_is_believed_with_codes_that_agree(
    bench, behind_s: int, reasons: list[Reason]
) -> None:
    state = await bench.open()
    bench.clock.sure, bench.clock.likely = False, True

    await state.read(bench.issuer.card().show(at=NOON - timedelta(seconds=behind_s)))

    assert state.shown.scan.reasons == reasons
