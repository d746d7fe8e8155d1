"""The phone around the app: out of sight and back, bright and awake, and what the hand feels."""

import asyncio

import flet as ft
import pytest

from mobile_app.device.screen import FULL
from mobile_app.device.sight import Onlooker, Sight
from mobile_app.device.touch import Feel, NoTouch, PhoneTouch
from tests.mobile_app.harness import Harness
from tests.mobile_app.phones import HolderPhone

BRIGHTNESS = ("set_application_screen_brightness", "reset_application_screen_brightness")


async def turn(app: Harness, *states: str) -> None:
    for state in states:
        await app.fire(app.page, "app_lifecycle_state_change", {"state": state})


def done(app: Harness, control: str) -> list[str]:
    return [name for kind, name, _ in app.calls if kind == control]


def pictures(app: Harness) -> list[bytes]:
    return [image.src for image in app.all(ft.Image) if image.src]


class Event:
    def __init__(self, state: ft.AppLifecycleState) -> None:
        self.state = state


async def test_what_the_system_says_twice_is_told_once() -> None:
    told: list[str] = []
    sight = Sight()
    sight.join(Onlooker(lambda: told.append("away"), lambda: told.append("here")))
    for state in ("resume", "inactive", "hide", "pause", "restart", "show", "inactive", "resume"):
        await sight.hear(Event(ft.AppLifecycleState(state)))

    assert told == ["away", "here"]


async def test_failure_of_one_part_keeps_nobody_from_hearing() -> None:
    told: list[str] = []

    def fail() -> None:
        raise RuntimeError("the lamp is stuck")

    sight = Sight()
    sight.join(Onlooker(fail, fail))
    sight.join(Onlooker(lambda: told.append("away"), lambda: told.append("here")))
    await sight.hear(Event(ft.AppLifecycleState.PAUSE))

    assert told == ["away"]


async def test_nobody_is_told_who_has_left() -> None:
    told: list[str] = []
    gone = Onlooker(lambda: told.append("away"), lambda: told.append("here"))
    sight = Sight()
    sight.join(gone)
    sight.leave(gone)
    sight.leave(gone)
    await sight.hear(Event(ft.AppLifecycleState.PAUSE))

    assert told == []


async def test_large_card_is_bright_and_awake_only_while_it_is_seen(
    phone: HolderPhone, code: str
) -> None:
    await phone.activated(code)
    async with Harness(phone.main, route="/show") as app:
        assert done(app, "ScreenBrightness") == [BRIGHTNESS[0]]
        [(_, _, told)] = [call for call in app.calls if call[1] == BRIGHTNESS[0]]
        assert told == {"value": FULL}
        assert done(app, "Wakelock") == ["enable"]

        await turn(app, "inactive", "hide", "pause")
        assert done(app, "ScreenBrightness") == [*BRIGHTNESS]
        assert done(app, "Wakelock") == ["enable", "disable"]

        await turn(app, "restart", "show", "resume")
        assert done(app, "ScreenBrightness") == [*BRIGHTNESS, BRIGHTNESS[0]]

        await app.press("Takaisin korttiin")
        assert done(app, "ScreenBrightness") == [*BRIGHTNESS, *BRIGHTNESS]
        assert done(app, "Wakelock") == ["enable", "disable", "enable", "disable"]


async def test_browser_is_asked_for_nothing_that_only_phones_have(
    phone: HolderPhone, code: str
) -> None:
    await phone.activated(code)
    async with Harness(phone.main, route="/show", web=True) as app:
        await turn(app, "hide")

        assert done(app, "ScreenBrightness") == done(app, "Wakelock") == []
        assert pictures(app)


async def test_code_is_gone_while_nobody_looks_and_new_at_once_when_somebody_does(
    phone: HolderPhone, code: str
) -> None:
    await phone.activated(code)
    async with Harness(phone.main) as app:
        await app.until(lambda: phone.network.asked("/card") == 1)
        [before] = pictures(app)
        await turn(app, "inactive", "hide", "pause")
        assert pictures(app) == []

        phone.clock.pass_time(seconds=70)
        await turn(app, "restart", "show", "resume")
        [after] = pictures(app)
        assert after != before
        await app.until(lambda: phone.network.asked("/card") == 2)  # its answer carries the time


async def test_nothing_is_signed_while_nobody_looks(phone: HolderPhone, code: str) -> None:
    await phone.activated(code)
    async with Harness(phone.main) as app:
        await turn(app, "hide", "pause")
        phone.clock.pass_time(seconds=30)
        await asyncio.sleep(1.2)  # longer than a beat of the card

        assert pictures(app) == []


@pytest.mark.parametrize(
    ("feel", "knocks"),
    [
        (Feel.YES, ["light_impact"]),
        (Feel.HEED, ["heavy_impact"] * 2),
        (Feel.NO, ["heavy_impact"] * 3),
    ],
)
async def test_answers_feel_different_with_closed_eyes(feel, knocks) -> None:
    async def main(page: ft.Page) -> None:
        page.add(ft.Text("felt"))
        await PhoneTouch().feel(feel)

    async with Harness(main) as app:
        assert done(app, "HapticFeedback") == knocks


async def test_phone_without_a_motor_stops_nothing() -> None:
    async def main(page: ft.Page) -> None:
        page.add(ft.Text("felt"))
        await PhoneTouch().feel(Feel.NO)

    async with Harness(main, methods={("HapticFeedback", "heavy_impact"): RuntimeError("none")}):
        await NoTouch().feel(Feel.NO)
