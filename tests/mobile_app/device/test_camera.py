"""The camera of a phone: it streams frames, follows the app out of sight and back, and its lamp."""

from datetime import timedelta
from typing import Any

import flet as ft
import flet_camera as fc
import pytest

from mobile_app.device.camera import CodeCamera
from mobile_app.device.lens import STALLED_AFTER, CameraTrouble
from mobile_app.device.pillow_decoder import PyzbarDecoder
from tests.mobile_app.device.frames import (
    android_frame,
    frame_event,
    ios_frame,
    scene,
    striped_scene,
)
from tests.mobile_app.door import CARD_CODE, Issuer
from tests.mobile_app.fakes import NOON, FakeClock
from tests.mobile_app.harness import Harness

TOKEN = Issuer().card().show(at=NOON)
PHONES = [ft.PagePlatform.ANDROID, ft.PagePlatform.IOS]


def lens(name: str, direction: str = "back", kind: str = "wide") -> dict[str, Any]:
    return {
        "name": name,
        "lens_direction": direction,
        "sensor_orientation": 90,
        "lens_type": kind,
    }


class CameraBench:
    """A screen with nothing but the camera, and what it told."""

    def __init__(self, **over: Any) -> None:
        self.clock = FakeClock()
        self.texts: list[str] = []
        self.troubles: list[CameraTrouble] = []
        self.unreadable = 0
        self.light = over.pop("light", False)
        self.decoder = over.pop("decoder", None) or PyzbarDecoder()
        self.methods = {
            ("Camera", "get_available_cameras"): [lens("0")],
            ("Camera", "supports_image_streaming"): True,
        } | over.pop("methods", {})
        self.over = over

    def main(self, page: ft.Page) -> None:
        page.render(self._draw)

    def harness(self) -> Harness:
        return Harness(self.main, **({"methods": self.methods} | self.over))

    def _draw(self) -> ft.Control:
        return CodeCamera(
            active=True,
            on_text=self._take,
            on_trouble=self.troubles.append,
            on_unreadable=self._count,
            decoder=self.decoder,
            clock=self.clock,
            label="camera",
            light=self.light,
        )

    async def _take(self, text: str) -> None:
        self.texts.append(text)

    def _count(self) -> None:
        self.unreadable += 1


def asked(app: Harness, method: str) -> list[Any]:
    return [told for control, name, told in app.calls if (control, name) == ("Camera", method)]


def is_open(app: Harness) -> bool:
    return len(asked(app, "start_image_stream")) > len(asked(app, "stop_image_stream"))


async def stream(app: Harness, jpeg: bytes, kind: str = "yuv420") -> None:
    await app.fire(app.one(fc.Camera), "stream_image", frame_event(jpeg, kind=kind))


async def turn(app: Harness, *states: str) -> None:
    for state in states:
        await app.fire(app.page, "app_lifecycle_state_change", {"state": state})


@pytest.mark.parametrize("platform", PHONES)
@pytest.mark.parametrize(
    ("take", "kind"), [(android_frame, "yuv420"), (ios_frame, "bgra8888")], ids=["yuv", "bgra"]
)
async def test_code_in_a_streamed_frame_is_read(platform, take, kind) -> None:
    bench = CameraBench(platform=platform)
    async with bench.harness() as app:
        await app.until(lambda: is_open(app))
        await stream(app, take(scene(TOKEN)), kind)
        await app.until(lambda: bench.texts)

        assert bench.texts == [TOKEN]
        assert asked(app, "take_picture") == []  # a still picture takes a phone half a second


async def test_stripes_on_their_side_are_read() -> None:
    bench = CameraBench()
    async with bench.harness() as app:
        await app.until(lambda: is_open(app))
        await stream(app, android_frame(striped_scene(CARD_CODE)))
        await app.until(lambda: bench.texts)

        assert bench.texts == [CARD_CODE]


