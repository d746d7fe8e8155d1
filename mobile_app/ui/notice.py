"""The app's few building blocks: a screen, headings, paragraphs, notices, wide buttons."""

from collections.abc import Awaitable, Callable, Sequence
from enum import Enum
from typing import Any

import flet as ft

from mobile_app.ui.context import use_app
from mobile_app.ui.theme import CORNER, READABLE_WIDTH, SPACE_12, SPACE_16, SPACE_24, Type

Handler = Callable[[], Awaitable[None] | None] | Callable[[Any], Awaitable[None] | None]


class Tone(Enum):
    """How much a notice matters: its icon, background and ink."""

    CALM = (ft.Icons.INFO_OUTLINED, ft.Colors.PRIMARY_CONTAINER, ft.Colors.ON_PRIMARY_CONTAINER)
    HEED = (ft.Icons.ERROR_OUTLINE, ft.Colors.SURFACE_CONTAINER_LOWEST, ft.Colors.ERROR)


def screen(route: str, controls: Sequence[ft.Control], *, back: bool = True) -> ft.View:
    """Lay out a screen: one readable column that scrolls, with the way back on top.

    The heading belongs into *controls*, not into the bar: at 200 % text it must be able to wrap.
    """
    return ft.View(
        route=route,
        scroll=ft.ScrollMode.AUTO,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        padding=ft.Padding.only(
            left=SPACE_16, right=SPACE_16, bottom=SPACE_24, top=0 if back else SPACE_16
        ),
        appbar=ft.AppBar() if back else None,
        controls=[ft.SafeArea(content=column(controls))],
    )


def column(controls: Sequence[ft.Control]) -> ft.Control:
    """Stack *controls* in a column that is never too wide to read; what is narrower, fits."""
    return ft.Container(
        ft.Column(
            list(controls),
            spacing=SPACE_16,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        width=READABLE_WIDTH,
    )


def notice(words: str, *, tone: Tone = Tone.CALM, live: bool = False) -> ft.Control:
    """Draw a short message in a box; `live` makes a screen reader say it when it appears."""
    icon, background, ink = tone.value
    text = ft.Text(words, theme_style=Type.BODY, color=ink, expand=True)
    return ft.Semantics(
        live_region=live,
        container=True,
        content=ft.Container(
            bgcolor=background,
            border=ft.Border.all(1, ink),
            border_radius=CORNER,
            padding=SPACE_16,
            content=ft.Row(
                [ft.Icon(icon, color=ink), text],
                spacing=SPACE_12,
                vertical_alignment=ft.CrossAxisAlignment.START,
            ),
        ),
    )


def heading(words: str, *, level: int = 1) -> ft.Control:
    """Draw a heading that screen readers know as one."""
    style = Type.HEADLINE if level == 1 else Type.TITLE
    return ft.Semantics(header=True, heading_level=level, content=ft.Text(words, theme_style=style))


def paragraph(words: str, *, quiet: bool = False) -> ft.Text:
    """Draw a sentence or three."""
    colour = ft.Colors.ON_SURFACE_VARIANT if quiet else None
    return ft.Text(words, theme_style=Type.BODY, color=colour)


def wide_button(
    words: str,
    on_click: Handler,
    *,
    icon: ft.IconData | None = None,
    busy: bool = False,
    main: bool = True,
) -> ft.Control:
    """Draw a button that fills its column; while busy it turns and cannot be pressed."""
    kind = ft.FilledButton if main else ft.OutlinedButton
    return kind(
        content=ft.Text(words, text_align=ft.TextAlign.CENTER),
        icon=Busy() if busy else icon,
        on_click=on_click,
        disabled=busy,
    )


@ft.component
def Busy() -> ft.Control:
    """Draw that something goes on: a ring that turns, or an hourglass where nothing may move."""
    if use_app().look.still:
        return ft.Icon(ft.Icons.HOURGLASS_TOP)
    return ft.ProgressRing(width=20, height=20, stroke_width=2)


def question(  # noqa: PLR0913 - the words of a question
    title: str,
    words: str,
    *,
    yes: str,
    no: str,
    on_yes: Handler,
    on_no: Handler,
) -> ft.AlertDialog:
    """Draw a question that must be answered; the careful answer comes last, under the thumb."""
    return ft.AlertDialog(
        modal=True,
        scrollable=True,
        inset_padding=SPACE_16,
        semantics_label=title,
        title=ft.Text(title, theme_style=Type.TITLE),
        content=ft.Text(words, theme_style=Type.BODY),
        actions=[
            ft.OutlinedButton(content=ft.Text(yes), on_click=on_yes),
            ft.FilledButton(content=ft.Text(no), on_click=on_no),
        ],
        actions_overflow_button_spacing=SPACE_12,
    )
