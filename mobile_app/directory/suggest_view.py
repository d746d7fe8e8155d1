"""One suggestion a week under a card that has not been used."""

import flet as ft

from mobile_app.directory.context import use_places
from mobile_app.directory.words import when_words, where_words
from mobile_app.ui.context import use_app
from mobile_app.ui.notice import heading, paragraph, wide_button
from mobile_app.ui.theme import CORNER, SPACE_12, SPACE_16, Type


@ft.component
def Suggestion(card_id: str) -> ft.Control:
    """Suggest where to go; a no lasts for the week."""
    t = use_app().texts
    places = use_places()
    page = ft.context.page

    async def see() -> None:
        await places.see_what_to_suggest(card_id)

    ft.use_effect(see, [card_id])
    place = places.suggested
    if place is None:
        return ft.Container()
    facts = [None if place.event is None else when_words(t, place.event), where_words(t, place)]
    return ft.Container(
        ft.Column(
            [
                heading(t("An idea for this week"), level=2),
                ft.Text(place.title, theme_style=Type.STRONG),
                *[paragraph(words) for words in facts if words],
                wide_button(
                    t("Look at it"), lambda: page.navigate(f"/where/{place.name}"), main=False
                ),
                wide_button(t("Not now"), places.not_now, main=False),
            ],
            spacing=SPACE_12,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        padding=SPACE_16,
        border_radius=CORNER,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
    )
