"""The visits screen: how many in words, then the list, or the months as bars."""

from collections.abc import Callable, Sequence
from datetime import date
from enum import Enum

import flet as ft

from mobile_app.device.api import SIGN_IN_REQUIRED
from mobile_app.ui.context import use_app
from mobile_app.ui.every import use_every
from mobile_app.ui.notice import Tone, heading, notice, paragraph, screen, wide_button
from mobile_app.ui.texts import N_, Texts
from mobile_app.ui.theme import SPACE_8, TOUCH, Type
from mobile_app.visit.calendar_view import VisitCalendar
from mobile_app.visit.context import use_visits
from mobile_app.visit.diary import Entry, count
from mobile_app.visit.list_view import VisitList
from mobile_app.visit.months_view import MonthsChart
from mobile_app.visit.state import Visits

REFRESH_S = 15
"""How often an open screen asks for news: a visit just made appears while one waits."""


class Way(Enum):
    """How to look at the visits; the value is its name."""

    LIST = N_("As a list")
    CALENDAR = N_("Calendar")
    MONTHS = N_("By months")


@ft.component
def VisitsScreen() -> ft.View:
    """Show where the card has been, and keep it fresh while one looks."""
    app = use_app()
    t = app.texts
    visits = use_visits()
    go = ft.context.page.navigate
    way, set_way = ft.use_state(Way.LIST)
    loaded, set_loaded = ft.use_state(initial=False)

    async def look() -> None:
        if not loaded:
            await visits.load()
            set_loaded(True)
        await visits.refresh()
        await visits.complete()

    use_every(REFRESH_S, look)
    today = visits.today()
    if not loaded:  # what is in memory may be of a card that is gone
        return screen("/visits", [heading(t("Visits"))])
    if visits.hidden:
        return screen("/visits", [heading(t("Visits")), *hidden(t, visits)])
    body = [heading(t("Visits")), *standing(t, visits)]
    if visits.entries:
        body.append(totals_words(t, visits))
    body.append(
        wide_button(
            t("Add a visit of your own"), lambda: go("/visits/own"), icon=ft.Icons.ADD, main=False
        )
    )
    if visits.entries:
        body.append(views(t, way, set_way))
        body.append(seen(t, way, visits.entries, today, lambda name: go(f"/visits/{name}")))
    elif visits.heard_at is not None:
        body.append(
            paragraph(t("No visits yet. They appear here when a venue has read your card."))
        )
    body += ways(t, visits)
    hide = wide_button(t("Hide the visits"), visits.hide, icon=ft.Icons.VISIBILITY_OFF, main=False)
    mine = wide_button(
        t("Save or delete my own data"), lambda: go("/mine"), icon=ft.Icons.FOLDER_OPEN, main=False
    )
    return screen("/visits", [*body, hide, mine])


def hidden(t: Texts, visits: Visits) -> list[ft.Control]:
    """Show nothing but the way back to the visits."""
    return [
        paragraph(t("Your visits are hidden on this phone.")),
        wide_button(t("Show the visits"), visits.show, icon=ft.Icons.VISIBILITY),
    ]


def standing(t: Texts, visits: Visits) -> list[ft.Control]:
    """Say how old this is, and why it is not newer."""
    said: list[ft.Control] = []
    if visits.offline:
        said.append(notice(t("No connection. These visits were kept on your phone."), live=True))
    elif visits.refusal == SIGN_IN_REQUIRED:
        said.append(notice(t("There is no card on this phone.")))
    elif visits.refusal is not None:
        words = t("The server did not show your visits. Open your card and see what it says.")
        said.append(notice(words, tone=Tone.HEED, live=True))
    if visits.heard_at is not None:
        said.append(paragraph(t("As of {moment}", moment=t.moment(visits.heard_at)), quiet=True))
    return said


def totals_words(t: Texts, visits: Visits) -> ft.Control:
    """Say how many visits there were this month and this year."""
    today = visits.today()
    month = count(visits.entries, year=today.year, month=today.month)
    year = count(visits.entries, year=today.year)
    words = [
        t.plural("{n} visit this month", "{n} visits this month", month),
        t.plural("{n} visit this year", "{n} visits this year", year),
    ]
    if visits.cursor is not None:
        words.append(t("older visits are still missing here"))
    return ft.Text(" · ".join(words), theme_style=Type.STRONG)


def seen(
    t: Texts, way: Way, entries: Sequence[Entry], today: date, open_it: Callable[[str], None]
) -> ft.Control:
    """Draw the visits in one of the ways to look at them."""
    if way is Way.CALENDAR:
        return VisitCalendar(t, entries, today, open_it)
    if way is Way.MONTHS:
        return MonthsChart(t, entries, (today.year, today.month))
    return VisitList(t, entries, open_it)


def views(t: Texts, way: Way, choose: Callable[[Way], None]) -> ft.Control:
    """Draw the ways to look at the visits, as tabs."""

    def changed(event: ft.Event[ft.Tabs]) -> None:
        choose(list(Way)[event.control.selected_index])

    tabs: list[ft.Control] = [ft.Tab(label=ft.Text(t(one.value)), height=TOUCH) for one in Way]
    return ft.Tabs(
        length=len(tabs),
        selected_index=list(Way).index(way),
        on_change=changed,
        animation_duration=0,
        content=ft.TabBar(
            label_padding=ft.Padding.symmetric(horizontal=SPACE_8),
            tabs=tabs,
        ),
    )


def ways(t: Texts, visits: Visits) -> list[ft.Control]:
    """Draw what can be done besides looking."""
    drawn: list[ft.Control] = []
    if visits.cursor is not None:
        drawn.append(wide_button(t("Older visits"), visits.older, busy=visits.busy, main=False))
    words = t("Refreshing…") if visits.busy else t("Refresh")
    drawn.append(
        wide_button(words, visits.ask, icon=ft.Icons.REFRESH, busy=visits.busy, main=False)
    )
    return drawn
