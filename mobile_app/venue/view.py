"""The door's first screens: pair this device, choose what visits are for, then scan."""

from typing import Any

import flet as ft

from mobile_app.device.links import take_link_code
from mobile_app.scan.lists import purpose_choice
from mobile_app.scan.purpose import Purpose
from mobile_app.scan.state import ScannerState
from mobile_app.scan.view import ScanScreen
from mobile_app.sync.outbox import KEY_LOST, KEYS_AWAY
from mobile_app.sync.upkeep import Upkeep
from mobile_app.ui.context import use_app
from mobile_app.ui.field import KEEP_TYPED
from mobile_app.ui.notice import Tone, heading, notice, paragraph, screen, wide_button
from mobile_app.ui.texts import N_, Texts
from mobile_app.ui.theme import SPACE_16
from mobile_app.venue.state import NOT_A_CODE, UNREACHABLE, VenueState
from shared.scan import Category

DOOR_PATH = "/door"
PAIR_PATH = "/pair"

_TROUBLES = {
    NOT_A_CODE: N_("Check the code. It has 12 symbols."),
    UNREACHABLE: N_("No connection. Pairing needs the network. Try again."),
    "code_refused": N_("The code does not work: it is wrong, used or too old. Ask for a new one."),
    "too_many_tries": N_("Too many tries. Wait a while and try again."),
    "scanner_revoked": N_(
        "This scanner was removed from its venue. Pair it again with a new code."
    ),
    "unknown_device": N_("The server does not know this scanner. Pair it again with a new code."),
    KEY_LOST: N_("This device has lost its key. Pair it again with a new code."),
    KEYS_AWAY: N_(
        "This device keeps no keys just now. Close private browsing or free some memory,"
        " and try again."
    ),
}


@ft.component
def DoorScreen() -> ft.View:
    """Choose the screen by what this device is: unpaired, without a purpose, or ready."""
    app = use_app()
    page = ft.context.page
    make: Any = lambda: VenueState(app.device)  # noqa: E731 - use_state's own type fits no maker
    venue: VenueState = ft.use_state(make)[0]

    async def load() -> None:
        await venue.load()
        if venue.scanner is None and PAIR_PATH in page.route:
            code = await take_link_code(page)
            if code is not None:
                await venue.enrol(code)

    ft.use_effect(load, [])
    if not venue.loaded:
        return screen(DOOR_PATH, [])
    if venue.scanner is None:
        return screen(DOOR_PATH, [_Enrol(venue)])
    if venue.category is None:
        purposes = [Purpose(category) for category in venue.scanner.categories]

        async def choose(purpose: Purpose) -> None:
            await venue.choose(purpose.category)

        return screen(DOOR_PATH, purpose_choice(app.texts, purposes, choose))
    desk: Any = _Desk  # takes a key, as every component does, which its type does not say
    return ft.View(
        route=DOOR_PATH,
        padding=0,
        controls=[desk(venue, key=str(venue.scanner.scanner_id))],
    )


@ft.component
def _Desk(venue: VenueState) -> ft.Control:
    """Make the states of one pairing, and take up what an earlier run left."""
    app = use_app()
    make_upkeep: Any = lambda: _upkeep_of(venue)  # noqa: E731 - as above
    upkeep: Upkeep = ft.use_state(make_upkeep)[0]
    make_state: Any = lambda: ScannerState(  # noqa: E731 - as above
        app.device, upkeep, Purpose(venue.category or Category.CULTURE)
    )
    state: ScannerState = ft.use_state(make_state)[0]

    async def load() -> None:
        await state.load()
        await state.beat()

    ft.use_effect(load, [])
    offered = [] if venue.scanner is None else venue.scanner.categories
    return ScanScreen(state, upkeep, offered, venue.choose)


def _upkeep_of(venue: VenueState) -> Upkeep:
    if venue.scanner is None:
        raise LookupError("only a paired device has a desk")
    return Upkeep(venue.device, venue.scanner, on_gone=venue.lose, on_known=venue.learn)


@ft.component
def _Enrol(venue: VenueState) -> ft.Control:
    """Ask for a pairing code."""
    t = use_app().texts
    typed = ft.use_ref("")

    async def submitted(event: ft.Event[ft.TextField]) -> None:
        await venue.enrol(event.control.value or "")

    async def pressed() -> None:
        await venue.enrol(typed.current or "")

    def changed(event: ft.Event[ft.TextField]) -> None:
        typed.current = event.control.value

    said: list[ft.Control] = []
    if venue.trouble is not None:
        said.append(notice(_trouble(t, venue.trouble), tone=Tone.HEED, live=True))
    if venue.left_waiting:
        words = t.plural(
            "{n} visit waits on this device. It is sent after pairing with the same venue.",
            "{n} visits wait on this device. They are sent after pairing with the same venue.",
            venue.left_waiting,
        )
        said.append(notice(words))
    return ft.Column(
        [
            heading(t("Use this device as a scanner")),
            paragraph(
                t("Ask your contact person for a pairing code. It works once, for 15 minutes.")
            ),
            *said,
            ft.TextField(
                key="pairing-code",
                value=KEEP_TYPED,
                label=t("Pairing code"),
                hint_text="XXXX-XXXX-XXXX",
                autocorrect=False,
                enable_suggestions=False,
                capitalization=ft.TextCapitalization.CHARACTERS,
                on_change=changed,
                on_submit=submitted,
            ),
            wide_button(t("Pair the device"), pressed, busy=venue.busy),
        ],
        spacing=SPACE_16,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _trouble(t: Texts, code: str) -> str:
    known = _TROUBLES.get(code)
    if known is None:
        return t("Pairing did not work ({code}). Try again or ask for a new code.", code=code)
    return t(known)
