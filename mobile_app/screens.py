"""Which screen answers which path."""

import flet as ft

from mobile_app.card.activate_view import ActivateScreen
from mobile_app.card.context import use_card
from mobile_app.card.view import CardScreen, LargeCard
from mobile_app.directory.detail_view import PlaceScreen
from mobile_app.directory.suggest_view import Suggestion
from mobile_app.directory.view import WhereScreen
from mobile_app.feedback.tell_view import TellScreen
from mobile_app.lock.gate_view import Gate
from mobile_app.lock.view import LockSettingsScreen
from mobile_app.message.keep import use_post
from mobile_app.message.thread_view import ThreadScreen
from mobile_app.message.view import MessagesScreen
from mobile_app.mine.erase_view import EraseScreen
from mobile_app.mine.errands import EVERY_S, run_errands
from mobile_app.mine.register_view import RegisterScreen
from mobile_app.mine.view import MineScreen
from mobile_app.more.view import MoreScreen
from mobile_app.settings.view import SettingsScreen
from mobile_app.start.view import StartScreen
from mobile_app.ui.context import use_app
from mobile_app.ui.every import use_every
from mobile_app.ui.notice import column, wide_button
from mobile_app.venue.view import DoorScreen
from mobile_app.visit.entry_view import EntryScreen
from mobile_app.visit.own_view import OwnVisitScreen
from mobile_app.visit.view import VisitsScreen
from mobile_app.wellbeing.answer_view import Who5Screen
from mobile_app.wellbeing.context import (
    use_shares,
    use_wellbeing,
)
from mobile_app.wellbeing.invite_view import Invitation
from mobile_app.wellbeing.sharing_view import SharingPreview, SharingScreen
from mobile_app.wellbeing.view import WellbeingScreen


@ft.component
def Lost() -> ft.Control:
    """Lead home from an address that leads nowhere."""
    page = ft.context.page
    words = use_app().texts("This page does not exist. Go to the start.")
    return column([wide_button(words, lambda: page.navigate("/"))])


@ft.component
def Home() -> ft.Control:
    """Show the card, or ask who is here; and tell the server what it has not heard yet."""
    device = use_app().device
    shares = use_shares()
    use_post(device)
    use_every(EVERY_S, lambda: run_errands(device, shares))
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
