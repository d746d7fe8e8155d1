"""A photo of one's own with a visit: chosen, made small, kept on the phone."""

import flet as ft

from mobile_app.device.album import PICKED_MOST
from mobile_app.device.decoder import PictureRefused, PictureTrouble
from mobile_app.device.store import StoreRefused
from mobile_app.ui.context import use_app
from mobile_app.ui.notice import Tone, heading, notice, wide_button
from mobile_app.ui.texts import Texts
from mobile_app.ui.theme import CORNER, SPACE_16
from mobile_app.visit.context import use_visits

HEIGHT = 260
NO_ROOM = "no_room"


@ft.component
def PhotoField(name: str, kept: bool) -> ft.Control:  # noqa: FBT001 - a fact about the visit
    """Show the photo, and let its holder add, exchange or remove it."""
    app = use_app()
    t = app.texts
    visits = use_visits()
    picker = ft.use_memo(ft.FilePicker, [])
    shown, set_shown = ft.use_state(b"")
    trouble, set_trouble = ft.use_state("")
    busy, set_busy = ft.use_state(initial=False)

    async def show() -> None:
        set_shown(await visits.photo(name) or b"" if kept else b"")

    async def choose() -> None:
        set_trouble(await take())
        set_busy(False)
        set_shown(await visits.photo(name) or b"")

    async def take() -> str:
        album = app.device.album
        try:
            small = await album.choose(picker, lambda: set_busy(True)) if album else None
            if small is not None:
                await visits.keep_photo(name, small)
        except PictureRefused as refused:
            return refused.trouble
        except StoreRefused:
            return NO_ROOM
        return ""

    async def drop() -> None:
        await visits.drop_photo(name)
        set_shown(b"")

    ft.use_effect(show, [name])
    words = t("Exchange the photo") if shown else t("Add a photo")
    return ft.Column(
        [
            heading(t("Photo"), level=2),
            *([_picture(t, shown)] if shown else []),
            *([notice(trouble_words(t, trouble), tone=Tone.HEED, live=True)] if trouble else []),
            wide_button(words, choose, icon=ft.Icons.IMAGE, busy=busy, main=False),
            *([wide_button(t("Remove the photo"), drop, main=False)] if shown else []),
        ],
        spacing=SPACE_16,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def trouble_words(t: Texts, trouble: str) -> str:
    """Say why a photo was not kept, and what to do."""
    if trouble == PictureTrouble.TOO_BIG:
        return t(
            "This photo is too big: at most {most} MB. Choose another, or take it smaller.",
            most=PICKED_MOST // 1_000_000,
        )
    if trouble == PictureTrouble.NOT_A_PICTURE:
        return t("This is no picture that the app can open. Choose a photo.")
    return t("There is no room for the photo on this phone. Make some room and try again.")


def _picture(t: Texts, jpeg: bytes) -> ft.Control:
    return ft.Image(
        src=jpeg,
        height=HEIGHT,
        fit=ft.BoxFit.CONTAIN,
        border_radius=CORNER,
        semantics_label=t("Your photo of this visit"),
    )
