"""The camera as a reader of codes: pictures in, texts out.

A control must not leave the screen while the client still owes an answer to it (Flet 1.0.5 then
drops the connection), so the camera stops in two phases: the loop ends first, then the control
goes. A phone that puts the app away gets its camera back in the same way.
"""

from collections.abc import Awaitable, Callable

import flet as ft
import flet_camera as fc  # type: ignore[import-untyped]

from mobile_app.device.clock import Clock
from mobile_app.device.decoder import Decoder
from mobile_app.device.lens import CameraTrouble, Eyes, Watch, has_camera
from mobile_app.device.screen import use_wakeful_screen
from mobile_app.device.sight import use_sight

__all__ = ["CameraTrouble", "CodeCamera"]


@ft.component
def CodeCamera(  # noqa: PLR0913 - a component's arguments are its interface
    *,
    active: bool,
    on_text: Callable[[str], Awaitable[None]],
    on_trouble: Callable[[CameraTrouble], None],
    on_unreadable: Callable[[], None],
    decoder: Decoder,
    clock: Clock,
    label: str,
    paused: bool = False,
    light: bool = False,
    waiting: ft.Control | None = None,
) -> ft.Control:
    """Show the camera and tell what it reads.

    `active` false stops it and gives the camera back; `paused` keeps the picture and reads nothing,
    so that the next card does not wait for a camera that starts anew. `waiting` stands in its
    place while there is no picture.
    """
    mounted, set_mounted = ft.use_state(initial=False)
    seen, set_seen = ft.use_state(initial=True)
    use_sight(on_away=lambda: set_seen(False), on_here=lambda: set_seen(True))
    use_wakeful_screen(wanted=active)
    failed = ft.use_ref(initial_value=False)

    def tell_trouble(trouble: CameraTrouble) -> None:
        failed.current = True
        on_trouble(trouble)

    def start() -> None:
        if not active:
            failed.current = False
        elif seen and not mounted and not failed.current:
            if has_camera(ft.context.page):
                set_mounted(True)
            else:
                tell_trouble(CameraTrouble.UNSUPPORTED)

    ft.use_effect(start, [active, seen, mounted])
    if not mounted:
        return waiting or ft.Container()
    eyes = Eyes(decoder, clock, on_text, tell_trouble, on_unreadable)
    return _Lens(
        eyes=eyes,
        wanted=active and seen,
        paused=paused,
        light=light,
        label=label,
        on_stopped=lambda: set_mounted(False),
    )


@ft.component
def _Lens(  # noqa: PLR0913 - as above
    *,
    eyes: Eyes,
    wanted: bool,
    paused: bool,
    light: bool,
    label: str,
    on_stopped: Callable[[], None],
) -> ft.Control:
    watch = ft.use_memo(Watch, [])
    watch.eyes, watch.wanted, watch.paused = eyes, wanted, paused
    page = ft.context.page

    async def run() -> None:
        try:
            await watch.run(page)
        finally:
            on_stopped()

    async def shine() -> None:
        await watch.shine(light=light)

    ft.use_effect(lambda: _start(page, run), [], cleanup=lambda: watch.part(page))
    ft.use_effect(shine, [light])
    return ft.Semantics(
        label=label,
        image=True,
        container=True,
        expand=True,
        content=fc.Camera(
            ref=watch.camera, preview_enabled=True, expand=True, on_stream_image=watch.take_frame
        ),
    )


def _start(page: ft.Page, run: Callable[[], Awaitable[None]]) -> None:
    # Not the effect's own task: that one is cancelled at unmount, in the middle of a client call.
    page.run_task(run)
