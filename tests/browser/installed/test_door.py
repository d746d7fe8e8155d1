"""The installed scanner: no network, no power, and still every visit exactly once."""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.async_api import BrowserContext, Error, Page, Playwright
from sqlalchemy import select

from mobile_app.sync.outbox import Outbox
from server.clock import utc_now
from server.venue.models import Venue
from tests.browser.browser import Screen, chromium, film, nothing_to_read, picture_of
from tests.browser.installed.app import (
    build_next,
    kill_browser,
    open_pwa,
    put_records,
    versions_kept,
)
from tests.browser.town import THEATRE, Town
from tests.factories import HolderPhone, make_report
from tests.mobile_app.fakes import FakeClock, MemoryStore

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SENT_WITHIN_MS = 90_000
BLOCKED_WITHIN = timedelta(seconds=60)
AHEAD = timedelta(seconds=25)
"""A phone's clock may be ahead by 30 s: its film may then be read more than a minute later."""


class InstalledDoor:
    """One device at a door: a browser with the app in it and a camera in front of a film."""

    def __init__(self, playwright: Playwright, profile: Path, url: str) -> None:
        self.profile = profile
        self._playwright = playwright
        self._url = url
        self._film = profile.with_suffix(".mjpeg")

    @asynccontextmanager
    async def looks_at(self, picture: bytes | None = None) -> AsyncIterator[Screen]:
        """Start the browser and the scanner in it, with *picture* before its camera."""
        if picture is not None:
            film(picture, self._film)
        else:
            nothing_to_read(self._film)
        async with chromium(self._playwright, self.profile, camera=self._film) as browser:
            yield Screen(await open_door(browser, self._url))


async def open_door(browser: BrowserContext, url: str) -> Page:
    page = await browser.new_page()
    await open_pwa(page, f"{url}/app/door")
    return page


@pytest.fixture
def door(town: Town, paired: Path, playwright: Playwright, tmp_path: Path) -> InstalledDoor:
    shutil.copytree(paired, tmp_path / "profile")
    return InstalledDoor(playwright, tmp_path / "profile", town.url)


def film_of(phone: HolderPhone) -> bytes:
    """Draw the card as a phone shows it that is a little ahead."""
    return picture_of(phone.show(now=utc_now() + AHEAD))


def visits_that_wait(town: Town, count: int) -> dict[str, Any]:
    """Make visits of as many cards, as a scanner without network keeps them: name and record."""
    with town.sessions() as db:
        venue_id = db.scalars(select(Venue.id).where(Venue.name == THEATRE)).one()
    nobody: Any = None
    outbox = Outbox(MemoryStore(), nobody, venue_id=venue_id, clock=FakeClock(), on_gone=nobody)
    at = utc_now() - timedelta(minutes=10)
    records: dict[str, Any] = {}
    for phone in town.phones(count, now=at - timedelta(minutes=1)):
        records |= outbox.entry(make_report(phone.show(now=at), at=at))
    return records


