"""One choice of several, all of them in sight."""

from collections.abc import Awaitable, Callable, Iterable

import flet as ft

from mobile_app.ui.theme import SPACE_4


def choices(
    chosen: str, options: Iterable[tuple[str, str]], choose: Callable[[str], Awaitable[None]]
) -> ft.Control:
    """Draw one choice of several, one below the other: nothing is cut off at 200 % text."""

    async def on_change(event: ft.Event[ft.RadioGroup]) -> None:
        if event.control.value is not None:
            await choose(event.control.value)

    return ft.RadioGroup(
        value=chosen,
        on_change=on_change,
        content=ft.Column(
            [ft.Radio(value=value, label=words) for value, words in options],
            spacing=SPACE_4,
        ),
    )