async def test_of_frames_that_pile_up_only_the_newest_is_looked_at() -> None:
    seen: list[bytes] = []

    class Slow(PyzbarDecoder):
        async def decode(self, image: bytes) -> list[str]:
            seen.append(image)
            return await super().decode(image)

    bench = CameraBench(decoder=Slow())
    frames = [android_frame(scene(TOKEN, side=side)) for side in (300, 320, 340)]
    async with bench.harness() as app:
        await app.until(lambda: is_open(app))
        camera = app.one(fc.Camera)
        for frame in frames:  # faster than anybody can look
            await app._session.dispatch_event(camera._i, "stream_image", frame_event(frame))
        await app.until(lambda: bench.texts)

    assert seen == [frames[-1]]


async def test_frame_that_is_no_picture_stops_nothing() -> None:
    bench = CameraBench()
    async with bench.harness() as app:
        await app.until(lambda: is_open(app))
        await stream(app, b"\xff\xd8 torn")
        await stream(app, android_frame(scene(TOKEN)))
        await app.until(lambda: bench.texts)

        assert bench.troubles == []


async def test_ordinary_back_lens_is_chosen() -> None:
    lenses = [
        lens("3", "back", "telephoto"),
        lens("1", "front"),
        lens("2", "back", "ultraWide"),
        lens("0", "back", "wide"),
    ]
    bench = CameraBench(methods={("Camera", "get_available_cameras"): lenses})
    async with bench.harness() as app:
        await app.until(lambda: is_open(app))
        [told] = asked(app, "initialize")

        assert told["description"].name == "0"
        assert not told["enable_audio"]


async def test_phone_put_away_gives_the_camera_back_and_takes_it_again() -> None:
    bench = CameraBench()
    async with bench.harness() as app:
        await app.until(lambda: is_open(app))
        await turn(app, "inactive")
        assert is_open(app)  # a question of the system covers nothing

        await turn(app, "hide", "pause")
        await app.until(lambda: not app.all(fc.Camera))
        assert not is_open(app)

        await turn(app, "restart", "show", "inactive", "resume")
        await app.until(lambda: is_open(app))
        await stream(app, android_frame(scene(TOKEN)))
        await app.until(lambda: bench.texts)
    assert bench.troubles == []


async def test_phone_stays_awake_while_the_camera_looks() -> None:
    bench = CameraBench()
    async with bench.harness() as app:
        await app.until(lambda: is_open(app))
        held = [name for control, name, _ in app.calls if control == "Wakelock"]
        assert held == ["enable"]

        await turn(app, "hide", "pause")
        held = [name for control, name, _ in app.calls if control == "Wakelock"]
        assert held == ["enable", "disable"]


async def test_lamp_is_lit_as_soon_as_the_camera_is_open() -> None:
    bench = CameraBench(light=True)
    ready: list[bool] = []

    def flash(told: dict[str, Any]) -> None:
        if not ready:
            raise RuntimeError("Camera is not initialized. Call initialize() first.")
        lit.append(told["mode"])

    lit: list[fc.FlashMode] = []
    bench.methods |= {
        ("Camera", "initialize"): lambda _: ready.append(True),
        ("Camera", "set_flash_mode"): flash,
    }
    async with bench.harness() as app:
        await app.until(lambda: is_open(app))

    assert lit == [fc.FlashMode.TORCH]


async def test_stream_that_dries_up_is_opened_anew() -> None:
    bench = CameraBench()
    async with bench.harness() as app:
        await app.until(lambda: is_open(app))
        bench.clock.at += STALLED_AFTER + timedelta(seconds=1)
        await app.until(lambda: len(asked(app, "initialize")) == 2)
        await stream(app, android_frame(scene(TOKEN)))
        await app.until(lambda: bench.texts)
    assert bench.troubles == []


async def test_phone_that_cannot_stream_says_so() -> None:
    bench = CameraBench(methods={("Camera", "supports_image_streaming"): False})
    async with bench.harness() as app:
        await app.until(lambda: bench.troubles)

    assert bench.troubles == [CameraTrouble.UNSUPPORTED]
