"""The first screen while no card is on this phone: two choices, and what happens to my data."""

from collections.abc import Callable

import flet as ft

from mobile_app.settings.view import LANGUAGE_NAMES, use_settings
from mobile_app.ui.context import use_app
from mobile_app.ui.notice import heading, paragraph, screen, wide_button
from mobile_app.ui.texts import Language
from mobile_app.ui.theme import SPACE_8


@ft.component
def StartScreen() -> ft.View:
    """Ask who is here."""
    t = use_app().texts
    settings = use_settings()
    go = ft.context.page.navigate

    def speaker(language: Language) -> Callable[[], object]:
        async def speak() -> None:
            await settings.choose_language(language)

        return speak

    others = [language for language in Language if language is not settings.language]
    return screen(
        "/",
        [
            heading(t("Kaikukortti")),
            paragraph(t("Culture is for everybody. Show your card and come in.")),
            wide_button(t("I have a card"), lambda: go("/activate"), icon=ft.Icons.CREDIT_CARD),
            wide_button(
                t("I work at a venue"),
                lambda: go("/door"),
                icon=ft.Icons.MEETING_ROOM_OUTLINED,
                main=False,
            ),
            heading(t("What happens to my data"), level=2),
            paragraph(t("Your name is not in the app, and venues do not see it.")),
            paragraph(t("A venue sees only that the card is valid and how many may come in.")),
            paragraph(t("Your visits are kept without your name, so that culture stays open.")),
            ft.Row(
                [
                    ft.TextButton(
                        content=ft.Text(t(LANGUAGE_NAMES[other])), on_click=speaker(other)
                    )
                    for other in others
                ],
                wrap=True,
                spacing=SPACE_8,
                run_spacing=SPACE_8,
                alignment=ft.MainAxisAlignment.CENTER,
            ),
            ft.TextButton(content=ft.Text(t("Settings")), on_click=lambda: go("/settings")),
        ],
        back=False,
    )
