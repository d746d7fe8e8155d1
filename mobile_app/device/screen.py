"""The phone's screen: as bright as it goes while a code is held up, awake while it is needed.

Browsers let nobody turn the brightness up.
"""

import contextlib
from collections.abc import Awaitable

import flet as ft

from mobile_app.device.lens import is_phone
from mobile_app.device.sight import use_sight

FULL = 1.0


def use_bright_screen() -> None:
    """Turn the brightness up while the component is seen, and back when it is not."""
    page = ft.context.page
    light = ft.use_memo(lambda: ft.ScreenBrightness() if is_phone(page) else None, [])

    async def up() -> None:
        if light is not None:
            await _try(light.set_application_screen_brightness(FULL))

    async def down() -> None:
        if light is not None:
            await _try(light.reset_application_screen_brightness())  # type: ignore[no-untyped-call]

    ft.use_effect(up, [], cleanup=down)
    use_sight(on_away=down, on_here=up)


def use_wakeful_screen(*, wanted: bool = True) -> None:
    """Keep the phone from falling asleep while the component is seen and *wanted*."""
    page = ft.context.page
    lock = ft.use_memo(lambda: ft.Wakelock() if is_phone(page) else None, [])

    async def hold() -> None:
        if lock is not None and wanted:
            await _try(lock.enable())  # type: ignore[no-untyped-call]

    async def release() -> None:
        if lock is not None and wanted:
            await _try(lock.disable())  # type: ignore[no-untyped-call]

    ft.use_effect(hold, [wanted], cleanup=release)
    use_sight(on_away=release, on_here=hold)


async def _try(call: Awaitable[None]) -> None:
    with contextlib.suppress(RuntimeError, TimeoutError):  # comfort: the code is shown without it
        await call