async def until_newer(before: list[str], page: Page) -> None:
    """Wait until the browser has thrown away the version of *before*."""
    for _ in range(SENT_WITHIN_MS // 200):
        try:
            kept = await versions_kept(page)
        except Error:  # the page is being loaded again
            kept = before
        if kept and not set(kept) & set(before):
            return
        await page.wait_for_timeout(200)
    raise AssertionError("the old version stayed")


async def until(true: Callable[[], bool], page: Page) -> None:
    for _ in range(SENT_WITHIN_MS // 200):
        if true():
            return
        await page.wait_for_timeout(200)
    raise AssertionError("it never came true")


async def test_without_network_and_power_a_visit_is_kept_and_sent_once(
    town: Town, door: InstalledDoor
) -> None:
    phone = town.phone(children=2)
    town.server.kill()
    async with door.looks_at(film_of(phone)) as screen:
        await screen.sees("Voimassa. Aikuinen ja enintään 2 lasta.")
        await screen.press("Yksi lapsi lisää")
        await screen.sees("Lapset: 1")
        await screen.press("Kirjaa")
        await screen.sees("Käynti kirjattu")
        kill_browser(door.profile)

    async with door.looks_at(film_of(phone)) as screen:
        await screen.sees("Kortti on jo käytetty täällä klo")
        await screen.press("Ei nyt")
        await screen.sees("odottaa 2")
        town.server.start()
        await screen.sees("odottaa 0")
        [visit] = [visit for visit in town.visits() if visit.card_id == phone.card.id]
        assert visit.children == 1

    async with door.looks_at(film_of(phone)) as screen:
        await screen.sees("Kortti on jo käytetty täällä klo")


async def test_visits_are_for_the_event_that_was_chosen_also_without_network(
    town: Town, door: InstalledDoor
) -> None:
    event_id = town.event(THEATRE, "Kolme sisarta")
    phone = town.phone(children=0)
    async with door.looks_at() as screen:
        await screen.press("Käynnit: Kulttuuri")
        await screen.page.get_by_role("button", name="Kolme sisarta").click()
        await screen.sees("Käynnit: Kolme sisarta")
    town.server.kill()

    async with door.looks_at(film_of(phone)) as screen:
        await screen.sees("Voimassa. Aikuinen.")
        await screen.press("Kirjaa")
        await screen.sees("Käynnit: Kolme sisarta")
        town.server.start()
        await screen.sees("odottaa 0")
    [visit] = [visit for visit in town.visits() if visit.card_id == phone.card.id]
    assert visit.event == str(event_id)


async def test_a_full_device_says_so_and_lets_nobody_in(
    town: Town, door: InstalledDoor, playwright: Playwright
) -> None:
    async with chromium(playwright, door.profile, denied=True) as browser:
        page = await browser.new_page()
        devtools = await browser.new_cdp_session(page)
        await devtools.send("Storage.overrideQuotaForOrigin", {"origin": town.url, "quotaSize": 1})
        await open_pwa(page, f"{town.url}/app/door")
        screen = Screen(page)
        await screen.types("Korttikoodi", town.phone().show(now=utc_now()), enter=True)
        await screen.sees("Laite ei nyt tallenna mitään")
        await screen.does_not_see("Voimassa.")


async def test_a_refused_camera_is_told_and_codes_are_typed(
    town: Town, door: InstalledDoor, playwright: Playwright
) -> None:
    async with chromium(playwright, door.profile, denied=True) as browser:
        screen = Screen(await open_door(browser, town.url))
        await screen.sees("Sovellus ei saa käyttää kameraa.")
        await screen.types("Korttikoodi", town.phone().card.code, enter=True)
        await screen.sees("Kortti voimassa.")


async def test_a_reader_types_at_once_when_the_door_was_opened_from_the_start(
    town: Town, door: InstalledDoor, playwright: Playwright
) -> None:
    async with chromium(playwright, door.profile, denied=True) as browser:
        page = await browser.new_page()
        await open_pwa(page, f"{town.url}/app/")
        screen = Screen(page)
        await screen.press("Olen kohteessa töissä")
        shown = town.phone(children=0).show(now=utc_now())
        await screen.types_untouched("Korttikoodi", shown, enter=True)
        await screen.sees("Voimassa. Aikuinen.")


async def test_500_waiting_visits_survive_the_death_of_both_ends(
    town: Town, door: InstalledDoor
) -> None:
    before = len(town.visits())
    waiting = visits_that_wait(town, 500)
    ours = {UUID(name.rpartition("/")[2]) for name in waiting}

    def arrived() -> int:
        return len(town.visits()) - before

    async with door.looks_at() as screen:
        await put_records(screen.page, waiting)
        await until(lambda: arrived() > 0, screen.page)
        kill_browser(door.profile)
    assert 0 < arrived() < 500

    async with door.looks_at() as screen:
        seen = arrived()
        await until(lambda: arrived() > seen, screen.page)
        town.server.kill()
        assert arrived() < 500
        town.server.start()
        await screen.sees("odottaa 0")
        assert sorted(ours) == sorted(visit.scan_id for visit in town.visits()[before:])


async def test_a_blocked_card_is_refused_within_a_minute_and_then_offline_too(
    town: Town, door: InstalledDoor
) -> None:
    phone = town.phone(children=0)
    async with door.looks_at() as screen:
        await screen.sees("sulut 0 min")
        town.block(phone.card)
        blocked_at = utc_now()
        while True:
            read_at = utc_now()
            await screen.pastes("Korttikoodi", phone.show(now=read_at))
            await screen.sees_one_of("Voimassa. Aikuinen.", "Kortti ei ole käytössä.")
            if not await screen.button("Jätä kirjaamatta").count():
                break
            assert read_at < blocked_at + BLOCKED_WITHIN, "a minute is over, and the card is let in"
            await screen.press("Jätä kirjaamatta")
            await screen.does_not_see("Voimassa. Aikuinen.")
            await screen.page.wait_for_timeout(2_000)

    town.server.kill()
    async with door.looks_at(film_of(phone)) as screen:
        await screen.sees("Kortti ei ole käytössä.")


@pytest.mark.thorough
async def test_an_app_left_behind_is_loaded_again_and_loses_nothing(
    town: Town, door: InstalledDoor, tmp_path: Path
) -> None:
    newer = build_next(tmp_path / "newer")
    phone = town.phone(children=0)
    town.server.kill()
    async with door.looks_at(film_of(phone)) as screen:
        await screen.sees("Voimassa. Aikuinen.")
        await screen.press("Kirjaa")
        await screen.sees("odottaa 1")
        before = await versions_kept(screen.page)
        settings = {"KAIKU_PWA_DIR": str(newer)}
        town.server.start(**settings, KAIKU_OLDEST_PROTOCOL="99")
        await screen.sees("liian vanha palvelimelle")
        await screen.sees("odottaa 1")

        await screen.press("Lataa uudelleen")
        await until_newer(before, screen.page)
        town.server.stop()
        town.server.start(**settings)
        await until(
            lambda: phone.card.id in {visit.card_id for visit in town.visits()}, screen.page
        )
