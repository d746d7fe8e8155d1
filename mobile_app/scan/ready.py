"""The ready screen under the camera: what visits are for, how things stand, other ways to read."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import flet as ft

from mobile_app.device.camera import CameraTrouble
from mobile_app.scan.lists import places_words
from mobile_app.scan.state import ScannerState
from mobile_app.scan.words import (
    CAMERA_WORDS,
    NOTE_WORDS,
    age,
    holder_line,
    purpose_line,
    staff_line,
)
from mobile_app.sync.upkeep import Readiness, Upkeep
from mobile_app.ui.field import KEEP_TYPED
from mobile_app.ui.notice import Handler, Tone, notice, paragraph
from mobile_app.ui.texts import Texts
from mobile_app.ui.theme import (
    AMBER,
    CORNER,
    ON_AMBER,
    READABLE_WIDTH,
    SPACE_8,
    SPACE_12,
    SPACE_16,
    Type,
)
from shared.rules.admission import Reason


@dataclass(frozen=True, slots=True)
class Tool:
    """A way to go on from the ready screen."""

    words: str
    icon: ft.IconData
    act: Handler


def ready_panel(  # noqa: PLR0913 - each is another thing that can be done from here
    t: Texts,
    state: ScannerState,
    upkeep: Upkeep,
    *,
    field: ft.Control | None,
    tools: list[Tool],
    on_purpose: Handler | None,
    on_matters: Handler,
) -> ft.Control:
    """Lay out what stands under the camera."""
    said: list[ft.Control] = []
    if state.busy:
        said.append(notice(t("Reading …"), live=True))
    elif state.note is not None:
        said.append(notice(t(NOTE_WORDS[state.note]), live=True))
    elif state.unreadable:
        said.append(_unreadable(t))
    if upkeep.matters:
        words = f"{t('To look at')} ({len(upkeep.matters)})"
        said.append(ft.FilledButton(content=ft.Text(words), on_click=on_matters))
    now = state.purpose.at(state.device.clock.now(), state.events)
    what = " · ".join([purpose_line(t, state.purpose), *places_words(t, now)])
    purpose = t("Visits are for: {category}", category=what)
    chosen = (
        paragraph(purpose)
        if on_purpose is None
        else _small(Tool(purpose, ft.Icons.TUNE, on_purpose))
    )
    # What comes and goes has a place of its own: were the field to move among its neighbours,
    # Flet would make it anew, and what a reader is typing just then would be cut in two.
    body = [
        _stacked(said),
        chosen,
        _stacked(_standing(t, upkeep.readiness)),
        *([] if field is None else [field]),
        *(_small(tool) for tool in tools),
    ]
    return ft.Column(
        [
            ft.Container(
                ft.Column(
                    body,
                    spacing=SPACE_12,
                    horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                ),
                padding=SPACE_16,
                width=READABLE_WIDTH,
            )
        ],
        scroll=ft.ScrollMode.AUTO,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )


def _stacked(controls: list[ft.Control]) -> ft.Control:
    return ft.Column(
        controls,
        spacing=SPACE_12,
        visible=bool(controls),
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _standing(t: Texts, readiness: Readiness | None) -> list[ft.Control]:
    if readiness is None:
        return []
    line = t(
        "keys {keys} · closings {status} · waiting {waiting}",
        keys=age(t, readiness.ages.keys_s),
        status=age(t, readiness.ages.status_s),
        waiting=readiness.waiting,
    )
    said: list[ft.Control] = [paragraph(line, quiet=True)]
    if not readiness.clock_sure:
        words = t("The scanner's time has not been checked. Connect it to the network.")
        said.append(paragraph(words, quiet=True))
    if readiness.waiting and not readiness.lasting:
        words = t(
            "This browser may clear away what waits. Add the app to the home screen,"
            " and keep it until everything is sent."
        )
        said.append(paragraph(words, quiet=True))
    if readiness.unreadable:
        words = t(
            "Something that waits on this device cannot be read. Tell support; clear nothing."
        )
        said.append(notice(words, tone=Tone.HEED))
    if readiness.refused is not None:
        words = t(
            "New key data were not accepted. The old ones stay in use."
            " If this goes on, tell support."
        )
        said.append(notice(words, tone=Tone.HEED))
    return said


def _unreadable(t: Texts) -> ft.Control:
    lines = f"{staff_line(t, Reason.UNREADABLE, most=None)} {holder_line(t, Reason.UNREADABLE)}"
    return ft.Semantics(
        live_region=True,
        container=True,
        content=ft.Container(
            bgcolor=AMBER,
            border_radius=CORNER,
            padding=SPACE_12,
            content=ft.Row(
                [
                    ft.Icon(ft.Icons.WARNING, color=ON_AMBER),
                    ft.Text(lines, theme_style=Type.BODY, color=ON_AMBER, expand=True),
                ],
                spacing=SPACE_12,
                vertical_alignment=ft.CrossAxisAlignment.START,
            ),
        ),
    )


def camera_words(t: Texts, trouble: CameraTrouble | None, retry: Handler) -> ft.Control:
    """Say why there is no picture."""
    ink = ft.Colors.ON_INVERSE_SURFACE
    if trouble is None:
        said: list[ft.Control] = [ft.Text(t("The camera is starting …"), color=ink)]
    else:
        said = [
            ft.Icon(ft.Icons.NO_PHOTOGRAPHY, color=ink),
            ft.Semantics(
                live_region=True,
                container=True,
                content=ft.Text(
                    t(CAMERA_WORDS[trouble]),
                    theme_style=Type.BODY,
                    color=ink,
                    text_align=ft.TextAlign.CENTER,
                ),
            ),
            ft.TextButton(
                content=ft.Text(
                    t("Try the camera again"), color=ink, text_align=ft.TextAlign.CENTER
                ),
                on_click=retry,
            ),
        ]
    return ft.Container(
        padding=SPACE_16,
        alignment=ft.Alignment.CENTER,
        content=ft.Column(
            said,
            scroll=ft.ScrollMode.AUTO,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            spacing=SPACE_8,
        ),
    )


def code_field(  # noqa: PLR0913 - what it is, and whom it tells
    t: Texts,
    box: ft.Ref[ft.TextField],
    typed: Any,
    key: str,
    read: Callable[[str], Awaitable[None]],
    *,
    ready: bool,
) -> ft.Control:
    """Draw the field for typed codes and for readers that type.

    Its value is nobody's state: at a reader's speed a controlled field loses characters (Flet).
    """

    def changed(event: ft.Event[ft.TextField]) -> None:
        typed.current = event.control.value

    async def submitted(event: ft.Event[ft.TextField]) -> None:
        await read(event.control.value or "")

    async def pressed() -> None:
        await read(typed.current)

    return ft.Row(
        [
            ft.TextField(
                ref=box,
                key=f"code-{key}",
                value=KEEP_TYPED,
                label=t("Card code"),
                hint_text="XXX-XXX-XXX" if ready else t("Number of children, or Enter"),
                autofocus=True,
                autocorrect=False,
                enable_suggestions=False,
                smart_dashes_type=False,
                smart_quotes_type=False,
                bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
                filled=True,
                border=ft.UnderlineInputBorder(),  # an outline would cut the label on a colour
                on_change=changed,
                on_submit=submitted,
                expand=True,
            ),
            *([ft.FilledButton(content=ft.Text(t("Read")), on_click=pressed)] if ready else []),
        ],
        spacing=SPACE_8,
    )


def _small(tool: Tool) -> ft.Control:
    return ft.OutlinedButton(
        content=ft.Text(tool.words, text_align=ft.TextAlign.CENTER),
        icon=tool.icon,
        on_click=tool.act,
    )
