"""One choice of several, all of them in sight."""

from collections.abc import Awaitable, Callable, Iterable, Sequence

import flet as ft

from mobile_app.ui.theme import SPACE_4, SPACE_12, Type

Choose = Callable[[str], Awaitable[None]]


def choices(chosen: str, options: Iterable[tuple[str, str]], choose: Choose) -> ft.Control:
    """Draw one choice of several, one below the other: nothing is cut off at 200 % text."""
    radios = [ft.Radio(value=value, label=words) for value, words in options]
    return _group(chosen, radios, choose, spacing=SPACE_4)


def long_choices(chosen: str, options: Iterable[tuple[str, str]], choose: Choose) -> ft.Control:
    """Draw the same for answers of several words, which wrap; the label of a Radio does not."""
    rows = [_long_choice(value, words, choose) for value, words in options]
    return _group(chosen, rows, choose, spacing=0)


def _group(
    chosen: str, options: Sequence[ft.Control], choose: Choose, *, spacing: float
) -> ft.Control:
    async def on_change(event: ft.Event[ft.RadioGroup]) -> None:
        if event.control.value is not None:
            await choose(event.control.value)

    content = ft.Column(list(options), spacing=spacing)
    return ft.RadioGroup(value=chosen, on_change=on_change, content=content)


def _long_choice(value: str, words: str, choose: Choose) -> ft.Control:
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
