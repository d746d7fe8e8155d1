"""One choice of several, all of them in sight."""

from collections.abc import Awaitable, Callable, Iterable

import flet as ft

from mobile_app.ui.theme import SPACE_4, SPACE_12, Type


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


def long_choices(
    chosen: str, options: Iterable[tuple[str, str]], choose: Callable[[str], Awaitable[None]]
) -> ft.Control:
    """Draw the same for answers of several words, which wrap; the label of a Radio does not."""

    async def on_change(event: ft.Event[ft.RadioGroup]) -> None:
        if event.control.value is not None:
            await choose(event.control.value)

    return ft.RadioGroup(
        value=chosen,
        on_change=on_change,
        content=ft.Column(
            [_long_choice(value, words, choose) for value, words in options], spacing=0
        ),
    )


def _long_choice(value: str, words: str, choose: Callable[[str], Awaitable[None]]) -> ft.Control:
    async def press() -> None:
        await choose(value)

    return ft.MergeSemantics(
        ft.Row(
            [
                ft.Radio(value=value),
                ft.Container(
                    ft.Text(words, theme_style=Type.BODY),
                    on_click=press,
                    padding=ft.Padding.symmetric(vertical=SPACE_12),
                    expand=True,
                ),
            ],
            spacing=SPACE_4,
        )
    )
