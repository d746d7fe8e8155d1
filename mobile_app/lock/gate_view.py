"""The gate: what is seen in place of a locked screen."""

from collections.abc import Callable

import flet as ft
from flet.components.hooks.use_ref import MutableRef

from mobile_app.card.context import use_card
from mobile_app.device.sight import use_sight
from mobile_app.lock.context import use_lock
from mobile_app.lock.state import Answer
from mobile_app.lock.words import wait_words, wrong_words
from mobile_app.ui.context import use_app
from mobile_app.ui.every import use_every
from mobile_app.ui.field import field
from mobile_app.ui.notice import Handler, Tone, heading, notice, question, screen, wide_button
from mobile_app.ui.texts import Texts
from mobile_app.ui.theme import SPACE_16


@ft.component
def Gate() -> ft.Control:
    """Let one screen be seen, or ask for the PIN in its place."""
    lock = use_lock()
    card = use_card()
    use_sight(on_away=lock.leave, on_here=lock.come_back, in_browsers=True)
    shown = ft.use_route_outlet()
    if card.held is None or not lock.covers(ft.use_view_path()):
        return shown
    return LockScreen()


@ft.component
def LockScreen() -> ft.View:
    """Ask for the PIN; the ways past it are the card, where it is left out, and losing the card."""
    t = use_app().texts
    lock = use_lock()
    card = use_card()
    go = ft.context.page.navigate
    asks, set_asks = ft.use_state(initial=False)

    async def forget() -> None:
        set_asks(False)
        await card.sign_out()
        await lock.load()
        go("/")

    ft.use_dialog(_forgetting(t, forget, lambda: set_asks(False)) if asks else None)
    body = [heading(t("The app is locked")), PinQuestion(t("Open"))]
    if not lock.covers("/"):
        words = t("Show the card")
        body.append(wide_button(words, lambda: go("/"), icon=ft.Icons.CREDIT_CARD, main=False))
    body.append(wide_button(t("I have forgotten my PIN"), lambda: set_asks(True), main=False))
    return screen("/locked", body, back=False)


@ft.component
def PinQuestion(words: str, then: Callable[[], None] | None = None) -> ft.Control:
    """Ask for the PIN; a right one opens the lock, and *then* follows."""
    t = use_app().texts
    lock = use_lock()
    typed = ft.use_ref("")
    tries, set_tries = ft.use_state(0)
    busy, set_busy = ft.use_state(initial=False)

    async def give() -> None:
        set_busy(True)
        answer = await lock.open(typed.current or "")
        set_busy(False)
        if answer is not Answer.RIGHT:
            typed.current = ""
            set_tries(lambda before: before + 1)
        elif then is not None:
            then()

    use_every(1, lock.tick)
    told: list[ft.Control] = []
    if lock.seconds:
        told = [notice(wait_words(t, lock.seconds), tone=Tone.HEED)]
    elif tries:
        told = [notice(wrong_words(t, lock.tries_left()), tone=Tone.HEED, live=True)]
    return ft.Column(
        [
            pin_field(f"pin-{tries}", t("PIN"), typed, on_submit=give),
            *told,
            wide_button(words, give, icon=ft.Icons.LOCK_OPEN, busy=busy),
        ],
        spacing=SPACE_16,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def pin_field(
    key: str,
    label: str,
    typed: MutableRef[str],
    *,
    error: str | None = None,
    on_submit: Handler | None = None,
) -> ft.Control:
    """Draw a field for a PIN: dots, and the keyboard with digits. Another *key* empties it."""
    return field(
        key,
        label,
        lambda pin: setattr(typed, "current", pin),
        error=error,
        password=True,
        keyboard_type=ft.KeyboardType.NUMBER,
        on_submit=on_submit,
    )


def _forgetting(t: Texts, forget: Handler, leave: Handler) -> ft.AlertDialog:
    return question(
        t("Remove the card from this phone?"),
        t(
            "Nobody can tell you the PIN. Without it, the card and all that you wrote yourself are"
            " wiped from this phone. To get the card back you need a new activation code."
        ),
        yes=t("Remove the card"),
        no=t("Keep the card"),
        on_yes=forget,
        on_no=leave,
    )
