"""The activation screen: one field, one button, and the camera."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import cast

import flet as ft

from mobile_app.card.activation import Activation
from mobile_app.card.context import use_card
from mobile_app.card.view import preview_note
from mobile_app.card.words import refusal_words
from mobile_app.device.camera import CameraTrouble, CodeCamera
from mobile_app.device.links import take_link_code
from mobile_app.ui.caret import use_caret
from mobile_app.ui.context import use_app
from mobile_app.ui.made import use_made
from mobile_app.ui.notice import Tone, heading, notice, paragraph, question, screen, wide_button
from mobile_app.ui.texts import N_, Texts
from mobile_app.ui.theme import SPACE_16

GROUP = 4
LEAVES_TRIES, LEAVES_AGAIN_S = 10, 1.0
"""Seen twice in some hundred starts: the card was here and the address stayed. Nobody knows why."""

CAMERA_HEIGHT = 280

_CAMERA_TROUBLES = {
    CameraTrouble.DENIED: N_(
        "The camera is not allowed. Allow it in the settings, or type the code."
    ),
    CameraTrouble.FAILED: N_("The camera stopped. Try again or type the code."),
}
_NO_CAMERA = N_("No camera was found. Type the code instead.")


@ft.component
def ActivateScreen() -> ft.View:
    """Bring a card to this phone."""
    app = use_app()
    t = app.texts
    card = use_card()
    page = ft.context.page
    attempt = use_made(lambda: Activation(app.device, card))
    box = use_caret(unless=lambda: attempt.busy or attempt.asks_to_replace or attempt.done)
    typed, set_typed = ft.use_state("")
    linked, set_linked = ft.use_state("")
    ft.use_dialog(_move_question(t, attempt) if attempt.asks_to_replace else None)

    async def submit() -> None:
        await attempt.submit(typed)

    async def take_link() -> None:
        code = await take_link_code(page)
        if code is not None:
            set_linked(code)
            set_typed(code)
            await attempt.submit(code)

    async def leave_when_done() -> None:
        tries = LEAVES_TRIES if attempt.done else 0
        while tries:
            page.navigate("/")
            await asyncio.sleep(LEAVES_AGAIN_S)
            tries = tries - 1 if "activate" in page.route else 0

    ft.use_effect(take_link, [])
    ft.use_effect(leave_when_done, [attempt.done])
    body: list[ft.Control] = [
        heading(t("Activate your card")),
        paragraph(t("Type the activation code that you got with the card.")),
        code_field(t, box, linked=linked, typed=typed, on_type=set_typed, on_submit=submit),
    ]
    if attempt.refusal is not None:
        words = refusal_words(t, attempt.refusal, attempt.retry_after_s)
        body.append(notice(words, tone=Tone.HEED, live=True))
    words = t("Activating…") if attempt.busy else t("Activate")
    body += [wide_button(words, submit, busy=attempt.busy), CodeReader(attempt.submit)]
    if app.device.preview:
        body.append(preview_note(t))
    return screen("/activate", body)


@ft.component
def CodeReader(on_text: Callable[[str], Awaitable[None]]) -> ft.Control:
    """Offer the camera as another way to give the code; it stops at the first code it reads."""
    app = use_app()
    t = app.texts
    watching, set_watching = ft.use_state(initial=False)
    trouble, set_trouble = ft.use_state("")

    async def read(text: str) -> None:
        set_watching(False)
        await on_text(text)

    def press() -> None:
        set_trouble("")
        set_watching(not watching)

    def give_up(why: CameraTrouble) -> None:
        set_watching(False)
        set_trouble(_CAMERA_TROUBLES.get(why, _NO_CAMERA))

    words = t("Stop the camera") if watching else t("Read the code with the camera")
    camera = CodeCamera(
        active=watching,
        on_text=read,
        on_trouble=give_up,
        on_unreadable=_nothing,
        decoder=app.device.decoder,
        clock=app.device.clock,
        label=t("The camera's picture. Point it at the code."),
    )
    return ft.Column(
        [
            wide_button(words, press, icon=ft.Icons.QR_CODE_SCANNER, main=False),
            *([notice(t(trouble), live=True)] if trouble else []),
            ft.Container(camera, height=CAMERA_HEIGHT if watching else None),
        ],
        spacing=SPACE_16,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def code_field(  # noqa: PLR0913 - what it shows and whom it tells
    t: Texts,
    box: ft.Ref[ft.TextField],
    *,
    linked: str,
    typed: str,
    on_type: Callable[[str], None],
    on_submit: Callable[[], Awaitable[None]],
) -> ft.Control:
    """Draw the field. The app never writes into it: letters typed meanwhile would be lost.

    So the groups of four are shown below the field while one types.
    """
    return ft.TextField(
        ref=box,
        key=f"code-{linked}",
        # None keeps what is in the field (Flet 1.0.5 takes over the old value); "" would empty it.
        value=linked if linked and typed == linked else cast("str", None),
        label=t("Activation code"),
        helper=grouped(typed) or t("12 letters and digits, like ABCD-EFGH-JKMN"),
        helper_max_lines=6,
        capitalization=ft.TextCapitalization.CHARACTERS,
        autocorrect=False,
        enable_suggestions=False,
        autofocus=True,
        on_change=lambda event: on_type(event.control.value),
        on_submit=on_submit,
    )


def grouped(typed: str) -> str:
    """Show what was typed as it stands on paper: groups of four, in capitals."""
    symbols = [letter for letter in typed.upper() if letter.isalnum()]
    return "-".join(
        "".join(symbols[start : start + GROUP]) for start in range(0, len(symbols), GROUP)
    )


def _move_question(t: Texts, attempt: Activation) -> ft.AlertDialog:
    return question(
        t("Your card is on another phone"),
        t("If you move it here, it stops working on the other phone."),
        yes=t("Move the card here"),
        no=t("Leave it there"),
        on_yes=attempt.replace,
        on_no=attempt.leave,
    )


def _nothing() -> None:
    pass
