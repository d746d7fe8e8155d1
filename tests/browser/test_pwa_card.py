"""The card in the installed app: a clock that errs, weeks without network, a second phone, damage.

The phone's clock itself cannot be turned here; what the app learnt of it can: its record says by
how much it errs, and the app and the instant card correct the time by that.
"""

import json
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, Playwright, expect
from sqlalchemy import select

from mobile_app.ui.texts import Texts
from server.card.models import Card
from server.clock import seconds, utc_now
from server.distributor.models import Distributor
from server.grant.service import CardRequest, draw_activation_code, grant_card
from shared.rules.verdict import Colour, Reason
from shared.token.codes import print_code
from tests.browser.browser import Screen, chromium
from tests.browser.pwa import (
    OVERLAY,
    RECORDS,
    build,
    change_card,
    judge,
    learn,
    open_pwa,
    put_records,
    read_code,
    wait_until_kept,
)
from tests.browser.town import Town, running_town
from tests.factories import SECRET

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

FI = Texts("fi")
COMPANY = "sinä + enintään 2 lasta"
CLOCK_ASKED = "Onko puhelimesi kello oikeassa?"
YEAR = timedelta(days=365)
CUT_OFF = '{"credential": "0oRD'


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    build()
    with running_town(tmp_path_factory.mktemp("town")) as town:
        yield town


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def carried(
    town: Town, playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A browser profile with the app kept and a card in it; copy it, never use it.

    Whoever changes this card in the register changes it for all: such tests bring their own.
    """
    profile = tmp_path_factory.mktemp("carried") / "profile"
    async with phone_of(playwright, profile) as page:
        await activate(page, town, grant(town)[1])
        await wait_until_kept(page)
    return profile


@pytest.fixture
def profile(carried: Path, tmp_path: Path) -> Path:
    return shutil.copytree(carried, tmp_path / "profile")


@asynccontextmanager
async def phone_of(playwright: Playwright, profile: Path) -> AsyncIterator[Page]:
    async with chromium(playwright, profile) as browser:
        yield await browser.new_page()


@contextmanager
def no_network(town: Town) -> Iterator[None]:
    town.server.kill()
    try:
        yield
    finally:
        town.server.start()


def grant(town: Town) -> tuple[Card, str]:
    """Grant a card two days ago, so that no midnight is near; give it and its activation code."""
    with town.sessions.begin() as db:
        distributor = db.scalars(select(Distributor)).one()
        request = CardRequest(birth_year=1975, home_postcode="33100", children=2)
        now = utc_now() - timedelta(days=2)
        granted = grant_card(db, distributor, request, secret=SECRET, now=now)
        return granted.card, granted.activation_code


def code_for_another_phone(town: Town, card: Card) -> str:
    with town.sessions.begin() as db:
        card = db.get_one(Card, card.id)
        return draw_activation_code(db, card, secret=SECRET, now=utc_now())


async def activate(page: Page, town: Town, code: str) -> None:
    """Follow the link of an activation code."""
    await open_pwa(page, f"{town.url}/app/activate#{code}")
    await Screen(page).sees(COMPANY)


async def look(page: Page, town: Town) -> None:
    """Open the app anew, and see what it says before it has started."""
    await page.goto(f"{town.url}/app/", wait_until="commit")
    await page.locator(f"{OVERLAY} canvas[width], {OVERLAY} p").first.wait_for()


async def shown_at_once(page: Page, town: Town) -> str | None:
    """Give the code of the instant card."""
    await look(page, town)
    return read_code(await page.screenshot())


async def app_opens(page: Page) -> Screen:
    await page.locator(OVERLAY).wait_for(state="detached")
    return Screen(page)


async def code_on(screen: Screen) -> str:
    return str(read_code(await screen.shot_of_code()))


async def no_code_on(page: Page) -> bool:
    return read_code(await page.screenshot()) is None


async def kept(page: Page) -> dict[str, dict[str, str]]:
    """Give all that the browser keeps for the app: names and texts by object store."""
    return await page.evaluate(
        f"""async () => {{
          {RECORDS}
          const kept = {{}};
          for (const name of opened.objectStoreNames) {{
            const store = opened.transaction(name).objectStore(name);
            const [names, values] = [await ask(store.getAllKeys()), await ask(store.getAll())];
            kept[name] = Object.fromEntries(names.map((one, at) => [one, String(values[at])]));
          }}
          opened.close();
          return kept;
        }}"""
    )


async def damage(page: Page, name: str, text: str) -> None:
    """Write *text* in place of a record."""
    await page.evaluate(
        f"""async ([name, text]) => {{
          {RECORDS}
          const store = opened.transaction('record', 'readwrite').objectStore('record');
          await ask(store.put(text, name));
          opened.close();
        }}""",
        [name, text],
    )


async def set_clock(page: Page, *, ahead: timedelta) -> None:
    """Make the app's clock run ahead: nobody knows any more when the server was heard."""
    await put_records(page, {"clock": {"error_s": -ahead.total_seconds()}})


def clock_record(*, heard_at: datetime, seen_at: datetime) -> dict[str, object]:
    return {"clock": {"error_s": 0, "heard_s": seconds(heard_at), "seen_s": seconds(seen_at)}}


WRONG_CLOCKS = {
    timedelta(seconds=45): {Reason.OK, Reason.CLOCK_SKEW},
    timedelta(seconds=-45): {Reason.OK, Reason.CLOCK_SKEW},
    timedelta(minutes=10): {Reason.FUTURE_CODE},
    timedelta(minutes=-10): {Reason.OLD_CODE},
}


async def test_a_door_blames_the_clock_of_a_phone_that_is_minutes_off(
    town: Town, profile: Path, playwright: Playwright
) -> None:
    knows = learn(town)
    with no_network(town):
        async with phone_of(playwright, profile) as page:
            await open_pwa(page, f"{town.url}/app/")
            await change_card(page, from_at=(utc_now() - timedelta(days=1)).isoformat())
            for ahead, reasons in WRONG_CLOCKS.items():
                await set_clock(page, ahead=ahead)
                code = await shown_at_once(page, town)
                assert set(judge(str(code), knows).verdict.reasons) <= reasons, ahead
            code = await code_on(await app_opens(page))
            assert set(judge(code, knows).verdict.reasons) <= reasons


async def test_a_clock_a_year_off_is_asked_about_and_put_right_by_the_server(
    town: Town, profile: Path, playwright: Playwright
) -> None:
    async with phone_of(playwright, profile) as page:
        with no_network(town):
            await open_pwa(page, f"{town.url}/app/")
            for ahead in (YEAR, -YEAR):
                await set_clock(page, ahead=ahead)
                await look(page, town)
                await expect(page.locator(OVERLAY)).to_contain_text(CLOCK_ASKED)
                screen = await app_opens(page)
                await screen.sees(CLOCK_ASKED)
                says = await screen.says()
                assert FI.day((utc_now() + ahead).date()) in says
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


@pytest.mark.slow
async def test_a_clock_that_ran_backwards_while_the_app_was_closed_is_not_believed(
    town: Town, profile: Path, playwright: Playwright
) -> None:
    now = utc_now()
    before = now - timedelta(minutes=1)
    with no_network(town):
        async with phone_of(playwright, profile) as page:
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
    town: Town, profile: Path, playwright: Playwright
) -> None:
    card, activation_code = grant(town)
    four_weeks_ago = utc_now() - timedelta(days=28)
    async with phone_of(playwright, profile) as page:
        await activate(page, town, activation_code)
        knows = learn(town)
        with no_network(town):
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
        renewed = json.loads((await kept(page))["record"]["card"])
        assert datetime.fromisoformat(renewed["until_at"]) > utc_now() + timedelta(days=28)


