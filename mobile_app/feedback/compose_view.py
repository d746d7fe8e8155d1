"""Writing to a venue: the field, how much fits, and what the venue will not see."""

from collections.abc import Awaitable, Callable

import flet as ft
from flet.components.hooks.use_ref import MutableRef

from mobile_app.feedback.words import over_of, preview_of
from mobile_app.ui.context import use_app
from mobile_app.ui.field import field
from mobile_app.ui.notice import Tone, notice, paragraph, wide_button
from mobile_app.ui.theme import SPACE_16
from shared.rules.masking import WORDS_MOST


@ft.component
def Compose(
    name: str, label: str, button: str, send: Callable[[str], Awaitable[bool]]
) -> ft.Control:
    """Write and send; *send* tells whether it was kept, and then the field is empty again."""
    t = use_app().texts
    typed, set_typed = ft.use_state("")
    empty, set_empty = ft.use_state(initial=False)
    turn, set_turn = ft.use_state(0)
    busy, set_busy = ft.use_state(initial=False)
    # At once, unlike what is drawn: a second tap before the next drawing would be a second post.
    sending: MutableRef[bool] = ft.use_ref(initial_value=False)
    over, preview = over_of(typed), preview_of(t, typed)

    def write(text: str) -> None:
        set_typed(text)
        set_empty(False)

    async def press() -> None:
        if over or sending.current:
            return
        sending.current = True
        set_busy(True)
        try:
            kept = await send(typed)
        finally:
            sending.current = False
            set_busy(False)
        if kept:
            set_typed("")
            set_turn(lambda old: old + 1)
        else:
            set_empty(True)

    told: list[ft.Control] = []
    if over:
        words = t("This is too long: at most {most} characters fit.", most=WORDS_MOST)
        rest = t("Take {over} away.", over=over)
        told.append(notice(f"{words} {rest}", tone=Tone.HEED, live=True))
    elif empty:
        told.append(notice(t("Write something first."), tone=Tone.HEED, live=True))
    elif preview is not None:
        words = t("Addresses, numbers and links are left out. The venue reads this:")
        told += [notice(words, live=True), paragraph(preview)]
    return ft.Column(
        [
            field(f"{name}-{turn}", label, write, lines=4),
            *told,
            wide_button(button, press, icon=ft.Icons.SEND, busy=busy),
        ],
        spacing=SPACE_16,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
