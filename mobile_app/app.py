"""The app, wired: which screen answers which path, and what every screen is given."""

from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from mobile_app.card.activate_view import ActivateScreen
from mobile_app.card.context import CardContexts, use_card
from mobile_app.card.state import CardState
from mobile_app.card.view import CardScreen, LargeCard
from mobile_app.device.device import Device
from mobile_app.mine.erase_view import EraseScreen
from mobile_app.mine.errands import EVERY_S, run_errands
from mobile_app.mine.register_view import RegisterScreen
from mobile_app.mine.view import MineScreen
from mobile_app.settings.state import Settings
from mobile_app.settings.view import SettingsContexts, SettingsScreen
from mobile_app.start.view import StartScreen
from mobile_app.ui.context import AppContext, AppContexts, use_app
from mobile_app.ui.every import use_every
from mobile_app.ui.notice import column, wide_button
from mobile_app.ui.texts import Language, Texts
from mobile_app.ui.theme import Type, dress
from mobile_app.venue.view import DoorScreen
from mobile_app.visit.context import VisitsContexts
from mobile_app.visit.entry_view import EntryScreen
from mobile_app.visit.own_view import OwnVisitScreen
from mobile_app.visit.state import Visits
from mobile_app.visit.view import VisitsScreen
from mobile_app.wellbeing.answer_view import Who5Screen
from mobile_app.wellbeing.context import SharesContexts, WellbeingContexts, use_shares
from mobile_app.wellbeing.invite_view import Invitation
from mobile_app.wellbeing.sharing import Shares
from mobile_app.wellbeing.sharing_view import SharingPreview, SharingScreen
from mobile_app.wellbeing.state import Wellbeing
from mobile_app.wellbeing.view import WellbeingScreen

LANGUAGE_KEY = "kaiku.language"
"""Where the web page looks for the language to write into `<html lang>`."""


@ft.component
def Home() -> ft.Control:
    """Show the card, or ask who is here; and tell the server what it has not heard yet."""
    device = use_app().device
    shares = use_shares()
    use_every(EVERY_S, lambda: run_errands(device, shares))
    return StartScreen() if use_card().held is None else CardScreen(Invitation)


ROUTES = [
    ft.Route(
        component=Home,
        children=[
            ft.Route(path="show", component=LargeCard),
            ft.Route(path="activate", component=ActivateScreen),
            ft.Route(
                path="visits",
                component=VisitsScreen,
                children=[
                    ft.Route(path="own", component=OwnVisitScreen),
                    ft.Route(path=":name", component=EntryScreen),
                ],
            ),
            ft.Route(
                path="wellbeing",
                component=WellbeingScreen,
                children=[
                    ft.Route(path="who5", component=Who5Screen),
                    ft.Route(
                        path="sharing",
                        component=SharingScreen,
                        children=[ft.Route(path=":meter", component=SharingPreview)],
                    ),
                ],
            ),
            ft.Route(
                path="mine",
                component=MineScreen,
                children=[
                    ft.Route(path="register", component=RegisterScreen),
                    ft.Route(path="erase", component=EraseScreen),
                ],
            ),
            ft.Route(path="settings", component=SettingsScreen),
            ft.Route(path="door", component=DoorScreen),
            ft.Route(path="pair", component=DoorScreen),
            ft.Route(path="app/activate", component=ActivateScreen),
            ft.Route(path="app/pair", component=DoorScreen),
        ],
    )
]


@dataclass(frozen=True)
class Opened:
    """What one session has open. Not observable itself: a ticking card must not redraw it all."""

    device: Device
    settings: Settings
    card: CardState
    visits: Visits
    wellbeing: Wellbeing
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
            supported_locales=[ft.Locale(language.value) for language in Language],
            current_locale=ft.Locale(settings.language.value),
        )
        page.update()
        await ft.SharedPreferences().set(LANGUAGE_KEY, settings.language.value)

    too_old, set_too_old = ft.use_state(initial=False)

    def watch() -> None:
        opened.device.api.when_too_old(lambda: set_too_old(True))

    ft.use_effect(watch, [])

    def later() -> None:
        set_too_old(False)

    ft.use_dialog(_too_old(texts, opened.device, later) if too_old else None)
    ft.use_effect(speak, [settings.language])
    ft.use_effect(lambda: dress(page, settings.look), [settings.look])
    context = AppContext(opened.device, texts, settings.look)
    return AppContexts(
        context,
        lambda: SettingsContexts(
            settings,
            lambda: CardContexts(opened.card, lambda: _diaries(opened)),
        ),
    )


def _diaries(opened: Opened) -> ft.Control:
    """Give every screen what the holder has seen and told."""
    return VisitsContexts(
        opened.visits,
        lambda: WellbeingContexts(
            opened.wellbeing,
            lambda: SharesContexts(
                opened.shares, lambda: ft.Router(ROUTES, Lost, manage_views=True)
            ),
        ),
    )


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


@ft.component
def Lost() -> ft.Control:
    """Lead home from an address that leads nowhere."""
    page = ft.context.page
    words = use_app().texts("This page does not exist. Go to the start.")
    return column([wide_button(words, lambda: page.navigate("/"))])


async def start(page: ft.Page, device: Device) -> None:
    """Open the app on *page*, with what this phone remembers."""
    settings = Settings(device.store)
    card = CardState(device)
    await settings.load(device_language=await _device_language(page))
    await card.load()
    dress(page, settings.look)
    diaries = Visits(device), Wellbeing(device), Shares(device)
    page.render_views(App, Opened(device, settings, card, *diaries))


async def _device_language(page: ft.Page) -> str | None:
    try:
        info = await page.get_device_info()
    except (RuntimeError, TimeoutError):
        return None
    locales = getattr(info, "locales", None) or []
    return locales[0].language_code if locales else None