async def test_signing_out_leaves_no_key_no_card_and_no_history(
    town: Town, profile: Path, playwright: Playwright
) -> None:
    async with phone_of(playwright, profile) as page:
        await open_pwa(page, f"{town.url}/app/visits")
        await Screen(page).sees("Ei vielä käyntejä")
        await open_pwa(page, f"{town.url}/app/settings")
        before = await kept(page)
        assert {"card", "visit/history"} <= before["record"].keys()
        assert len(before["key"]) == 1
        await Screen(page).press("Poista kortti tästä puhelimesta")
        await Screen(page).press("Poista kortti")
        await Screen(page).sees("Minulla on kortti")

    with no_network(town):
        async with phone_of(playwright, profile) as page:
            assert await shown_at_once(page, town) is None
            await expect(page.locator(OVERLAY)).to_contain_text("ei ole vielä korttia")
            await (await app_opens(page)).sees("Minulla on kortti")
            after = await kept(page)
            card = json.loads(before["record"]["card"])
            everything = json.dumps(after) + await page.evaluate("JSON.stringify(localStorage)")

    assert after["key"] == {}
    assert [name for name in after["record"] if name == "card" or name.startswith("visit")] == []
    assert card["credential"] not in everything
    assert card["key_name"] not in everything
    assert card["facts"]["card_code"] not in everything


