"""The camera's eye: opens it, looks at its pictures, stops when nobody wants it any more.

On the web a picture is taken again and again; on Android and iOS, where a still picture is slow,
the camera streams its frames.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

import flet as ft
import flet_camera as fc  # type: ignore[import-untyped]

from mobile_app.device.clock import Clock
from mobile_app.device.decoder import Decoder, PictureRefused

T = TypeVar("T")

SAME_TEXT_AFTER = timedelta(seconds=3)
"""The same text is passed on again only when it was out of sight for this long: a phone that is
still on the desk after its verdict is not shown anew."""

UNREADABLE_AFTER = timedelta(seconds=4)
"""Nothing decoded for this long while the camera runs (token specification, section 10.2)."""

STALLED_AFTER = timedelta(seconds=6)
"""A stream that brings no picture for this long is dead; the camera is opened anew."""

_ANSWER_WITHIN_S = 10.0
_REST_S = 0.03
_PAUSE_S = 0.1
_RETRIES = 3
_AWAY_S = 1.0

_log = logging.getLogger(__name__)


class CameraTrouble(StrEnum):
    """Why there is no picture."""

    NO_CAMERA = "no_camera"
    DENIED = "denied"
    UNSUPPORTED = "unsupported"
    FAILED = "failed"


@dataclass(slots=True)
class Gaze:
    """What the camera has seen lately. Time is told to it."""

    _last_text: str | None = None
    _last_at: datetime | None = None
    _blank_since: datetime | None = None
    _blank_told: bool = False

    def see(self, texts: Sequence[str], now: datetime) -> str | None:
        """Give the text to pass on, if this frame has a new one."""
        if not texts:
            self._blank_since = self._blank_since or now
            return None
        self._blank_since, self._blank_told = now, False
        text = texts[0]
        again = self._last_at is not None and abs(now - self._last_at) < SAME_TEXT_AFTER
        is_new = text != self._last_text or not again
        self._last_text, self._last_at = text, now
        return text if is_new else None

    def is_unreadable(self, now: datetime) -> bool:
        """Tell, once, that nothing could be read for too long."""
        if self._blank_told or self._blank_since is None:
            return False
        self._blank_told = now - self._blank_since >= UNREADABLE_AFTER
        return self._blank_told

    def rest(self, now: datetime) -> None:
        """Nobody holds a code to the camera now; the same text counts from here on."""
        self._blank_since, self._blank_told = None, False
        if self._last_text is not None:
            self._last_at = now


def has_camera(page: ft.Page) -> bool:
    """Tell whether the camera control exists on this platform at all."""
    return page.web or page.platform in (ft.PagePlatform.ANDROID, ft.PagePlatform.IOS)


def is_phone(page: ft.Page) -> bool:
    """Tell whether this is the app on a phone, not a browser."""
    return not page.web and page.platform in (ft.PagePlatform.ANDROID, ft.PagePlatform.IOS)


@dataclass(frozen=True, slots=True)
class Eyes:
    """What the camera component is given: how to read, and whom to tell."""

    decoder: Decoder
    clock: Clock
    on_text: Callable[[str], Awaitable[None]]
    on_trouble: Callable[[CameraTrouble], None]
    on_unreadable: Callable[[], None]


class Watch:
    """The loop of one mounted camera. `wanted` and `paused` are set anew by every render."""

    eyes: Eyes
    wanted: bool
    paused: bool

    def __init__(self) -> None:
        self.camera: ft.Ref[Any] = ft.Ref()
        self._gaze = Gaze()
        self._frame: bytes | None = None
        self._light = False
        self._lit = False
        self._parted = False
        self._stumbles = 0

    async def run(self, page: ft.Page) -> None:
        """Read until nobody wants it any more."""
        trouble: CameraTrouble | None = None
        while self._goes_on() and trouble is None:
            connected = _is_connected(page)
            if connected is None:
                return
            if connected:
                trouble = await self._try_to_read(page)
            else:
                await asyncio.sleep(_AWAY_S)
        if trouble is not None and self._goes_on():
            self.eyes.on_trouble(trouble)

    def take_frame(self, event: Any) -> None:
        """Keep the newest frame of the stream; older ones nobody has looked at are gone."""
        self._frame = event.bytes

    async def shine(self, *, light: bool) -> None:
        """Switch the lamp; a camera without one stays as it is, one that opens later follows."""
        self._light = light
        if light == self._lit:
            return
        mode = fc.FlashMode.TORCH if light else fc.FlashMode.OFF
        with contextlib.suppress(RuntimeError, TimeoutError):
            await _answer(self._camera().set_flash_mode(mode))
            self._lit = light

    def part(self, page: ft.Page) -> None:
        """End, although the control has left the screen already: somebody walked away.

        The client may still answer; the session must know the control until then.
        """
        self._parted = True
        if (camera := self.camera.current) is not None:
            page.session.index[camera._i] = camera  # noqa: SLF001 - see above

    async def _try_to_read(self, page: ft.Page) -> CameraTrouble | None:
        """Open the camera and read until it ends; tells what is in the way, if it stays there."""
        try:
            await self._open()
            if is_phone(page):
                await self._read_stream()
            else:
                await self._read_pictures(page)
        except _Unusable as unusable:
            return unusable.trouble
        except (RuntimeError, TimeoutError) as error:
            # A browser that lost its connection comes back with a camera that is not open.
            _log.info("the camera stumbled: %s", error)
            self._stumbles += 1
            trouble = trouble_of(error)
            if trouble is not CameraTrouble.FAILED or self._stumbles > _RETRIES:
                return trouble
            await asyncio.sleep(_PAUSE_S)
        return None

    def _goes_on(self) -> bool:
        return self.wanted and not self._parted

    async def _open(self) -> None:
        camera = self._camera()
        found = await _answer(camera.get_available_cameras())
        if not found:
            raise _Unusable(CameraTrouble.NO_CAMERA)
        await _answer(
            camera.initialize(
                min(found, key=_rank), fc.ResolutionPreset.MEDIUM, enable_audio=False
            ),
            within_s=60,  # the person may have to answer the browser's question first
        )
        self._lit = False
        await self.shine(light=self._light)

    async def _read_pictures(self, page: ft.Page) -> None:
        while self._goes_on():
            if self.paused:
                self._gaze.rest(self._now())
                await asyncio.sleep(_PAUSE_S)
                continue
            await page.wait_until_visible()
            await self._look_at(await _answer(self._camera().take_picture()))
            await asyncio.sleep(_REST_S)

    async def _read_stream(self) -> None:
        camera = self._camera()
        if not await _answer(camera.supports_image_streaming()):
            raise _Unusable(CameraTrouble.UNSUPPORTED)
        await _answer(camera.start_image_stream())
        last_at = self._now()
        while self._goes_on():
            frame, self._frame = self._frame, None
            now = self._now()
            if frame is not None:
                last_at = now
            elif abs(now - last_at) >= STALLED_AFTER:
                raise RuntimeError("the stream brings no pictures")
            if self.paused:
                self._gaze.rest(now)
            elif frame is not None:
                await self._look_at(frame)
            await asyncio.sleep(_REST_S)
        if not self._parted:
            await _answer(self._camera().stop_image_stream())

    async def _look_at(self, frame: bytes) -> None:
        try:
            texts = await self.eyes.decoder.decode(frame)
        except PictureRefused:
            texts = []
        if self.paused or not self._goes_on():
            return
        self._stumbles, now = 0, self._now()
        text = self._gaze.see(texts, now)
        if text is not None:
            await self.eyes.on_text(text)
        elif self._gaze.is_unreadable(now):
            self.eyes.on_unreadable()

    def _camera(self) -> Any:
        # Asked for every time: each render makes a new object for the same camera.
        if self.camera.current is None:
            raise RuntimeError("the camera is not on the screen")
        return self.camera.current

    def _now(self) -> datetime:
        return self.eyes.clock.now()


class _Unusable(Exception):
    def __init__(self, trouble: CameraTrouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


_SIDES = (
    fc.CameraLensDirection.BACK,
    fc.CameraLensDirection.EXTERNAL,
    fc.CameraLensDirection.FRONT,
)
_LENSES = (
    fc.CameraLensType.WIDE,  # what a phone calls its ordinary lens
    fc.CameraLensType.UNKNOWN,
    fc.CameraLensType.ULTRA_WIDE,
    fc.CameraLensType.TELEPHOTO,  # sees nothing that is held close
)


def _rank(lens: Any) -> tuple[int, int]:
    """Order lenses, the best for a code in somebody's hand first."""
    return _SIDES.index(lens.lens_direction), _LENSES.index(lens.lens_type)


def trouble_of(error: Exception) -> CameraTrouble:
    """Tell from the platform's message what is wrong; the messages have no codes of their own."""
    said = str(error).lower().replace("_", "").replace(" ", "")
    if any(word in said for word in ("denied", "notallowed", "permission", "restricted")):
        return CameraTrouble.DENIED
    if any(word in said for word in ("cameranotfound", "notfound", "nocamera", "devicesnotfound")):
        return CameraTrouble.NO_CAMERA
    if any(word in said for word in ("unimplemented", "notsupported", "unsupported", "secure")):
        return CameraTrouble.UNSUPPORTED
    return CameraTrouble.FAILED


async def _answer(call: Coroutine[Any, Any, T], *, within_s: float = _ANSWER_WITHIN_S) -> T:
    """Await the client, but not for ever: a browser that has gone away never answers."""
    return await asyncio.wait_for(call, within_s)


def _is_connected(page: ft.Page) -> bool | None:
    """Tell whether a browser is there; nothing when the session is over for good."""
    try:
        return page.session.connection is not None
    except RuntimeError:
        return None
