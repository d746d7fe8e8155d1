"""The app, wired: what every screen is given."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import flet as ft

from mobile_app.card.context import CardContexts
from mobile_app.card.state import CardState
from mobile_app.device.answers import outlive_late_answers
from mobile_app.device.calm import wants_calm
from mobile_app.device.device import Device
from mobile_app.directory.context import PlacesContexts
from mobile_app.directory.state import Places
from mobile_app.feedback.context import FeedbackContexts
from mobile_app.feedback.state import Feedback
from mobile_app.lock.context import LockContexts
from mobile_app.lock.state import Lock
from mobile_app.message.context import InboxContexts
from mobile_app.message.state import Inbox
from mobile_app.screens import ROUTES, Lost
from mobile_app.settings.state import Settings
from mobile_app.settings.view import SettingsContexts
from mobile_app.ui.context import AppContext, AppContexts
from mobile_app.ui.texts import Language, Texts
from mobile_app.ui.theme import Type, dress
from mobile_app.visit.context import VisitsContexts
from mobile_app.visit.state import Visits
from mobile_app.wellbeing.context import (
    SharesContexts,
    WellbeingContexts,
)
from mobile_app.wellbeing.sharing import Shares
from mobile_app.wellbeing.state import Wellbeing

LANGUAGE_KEY = "kaiku.language"
"""Where the web page looks for the language; its tag goes into `<html lang>`."""


@dataclass(frozen=True)
class Opened:
    """What one session has open. Not observable itself: a ticking card must not redraw it all."""

    device: Device
    settings: Settings
    card: CardState
    visits: Visits
    wellbeing: Wellbeing
    lock: Lock
    places: Places
    feedback: Feedback
    inbox: Inbox
    shares: Shares


@ft.component
def App(opened: Opened) -> ft.Control:
    """Draw the app in the chosen language and look."""
    page = ft.context.page
    settings, _ = ft.use_state(opened.settings)
    texts = Texts(settings.language)

    async def speak() -> None:
        page.title = texts("Kaikukortti")
        page.locale_configuration = ft.LocaleConfiguration(
            supported_locales=[ft.Locale(tag) for tag in {one.tag: one for one in Language}],
            current_locale=ft.Locale(settings.language.tag),
        )
        page.update()
        await ft.SharedPreferences().set(LANGUAGE_KEY, settings.language.value)

    too_old, set_too_old = ft.use_state(initial=False)

    def watch() -> None:
        opened.device.api.when_too_old(lambda: set_too_old(True))

    ft.use_effect(watch, [])

    asks_for_calm, set_asks_for_calm = ft.use_state(initial=False)

    async def ask_the_phone() -> None:
        set_asks_for_calm(await wants_calm())

    ft.use_effect(ask_the_phone, [])
    look = replace(settings.look, still=settings.look.still or asks_for_calm)

    def later() -> None:
        set_too_old(False)

    ft.use_dialog(_too_old(texts, opened.device, later) if too_old else None)
    ft.use_effect(speak, [settings.language])
    ft.use_effect(lambda: dress(page, look), [look])
    context = AppContext(opened.device, texts, look)
    return AppContexts(
        context,
        lambda: SettingsContexts(
            settings,
            lambda: CardContexts(opened.card, lambda: _diaries(opened)),
        ),
    )


def _diaries(opened: Opened) -> ft.Control:
    """Give every screen what the holder has seen and told, and where they can go."""
    return VisitsContexts(
        opened.visits,
        lambda: WellbeingContexts(
            opened.wellbeing,
            lambda: SharesContexts(
                opened.shares, lambda: PlacesContexts(opened.places, lambda: _voices(opened))
            ),
        ),
    )


def _voices(opened: Opened) -> ft.Control:
    """Give every screen what the holder and others write to each other."""
    return FeedbackContexts(
        opened.feedback,
        lambda: InboxContexts(opened.inbox, lambda: _screens(opened)),
    )


def _screens(opened: Opened) -> ft.Control:
    return LockContexts(opened.lock, lambda: ft.Router(ROUTES, Lost, manage_views=True))


def _too_old(t: Texts, device: Device, leave: Callable[[], None]) -> ft.Banner:
    """Tell that the server moved on. It lies above the card, which works as before."""
    words = t(
        "This version of the app is too old for the server. Load it again."
        " What waits on this device is kept and sent then."
    )
    later = ft.TextButton(content=ft.Text(t("Later")), on_click=leave)
    again = ft.TextButton(content=ft.Text(t("Load again")), on_click=device.load_again)
    return ft.Banner(
        content=ft.Semantics(live_region=True, content=ft.Text(words, theme_style=Type.BODY)),
        actions=[later] if device.load_again is None else [again, later],
        leading=ft.Icon(ft.Icons.REFRESH),
        on_dismiss=leave,
    )


async def start(page: ft.Page, device: Device) -> None:
    """Open the app on *page*, with what this phone remembers."""
    outlive_late_answers(page)
    settings = Settings(device.store)
    card = CardState(device)
    lock = Lock(device)
    await settings.load(device_language=await _device_language(page))
    await card.load()
    await lock.load()
    dress(page, settings.look)
    opened = Opened(
        device=device,
        settings=settings,
        card=card,
        visits=Visits(device),
        wellbeing=Wellbeing(device),
        places=Places(device),
        lock=lock,
        feedback=Feedback(device),
        inbox=Inbox(device),
        shares=Shares(device),
    )
    page.render_views(App, opened)


async def _device_language(page: ft.Page) -> str | None:
    try:
        info = await page.get_device_info()
    except (RuntimeError, TimeoutError):
        return None
    locales = getattr(info, "locales", None) or []
    return locales[0].language_code if locales else None
