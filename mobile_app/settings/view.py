"""Settings: language, text size, colours; previewed by the app itself."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import cast

import flet as ft

from mobile_app.card.context import use_card
from mobile_app.card.state import CardState
from mobile_app.lock.context import use_lock
from mobile_app.lock.state import Lock
from mobile_app.settings.state import TEXT_PERCENTS, Settings
from mobile_app.ui.choices import choices
from mobile_app.ui.context import use_app
from mobile_app.ui.notice import heading, paragraph, question, screen, wide_button
from mobile_app.ui.texts import N_, Language, Texts
from mobile_app.ui.theme import Brightness

LANGUAGE_NAMES = {
    Language.FINNISH: N_("Finnish"),
    Language.SWEDISH: N_("Swedish"),
    Language.ENGLISH: N_("English"),
    Language.PLAIN_FINNISH: N_("Plain Finnish"),
}
"""Each catalogue names a language in that language, so that everybody finds their own."""

BRIGHTNESS_NAMES = {
    Brightness.SYSTEM: N_("As the phone is set"),
    Brightness.LIGHT: N_("Light"),
    Brightness.DARK: N_("Dark"),
}

SettingsContexts = ft.create_context(cast("Settings | None", None))


def use_settings() -> Settings:
    """Give this session's settings; the component draws itself anew when they change."""
    settings = ft.use_context(SettingsContexts)
    if settings is None:
        raise LookupError("this component is drawn outside the app")
    return settings


@ft.component
def SettingsScreen() -> ft.View:
    """Choose how the app speaks and looks."""
    t = use_app().texts
    settings = use_settings()
    look = settings.look

    async def speak(value: str) -> None:
        await settings.choose_language(Language(value))

    async def grow(value: str) -> None:
        await settings.choose_look(replace(look, text_percent=int(value)))

    async def shade(value: str) -> None:
        await settings.choose_look(replace(look, brightness=Brightness(value)))

    async def contrast(event: ft.Event[ft.Switch]) -> None:
        await settings.choose_look(replace(look, high_contrast=bool(event.control.value)))

    async def still(event: ft.Event[ft.Switch]) -> None:
        await settings.choose_look(replace(look, still=bool(event.control.value)))

    card = use_card()
    lock = use_lock()
    go = ft.context.page.navigate
    asks, set_asks = ft.use_state(initial=False)
    ft.use_dialog(_leaving(t, card, lock, set_asks) if asks else None)
    sizes = [(str(percent), t("{percent} %", percent=percent)) for percent in TEXT_PERCENTS]
    body: list[ft.Control] = [
        heading(t("Settings")),
        heading(t("Language"), level=2),
        choices(settings.language, [(k, t(v)) for k, v in LANGUAGE_NAMES.items()], speak),
        heading(t("Text size"), level=2),
        choices(str(look.text_percent), sizes, grow),
        heading(t("Colours"), level=2),
        choices(look.brightness, [(k, t(v)) for k, v in BRIGHTNESS_NAMES.items()], shade),
        switch(t("High contrast"), contrast, is_on=look.high_contrast),
        heading(t("Motion"), level=2),
        switch(t("Nothing moves"), still, is_on=look.still),
        paragraph(t("The app also follows what the phone says about motion."), quiet=True),
        paragraph(t("Your choices are kept on this phone."), quiet=True),
    ]
    if card.held is not None:
        icon = ft.Icons.LOCK_OUTLINE
        body += [
            wide_button(t("App lock"), lambda: go("/settings/lock"), icon=icon, main=False),
            heading(t("The card on this phone"), level=2),
            wide_button(
                t("Remove the card from this phone"),
                lambda: set_asks(True),
                icon=ft.Icons.DELETE_OUTLINE,
                main=False,
            ),
        ]
    return screen("/settings", body)


def switch(
    words: str, change: Callable[[ft.Event[ft.Switch]], Awaitable[None]], *, is_on: bool
) -> ft.Control:
    """Draw a switch, whose words wrap."""
    return ft.Row([ft.Switch(label=words, value=is_on, on_change=change)], wrap=True)


def _leaving(
    t: Texts, card: CardState, lock: Lock, set_asks: Callable[[bool], None]
) -> ft.AlertDialog:
    page = ft.context.page

    async def leave() -> None:
        set_asks(False)
        await card.sign_out()
        await lock.load()
        page.navigate("/")

    return question(
        t("Remove the card from this phone?"),
        t(
            "The card, its key, the list of visits and all that you wrote yourself are wiped"
            " from this phone. To get the card back you need a new activation code."
        ),
        yes=t("Remove the card"),
        no=t("Keep the card"),
        on_yes=leave,
        on_no=lambda: set_asks(False),
    )
