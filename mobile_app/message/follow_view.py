"""The switch that follows a venue."""

from uuid import UUID

import flet as ft

from mobile_app.message.context import use_inbox
from mobile_app.ui.context import use_app
from mobile_app.ui.notice import Tone, notice, paragraph
from mobile_app.ui.theme import SPACE_8


@ft.component
def Follow(venue_id: UUID) -> ft.Control:
    """Follow a venue or stop it, and say what the venue learns of that."""
    t = use_app().texts
    inbox = use_inbox()
    failed, set_failed = ft.use_state(initial=False)
    ft.use_effect(inbox.load, [])

    async def follow(event: ft.Event[ft.Switch]) -> None:
        set_failed(not await inbox.follow(venue_id, wanted=bool(event.control.value)))

    switch = ft.Switch(
        label=t("Follow this venue"), value=inbox.follows(venue_id), on_change=follow
    )
    drawn: list[ft.Control] = [
        ft.Row([switch], wrap=True),
        paragraph(t("The venue does not learn who follows it, only roughly how many."), quiet=True),
    ]
    if failed:
        words = t("This needs a connection. Try again when there is one.")
        drawn.append(notice(words, tone=Tone.HEED, live=True))
    return ft.Column(drawn, spacing=SPACE_8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
