"""Under a card that was not used: one suggestion a week, and none if one says so."""

import flet as ft
import pytest

from mobile_app.directory.state import CHOICES, Places
from shared.visit import VisitPage
from tests.mobile_app.directory.town import directory, event, loaded, told_to
from tests.mobile_app.harness import Harness
from tests.mobile_app.phones import HolderPhone
from tests.mobile_app.visit.history import visit


@pytest.fixture
async def holder(phone: HolderPhone, code: str) -> HolderPhone:
    await phone.activated(code)
    return phone


@pytest.fixture
async def quiet(holder: HolderPhone) -> HolderPhone:
    told_to(holder, directory(event(name="Ehdotettu")))
    return holder


async def suggested(phone: HolderPhone) -> str | None:
    await phone.card()  # signs in
    places = Places(phone.device)
    await places.see_what_to_suggest("card")
    return None if places.suggested is None else places.suggested.title


async def test_an_unused_card_is_told_of_one(quiet: HolderPhone) -> None:
    assert await suggested(quiet) == "Ehdotettu"


async def test_a_used_card_is_not_and_nobody_is_asked_again(quiet: HolderPhone) -> None:
    async def visits(**_named) -> VisitPage:
        return VisitPage([visit(1)], None)

    quiet.device.api.visits = visits
    assert await suggested(quiet) is None
    quiet.network.requests.clear()
    assert await suggested(quiet) is None
    assert quiet.network.requests == []


async def test_nobody_knows_whether_it_was_used_so_nothing_is_said(quiet: HolderPhone) -> None:
    quiet.network.down = True
    assert await suggested(quiet) is None


async def test_a_no_lasts_for_the_week(quiet: HolderPhone) -> None:
    places = await loaded(quiet)
    await places.not_now()
    assert await suggested(quiet) is None
    quiet.clock.pass_time(days=7)
    assert await suggested(quiet) is not None


async def test_it_can_be_turned_off(quiet: HolderPhone) -> None:
    async with Harness(quiet.main, route="/where") as app:
        await app.until(lambda: app.says("Ehdotettu"))
        await app.press("Lisää rajauksia")
        switch = app.one(ft.Switch)
        app.page.session.apply_patch(switch._i, {"value": False})
        await app.fire(switch, "change", "false")
    assert quiet.store.records[CHOICES]["suggestions"] is False
    quiet.clock.pass_time(days=30)
    assert await suggested(quiet) is None


async def test_it_stands_under_the_card_when_nothing_else_is_asked(quiet: HolderPhone) -> None:
    async with Harness(quiet.main) as app:
        await app.until(lambda: app.says("Miltä tuntuu?"))
        assert not app.says("Idea tälle viikolle")
        await app.press("Ei nyt")
        await app.until(lambda: app.says("Idea tälle viikolle"))
        assert app.says("Ehdotettu")
        await app.press("Ei nyt")
        assert not app.says("Idea tälle viikolle")
