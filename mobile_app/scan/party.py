"""Who comes along with the holder, on the verdict."""

from collections.abc import Callable

import flet as ft

from mobile_app.scan.paint import Paint
from mobile_app.scan.record import Scan
from mobile_app.scan.state import ScannerState
from mobile_app.ui.texts import Texts
from mobile_app.ui.theme import CORNER, SPACE_8, SPACE_12, SPACE_16, Type

_STEP = 56


def stepper(t: Texts, state: ScannerState, scan: Scan, paint: Paint) -> ft.Control:
    """Draw how many come along: fewer, the number, more."""
    persons = scan.community
    title = t("Persons") if persons else t("Children")
    most = t("At most {n}", n=scan.end) if scan.most is not None else ""
    fewer = t("One person fewer") if persons else t("One child fewer")
    more = t("One person more") if persons else t("One child more")
    n = state.children
    steps = ft.Row(
        [
            _step(
                ft.Icons.REMOVE, fewer, paint, lambda: state.set_children(n - 1), n=n, enabled=n > 0
            ),
            ft.Semantics(
                label=f"{title}: {n}",
                live_region=True,
                container=True,
                exclude_semantics=True,
                content=ft.Text(str(n), theme_style=Type.DISPLAY, color=paint.ink),
            ),
            _step(
                ft.Icons.ADD,
                more,
                paint,
                lambda: state.set_children(n + 1),
                n=n,
                enabled=n < scan.end,
            ),
        ],
        spacing=SPACE_16,
        tight=True,
    )
    words = ft.Column(
        [
            ft.Text(title, theme_style=Type.TITLE, color=paint.ink),
            *([ft.Text(most, theme_style=Type.BODY, color=paint.ink)] if most else []),
        ],
        spacing=0,
        tight=True,
    )
    return ft.Row(
        [words, steps],
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        wrap=True,
        spacing=SPACE_12,
        run_spacing=SPACE_8,
    )


def _step(  # noqa: PLR0913 - both buttons of the stepper in one place
    icon: ft.IconData, label: str, paint: Paint, act: Callable[[], None], *, n: int, enabled: bool
) -> ft.Control:
    # Greyed out by transparency, so that it stays the same ink on each of the three colours.
    return ft.IconButton(
        key=f"{label} {n}",  # made anew, it lets the focus go back to the field that reads Enter
        icon=ft.Icon(icon, semantics_label=label, color=paint.ink),
        on_click=lambda: act(),  # noqa: PLW0108 - Flet hands the event to a function that takes one
        disabled=not enabled,
        opacity=1 if enabled else 0.4,
        width=_STEP,
        height=_STEP,
        style=ft.ButtonStyle(
            side=ft.BorderSide(2, paint.ink), shape=ft.RoundedRectangleBorder(radius=CORNER)
        ),
    )


def assistant_switch(t: Texts, state: ScannerState, paint: Paint) -> ft.Control:
    """Draw whether an assistant or interpreter comes along."""

    def switched(event: ft.Event[ft.Switch]) -> None:
        state.set_assistant(bool(event.control.value))

    return ft.MergeSemantics(
        ft.Row(
            [
                ft.Text(
                    t("Assistant or interpreter"),
                    theme_style=Type.TITLE,
                    color=paint.ink,
                    expand=True,
                ),
                ft.Switch(
                    key=f"assistant {state.assistant}",  # as the steps
                    value=state.assistant,
                    on_change=switched,
                    thumb_color={
                        ft.ControlState.SELECTED: paint.ground,
                        ft.ControlState.DEFAULT: paint.ink,
                    },
                    track_color={
                        ft.ControlState.SELECTED: paint.ink,
                        ft.ControlState.DEFAULT: paint.ground,
                    },
                    track_outline_color=paint.ink,
                ),
            ],
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
            spacing=SPACE_12,
        )
    )
