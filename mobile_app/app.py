"""The app, wired: which screen answers which path, and what every screen is given."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import flet as ft

from mobile_app.card.activate_view import ActivateScreen
from mobile_app.card.context import CardContexts, use_card
from mobile_app.card.state import CardState
from mobile_app.card.view import CardScreen, LargeCard
from mobile_app.device.calm import wants_calm
from mobile_app.device.device import Device
from mobile_app.directory.context import PlacesContexts
from mobile_app.directory.detail_view import PlaceScreen
from mobile_app.directory.state import Places
from mobile_app.directory.suggest_view import Suggestion
from mobile_app.directory.view import WhereScreen
from mobile_app.feedback.context import FeedbackContexts
from mobile_app.feedback.state import Feedback
from mobile_app.feedback.tell_view import TellScreen
from mobile_app.lock.context import LockContexts
from mobile_app.lock.gate_view import Gate
from mobile_app.lock.state import Lock
from mobile_app.lock.view import LockSettingsScreen
from mobile_app.message.context import InboxContexts
from mobile_app.message.keep import use_post
from mobile_app.message.state import Inbox
from mobile_app.message.thread_view import ThreadScreen
from mobile_app.message.view import MessagesScreen
from mobile_app.mine.view import MineScreen
from mobile_app.more.view import MoreScreen
from mobile_app.settings.state import Settings
from mobile_app.settings.view import SettingsContexts, SettingsScreen
from mobile_app.start.view import StartScreen
from mobile_app.ui.context import AppContext, AppContexts, use_app
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
from mobile_app.wellbeing.context import WellbeingContexts, use_wellbeing
from mobile_app.wellbeing.invite_view import Invitation
from mobile_app.wellbeing.state import Wellbeing
from mobile_app.wellbeing.view import WellbeingScreen

LANGUAGE_KEY = "kaiku.language"
"""Where the web page looks for the language; its tag goes into `<html lang>`."""


@ft.component
def Home() -> ft.Control:
    """Show the card, or ask who is here."""
    use_post(use_app().device)
    return StartScreen() if use_card().held is None else CardScreen(BelowTheCard)


@ft.component
def BelowTheCard(card_id: str) -> ft.Control:
    """Invite to tell how it feels, or else suggest where to go: one thing at a time."""
    wellbeing = use_wellbeing()
    decided, set_decided = ft.use_state(initial=False)

    async def decide() -> None:
        await wellbeing.see_whether_to_invite(card_id)
        set_decided(True)

    ft.use_effect(decide, [card_id])
    suggests = decided and not wellbeing.invited
    return ft.Column(
        [Invitation(card_id), *([Suggestion(card_id)] if suggests else [])],
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


SCREENS = [
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
                    ft.Route(
                        path=":name",
                        component=EntryScreen,
                        children=[ft.Route(path="tell", component=TellScreen)],
                    ),
                ],
            ),
            ft.Route(
                path="wellbeing",
                component=WellbeingScreen,
                children=[ft.Route(path="who5", component=Who5Screen)],
            ),
            ft.Route(path="more", component=MoreScreen),
            ft.Route(
                path="where",
                component=WhereScreen,
                children=[ft.Route(path=":name", component=PlaceScreen)],
            ),
            ft.Route(
                path="messages",
                component=MessagesScreen,
                children=[ft.Route(path=":thread", component=ThreadScreen)],
            ),
            ft.Route(path="mine", component=MineScreen),
            ft.Route(
                path="settings",
                component=SettingsScreen,
                children=[ft.Route(path="lock", component=LockSettingsScreen)],
            ),
            ft.Route(path="door", component=DoorScreen),
            ft.Route(path="pair", component=DoorScreen),
            ft.Route(path="app/activate", component=ActivateScreen),
            ft.Route(path="app/pair", component=DoorScreen),
        ],
    )
]

ROUTES = [ft.Route(component=Gate, outlet=True, children=SCREENS)]
"""Each screen stands behind the gate."""


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
            opened.wellbeing, lambda: PlacesContexts(opened.places, lambda: _voices(opened))
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
    )
    page.render_views(App, opened)


async def _device_language(page: ft.Page) -> str | None:
    try:
        info = await page.get_device_info()
    except (RuntimeError, TimeoutError):
        return None
    locales = getattr(info, "locales", None) or []
    return locales[0].language_code if locales else None
