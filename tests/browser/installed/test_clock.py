"""The installed card and time: a clock that errs, weeks without network.

The phone's clock itself cannot be turned here; what the app learnt of it can: its record says by
how much it errs, and the app and the instant card correct the time by that.
"""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Playwright, expect

from mobile_app.ui.texts import Texts
from server.clock import day_of, utc_now
from shared.rules.verdict import Colour, Reason
from shared.token.codes import print_code
from tests.browser.browser import Screen
from tests.browser.installed.app import (
    OVERLAY,
    change_card,
    judge,
    learn,
    open_pwa,
    page_of,
    put_records,
)
from tests.browser.installed.holder import (
    activate,
    app_opens,
    clock_record,
    code_on,
    everything_kept,
    look,
    no_code_on,
    set_clock,
    shown_at_once,
)
from tests.browser.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FI = Texts("fi")
CLOCK_ASKED = "Onko puhelimesi kello oikeassa?"
YEAR = timedelta(days=365)

WRONG_CLOCKS = {
    timedelta(seconds=45): {Reason.OK, Reason.CLOCK_SKEW},
    timedelta(seconds=-45): {Reason.OK, Reason.CLOCK_SKEW},
    timedelta(minutes=10): {Reason.FUTURE_CODE},
    timedelta(minutes=-10): {Reason.OLD_CODE},
}


async def test_a_door_blames_the_clock_of_a_phone_that_is_minutes_off(
    town: Town, card_profile: Path, playwright: Playwright
) -> None:
    knows = learn(town)
    with town.server.away():
        async with page_of(playwright, card_profile) as page:
            await open_pwa(page, f"{town.url}/app/")
            await change_card(page, from_at=(utc_now() - timedelta(days=1)).isoformat())
            for ahead, reasons in WRONG_CLOCKS.items():
                await set_clock(page, ahead=ahead)
                code = await shown_at_once(page, town)
                assert set(judge(str(code), knows).verdict.reasons) <= reasons, ahead
            code = await code_on(await app_opens(page))
            assert set(judge(code, knows).verdict.reasons) <= reasons


async def test_a_clock_a_year_off_is_asked_about_and_put_right_by_the_server(
    town: Town, card_profile: Path, playwright: Playwright
) -> None:
    async with page_of(playwright, card_profile) as page:
        with town.server.away():
            await open_pwa(page, f"{town.url}/app/")
            for ahead in (YEAR, -YEAR):
                await set_clock(page, ahead=ahead)
                await look(page, town)
                await expect(page.locator(OVERLAY)).to_contain_text(CLOCK_ASKED)
                screen = await app_opens(page)
                await screen.sees(CLOCK_ASKED)
                says = await screen.says()
                assert FI.day(day_of(utc_now() + ahead)) in says
                assert "Yhdistä puhelin verkkoon, niin sovellus saa tietää oikean ajan." in says
                assert "Pyydä uusi kortti" not in says
                assert "edellä" not in says
                assert "jäljessä" not in says
                assert await no_code_on(page)

        await open_pwa(page, f"{town.url}/app/")
        knows = learn(town)
        assert judge(await code_on(Screen(page)), knows).verdict.colour is Colour.GREEN
        at_once = await shown_at_once(page, town)
        assert judge(str(at_once), knows).verdict.colour is Colour.GREEN


@pytest.mark.thorough
async def test_a_clock_that_ran_backwards_while_the_app_was_closed_is_not_believed(
    town: Town, card_profile: Path, playwright: Playwright
) -> None:
    now = utc_now()
    before = now - timedelta(minutes=1)
    with town.server.away():
        async with page_of(playwright, card_profile) as page:
            await open_pwa(page, f"{town.url}/app/")
            await change_card(page, from_at=(now + timedelta(hours=12)).isoformat())
            for seen_at, title in (
                (before, "Korttisi ei ole vielä voimassa"),
                (now + timedelta(days=1), CLOCK_ASKED),
            ):
                await put_records(page, clock_record(heard_at=before, seen_at=seen_at))
                await look(page, town)
                await expect(page.locator(OVERLAY)).to_contain_text(title)
                await (await app_opens(page)).sees(title)


WARNINGS = {
    timedelta(days=7): "Yhdistä puhelin verkkoon 6 päivän kuluessa",
    timedelta(days=3, hours=1): "Yhdistä puhelin verkkoon 3 päivän kuluessa",
    timedelta(days=1, hours=1): "Yhdistä puhelin verkkoon vuorokauden kuluessa",
}
"""By how long the card still holds; days are counted in full."""


async def test_weeks_without_network_are_warned_of_and_the_card_renews_itself_afterwards(
    town: Town, card_profile: Path, playwright: Playwright
) -> None:
    card, activation_code = town.grant()
    four_weeks_ago = utc_now() - timedelta(days=28)
    async with page_of(playwright, card_profile) as page:
        await activate(page, town, activation_code)
        knows = learn(town)
        with town.server.away():
            for left, warning in WARNINGS.items():
                await change_card(page, until_at=(utc_now() + left).isoformat())
                await open_pwa(page, f"{town.url}/app/")
                await Screen(page).sees(warning)
                judged = judge(await code_on(Screen(page)), knows)
                assert judged.verdict.colour is Colour.GREEN, left

            await change_card(page, until_at=(utc_now() - timedelta(minutes=1)).isoformat())
            heard = clock_record(heard_at=four_weeks_ago, seen_at=four_weeks_ago)
            await put_records(page, heard)
            await look(page, town)
            await expect(page.locator(OVERLAY)).to_contain_text("Korttisi tarvitsee verkkoyhteyden")
            screen = await app_opens(page)
            await screen.sees("Yhdistä puhelin verkkoon, niin kortti uusiutuu itsestään.")
            await screen.sees(print_code(card.code))
            await screen.sees("Puhelimesi kello näyttää")
            assert await no_code_on(page)

        await open_pwa(page, f"{town.url}/app/")
        code = await code_on(Screen(page))
        assert judge(code, learn(town)).verdict.colour is Colour.GREEN
        renewed = json.loads((await everything_kept(page))["record"]["card"])
        assert datetime.fromisoformat(renewed["until_at"]) > utc_now() + timedelta(days=28)
