"""The verdict: the whole screen in its colour, with a shape, a word, and what to do."""

from typing import Any

import flet as ft

from mobile_app.scan.paint import PAINTS, Paint
from mobile_app.scan.party import assistant_switch, stepper
from mobile_app.scan.record import Scan
from mobile_app.scan.shown import Note, Stage
from mobile_app.scan.state import ScannerState
from mobile_app.scan.words import NOTE_WORDS, VERDICT_WORDS, holder_line, matter_line, staff_line
from mobile_app.ui.notice import Handler
from mobile_app.ui.texts import Texts
from mobile_app.ui.theme import (
    CORNER,
    READABLE_WIDTH,
    SPACE_8,
    SPACE_12,
    SPACE_16,
    Type,
)
from shared.rules.admission import Colour

SHAPE = 72
"""Side of the shape that says the colour to people who do not see it."""

_LETTER = 0.58
"""Width of a letter of the heavy type, as a part of its height."""

_LINES_MOST = 3
"""Lines of the word; what to do must be in sight, too."""


def verdict_face(
    t: Texts, state: ScannerState, *, room: float, desk_field: ft.Control | None
) -> ft.Control:
    """Lay out the verdict of *state*; `desk_field` takes what a hand-held reader types.

    `room` is the width of a line, in pixels at 100 % text.
    """
    if state.shown is None:
        return ft.Container()
    scan, stage = state.shown.scan, state.shown.stage
    paint = PAINTS[scan.colour]
    body: list[ft.Control] = [_said(t, scan, stage, paint, room)]
    body += [_plain(words, paint) for words in _more(t, state, scan)]
    if stage is Stage.ASKED and scan.end > 0:
        body.append(stepper(t, state, scan, paint))
    if stage is Stage.ASKED:
        body.append(assistant_switch(t, state, paint))
    if state.note is not None:
        body.append(_note(t, state.note, paint))
    return ft.Container(
        key="verdict",
        left=0,
        right=0,
        top=0,
        bottom=0,
        bgcolor=paint.ground,
        padding=SPACE_16,
        alignment=ft.Alignment.CENTER,
        content=ft.Container(
            width=READABLE_WIDTH,
            content=ft.SafeArea(
                ft.Column(
                    [
                        ft.Column(
                            body,
                            expand=True,
                            scroll=ft.ScrollMode.AUTO,
                            spacing=SPACE_16,
                            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                        ),
                        *_buttons(t, state, scan, stage, paint),
                        # Not in the part that scrolls: the focus would scroll the word away.
                        *([] if desk_field is None else [desk_field]),
                    ],
                    spacing=SPACE_8,
                    expand=True,
                    horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                ),
                expand=True,
            ),
        ),
    )


def _said(t: Texts, scan: Scan, stage: Stage, paint: Paint, room: float) -> ft.Control:
    """Draw shape, word, staff line and holder line; a screen reader says them at once."""
    word = t("Visit recorded") if stage is Stage.VISITED else t(VERDICT_WORDS[scan.colour])
    shape = ft.Icons.CHECK_CIRCLE if stage is Stage.VISITED else paint.shape
    staff = staff_line(t, scan.reason, most=scan.most, before_at=scan.before_at)
    holder = holder_line(t, scan.reason)
    return ft.Semantics(
        live_region=True,
        container=True,
        header=True,
        label=f"{word}. {staff} {holder}",
        exclude_semantics=True,
        content=ft.Column(
            [
                ft.Icon(shape, size=SHAPE, color=paint.ink),
                ft.Text(word, theme_style=_step_for(word, room), color=paint.ink),
                ft.Text(staff, theme_style=Type.TITLE, color=paint.ink),
                ft.Divider(color=paint.ink, height=SPACE_16),
                ft.Text(holder, theme_style=Type.HEADLINE, color=paint.ink),
            ],
            spacing=SPACE_8,
        ),
    )


def _step_for(word: str, room: float) -> ft.TextThemeStyle:
    """Choose the largest type that breaks no word and leaves room: 320 px is narrow at 200 %."""
    longest = max(len(part) for part in word.split())
    for step, size in ((Type.VERDICT, 48), (Type.DISPLAY, 32)):
        letter = size * _LETTER
        if longest * letter <= room and len(word) * letter <= _LINES_MOST * room:
            return step
    return Type.HEADLINE


def _more(t: Texts, state: ScannerState, scan: Scan) -> list[str]:
    """Give what else was found, and what the register thinks of this very scan."""
    others = [reason for reason in scan.reasons[1:] if reason.colour is not Colour.GREEN]
    said = []
    if others:
        lines = (staff_line(t, reason, most=scan.most) for reason in others)
        said.append(" ".join([t("Also:"), *lines]))
    about_it = [one for one in state.upkeep.matters if one.scan_id == scan.scan_id]
    return said + [matter_line(t, matter) for matter in about_it]


def _plain(words: str, paint: Paint) -> ft.Control:
    return ft.Text(words, theme_style=Type.BODY, color=paint.ink)


def _note(t: Texts, note: Note, paint: Paint) -> ft.Control:
    return ft.Semantics(
        live_region=True,
        container=True,
        content=ft.Container(
            border=ft.Border.all(2, paint.ink),
            border_radius=CORNER,
            padding=SPACE_12,
            content=_plain(t(NOTE_WORDS[note]), paint),
        ),
    )


def _buttons(
    t: Texts, state: ScannerState, scan: Scan, stage: Stage, paint: Paint
) -> list[ft.Control]:
    async def undo() -> None:
        await state.undo(scan.scan_id)

    if stage is Stage.VISITED:
        return [
            _button(t("Next"), state.next, paint, main=True),
            _button(t("Undo"), undo, paint, main=False),
        ]
    if stage is not Stage.ASKED:
        return [_button(t("Next"), state.next, paint, main=True)]
    if scan.colour is Colour.AMBER:
        return [
            _button(t("Let in"), state.admit, paint, main=True),
            _button(t("Not now"), state.decline, paint, main=False),
        ]
    return [
        _button(t("Record"), state.admit, paint, main=True),
        _button(t("Leave without a visit"), state.decline, paint, main=False),
    ]


def _button(words: str, act: Handler, paint: Paint, *, main: bool) -> ft.Control:
    kind: Any = ft.FilledButton if main else ft.OutlinedButton
    style = ft.ButtonStyle(
        bgcolor=paint.ink if main else paint.ground,
        color=paint.ground if main else paint.ink,
        side=ft.BorderSide(2, paint.ink),
        padding=SPACE_16 if main else SPACE_8,
        shape=ft.RoundedRectangleBorder(radius=CORNER),
    )
    button: ft.Control = kind(
        content=ft.Text(
            words,
            theme_style=Type.TITLE if main else Type.BODY,
            color=paint.ground if main else paint.ink,
            text_align=ft.TextAlign.CENTER,
        ),
        on_click=act,
        style=style,
    )
    return button
