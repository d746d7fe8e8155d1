"""The lock among the settings: setting a PIN, choosing what it covers, taking it off."""

from collections.abc import Callable
from typing import cast

import flet as ft

from mobile_app.card.context import use_card
from mobile_app.lock.context import use_lock
from mobile_app.lock.gate_view import PinQuestion, pin_field
from mobile_app.lock.state import Lock
from mobile_app.lock.words import form_slip
from mobile_app.ui.choices import long_choices
from mobile_app.ui.context import use_app
from mobile_app.ui.notice import heading, notice, paragraph, screen, wide_button
from mobile_app.ui.texts import N_
from mobile_app.ui.theme import SPACE_16

OWN, EVERYTHING = "own", "everything"

COVERS = {
    OWN: N_("Visits, notes, mood, messages and own data. The card opens without the PIN."),
    EVERYTHING: N_("Everything, also the card."),
}


@ft.component
def LockSettingsScreen() -> ft.View:
    """Set the lock; whoever changes it proves the PIN first, also when the app is open."""
    t = use_app().texts
    lock = use_lock()
    card = use_card()
    proved, set_proved = ft.use_state(initial=False)
    said, set_said = ft.use_state("")

    def done(words: str) -> None:
        set_proved(True)
        set_said(words)

    body = [heading(t("App lock"))]
    if card.held is None:
        body.append(paragraph(t("There is no card on this phone.")))
    elif lock.bolt is not None and not proved:
        body.append(paragraph(t("Give your PIN to change the lock.")))
        body.append(PinQuestion(t("Continue"), lambda: set_proved(True)))
    else:
        words = t(
            "The app asks for the PIN when it opens and after 5 minutes away. It hides your things"
            " from people who look at your phone. It does not encrypt anything."
        )
        body += [paragraph(words), *([notice(said, live=True)] if said else [])]
        body.append(LockForm(lock, done))
    return screen("/settings/lock", body)


@ft.component
def LockForm(lock: Lock, done: Callable[[str], None]) -> ft.Control:
    """Choose what is covered, and a PIN; every mistake is told beside its field."""
    t = use_app().texts
    is_on = lock.bolt is not None
    chosen, set_chosen = ft.use_state(
        EVERYTHING if lock.bolt is not None and lock.bolt.everything else OWN
    )
    pin, again = ft.use_ref(""), ft.use_ref("")
    slips, set_slips = ft.use_state(cast("tuple[str | None, str | None]", (None, None)))
    forms, set_forms = ft.use_state(0)
    busy, set_busy = ft.use_state(initial=False)

    async def choose(value: str) -> None:
        set_chosen(value)
        if is_on:
            await lock.cover_everything(value == EVERYTHING)

    async def keep() -> None:
        typed = pin.current or ""
        slip = form_slip(t, typed)
        other = None if slip or typed == again.current else t("The two PINs are not the same.")
        set_slips((slip, other))
        if slip or other:
            return
        set_busy(True)
        await lock.set_pin(typed, everything=chosen == EVERYTHING)
        set_busy(False)
        pin.current = again.current = ""
        set_forms(forms + 1)
        done(t("The PIN is changed.") if is_on else t("The lock is on."))

    async def take_off() -> None:
        await lock.take_off()
        done(t("The lock is off."))

    words = t("Change the PIN") if is_on else t("Turn the lock on")
    off = wide_button(t("Turn the lock off"), take_off, icon=ft.Icons.LOCK_OPEN, main=False)
    return ft.Column(
        [
            heading(t("What the PIN covers"), level=2),
            long_choices(chosen, [(value, t(name)) for value, name in COVERS.items()], choose),
            heading(t("New PIN") if is_on else t("PIN"), level=2),
            pin_field(f"new-{forms}", t("PIN, 4 to 8 digits"), pin, error=slips[0]),
            pin_field(f"again-{forms}", t("The same PIN again"), again, error=slips[1]),
            wide_button(words, keep, icon=ft.Icons.LOCK, busy=busy),
            *([off] if is_on else []),
        ],
        spacing=SPACE_16,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
