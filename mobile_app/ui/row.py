"""A row of a list that a tap opens."""

from collections.abc import Callable

import flet as ft

from mobile_app.ui.theme import CORNER, SPACE_4, SPACE_16


def opening_row(name: str, lines: list[ft.Control], open_it: Callable[[str], None]) -> ft.Control:
    """Draw *lines* as one button; screen readers read them in one go. *name* is its key, too."""

    def press() -> None:
        open_it(name)

    return ft.MergeSemantics(
        ft.Semantics(
            button=True,
            content=ft.Container(
                ft.Column(
                    lines,
                    spacing=SPACE_4,
                    horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                ),
                padding=SPACE_16,
                border_radius=CORNER,
                bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
                border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
                ink=True,
                on_click=press,
            ),
        ),
        key=name,
    )