async def test_a_second_phone_warns_takes_the_card_and_the_first_one_says_so(
    town: Town, profile: Path, carried: Path, playwright: Playwright, tmp_path: Path
) -> None:
    card, activation_code = grant(town)
    async with phone_of(playwright, profile) as page:
        await activate(page, town, activation_code)
        old_code = await code_on(Screen(page))
    assert judge(old_code, learn(town)).verdict.colour is Colour.GREEN

    second = code_for_another_phone(town, card)
    async with phone_of(playwright, shutil.copytree(carried, tmp_path / "second")) as page:
        await open_pwa(page, f"{town.url}/app/activate#{second}")
        await Screen(page).sees("se lakkaa toimimasta toisessa")
        assert Reason.REVOKED not in judge(old_code, learn(town)).verdict.reasons
        await Screen(page).press("Siirrä kortti tähän")
        await Screen(page).sees(COMPANY)
        new_code = await code_on(Screen(page))
    knows = learn(town)
    assert judge(new_code, knows).verdict.colour is Colour.GREEN
    assert Reason.REVOKED in judge(old_code, knows).verdict.reasons

    async with phone_of(playwright, profile) as page:
        await open_pwa(page, f"{town.url}/app/")
        await Screen(page).sees("Korttisi on nyt toisessa puhelimessa")
        await Screen(page).sees("pyydä aktivointikoodi kortin antajalta")
        assert await no_code_on(page)
        assert await shown_at_once(page, town) is None
        await expect(page.locator(OVERLAY)).to_contain_text("Korttisi on nyt toisessa puhelimessa")


async def test_a_card_closed_at_the_desk_says_so_as_soon_as_its_phone_is_online(
    town: Town, profile: Path, playwright: Playwright
) -> None:
    card, activation_code = grant(town)
    async with phone_of(playwright, profile) as page:
        await activate(page, town, activation_code)
        with no_network(town):
            town.block(card)
            await open_pwa(page, f"{town.url}/app/")
            code = await code_on(Screen(page))

        assert judge(code, learn(town)).verdict.reason is Reason.REVOKED
        await open_pwa(page, f"{town.url}/app/")
        await Screen(page).sees("Korttisi on suljettu")
        await Screen(page).sees("Kortin antaja osaa kertoa syyn ja auttaa.")
        assert await no_code_on(page)
        assert await shown_at_once(page, town) is None


SWEDISH = {"language": "sv", "text_percent": 150, "brightness": "dark", "high_contrast": True}


@pytest.mark.slow
async def test_a_damaged_card_takes_nothing_else_along_and_a_new_code_mends_it(
    town: Town, profile: Path, playwright: Playwright
) -> None:
    async with phone_of(playwright, profile) as page:
        with no_network(town):
            await open_pwa(page, f"{town.url}/app/")
            await put_records(page, {"settings": SWEDISH, "device/anything": {"of": "the scanner"}})
            await damage(page, "card", CUT_OFF)
            before = await kept(page)
            await look(page, town)
            await expect(page.locator(OVERLAY)).to_contain_text("inget kort")
            await (await app_opens(page)).sees("Jag har ett kort")
            assert await kept(page) == before

        await open_pwa(page, f"{town.url}/app/activate#{grant(town)[1]}")
        await Screen(page).sees("du + högst 2 barn")
        assert await code_on(Screen(page))


@pytest.mark.slow
async def test_damaged_settings_take_no_card_along(
    town: Town, profile: Path, playwright: Playwright
) -> None:
    with no_network(town):
        async with phone_of(playwright, profile) as page:
            await open_pwa(page, f"{town.url}/app/")
            await damage(page, "settings", CUT_OFF)
            assert await shown_at_once(page, town) is not None
            screen = await app_opens(page)
            await screen.sees(COMPANY)
            assert await code_on(screen)
