"""The screen of where one can go: a list first, with what can be looked for above it."""

from collections.abc import Callable, Sequence

import flet as ft

from mobile_app.directory.context import use_places
from mobile_app.directory.filter_view import Filters
from mobile_app.directory.places import Place, Sieve, sift
from mobile_app.directory.row_view import place_row
from mobile_app.directory.state import Places
from mobile_app.ui.context import use_app
from mobile_app.ui.every import use_every
from mobile_app.ui.notice import heading, notice, paragraph, screen, wide_button
from mobile_app.ui.texts import Texts
from mobile_app.ui.theme import SPACE_16

REFRESH_S = 300
"""How often an open screen asks for news."""

WINDOW = 20
"""Rows drawn at once: Flet compares what is drawn with what was, row by row."""


@ft.component
def WhereScreen() -> ft.View:
    """Show where the card is welcome, and keep it fresh while one looks."""
    app = use_app()
    t = app.texts
    places = use_places()
    go = ft.context.page.navigate

    async def look() -> None:
        await places.load()
        await places.refresh()

    use_every(REFRESH_S, look)
    body: list[ft.Control] = [heading(t("Where to?"))]
    if places.loaded:
        body += standing(t, places)
    if places.places:
        body.append(PlaceList(t, places, lambda name: go(f"/where/{name}")))
    elif places.heard_at is not None:
        body.append(paragraph(t("No venue is listed yet. Look again later.")))
    if places.loaded:
        words = t("Refreshing…") if places.busy else t("Refresh")
        body.append(
            wide_button(words, places.ask, icon=ft.Icons.REFRESH, busy=places.busy, main=False)
        )
    return screen("/where", body)


def standing(t: Texts, places: Places) -> list[ft.Control]:
    """Say how old this is, and what to do when there is nothing."""
    said: list[ft.Control] = []
    if places.offline and places.heard_at is None:
        words = t("No connection. Open this page once with a connection: then it works without.")
        said.append(notice(words, live=True))
    elif places.offline:
        words = t("No connection. This list was kept on your phone.")
        said.append(notice(words, live=True))
    if places.heard_at is not None:
        said.append(paragraph(t("As of {moment}", moment=t.moment(places.heard_at)), quiet=True))
    return said


@ft.component
def PlaceList(t: Texts, places: Places, open_it: Callable[[str], None]) -> ft.Control:
    """Look through events and venues."""
    page = ft.context.page
    chosen, choose = ft.use_state(Sieve(town=places.choices.town))
    shown, show = ft.use_state(WINDOW)

    def look_for(wanted: Sieve) -> None:
        if wanted.town != chosen.town:
            page.run_task(places.choose_town, wanted.town)
        choose(wanted)
        show(WINDOW)

    liked = places.choices.favourites
    found = sift(places.places, chosen, favourites=liked, now=places.now())
    events = [place for place in found if place.event is not None]
    venues = [place for place in found if place.event is None]
    body: list[ft.Control] = [
        Filters(t, places, chosen, look_for),
        ft.Semantics(live_region=True, content=paragraph(found_words(t, events, venues))),
    ]
    rows = (*events, *venues)[:shown]
    for title, part in ((t("Events"), events), (t("Venues"), venues)):
        if drawn := [place for place in rows if (place.event is None) == (part is venues)]:
            body.append(heading(title, level=2))
            body += [place_row(t, place, open_it, favourite=place.name in liked) for place in drawn]
    if len(found) > shown:
        body.append(wide_button(t("Show more"), lambda: show(shown + WINDOW), main=False))
    elif places.complete_until is not None and events:
        until = t.moment_day(places.complete_until)
        body.append(paragraph(t("Events before {day} are in the list.", day=until), quiet=True))
    return ft.Column(body, spacing=SPACE_16, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def found_words(t: Texts, events: Sequence[Place], venues: Sequence[Place]) -> str:
    """Say how many were found."""
    if not events and not venues:
        return t("Nothing was found. Look for something else.")
    return " · ".join(
        [
            t.plural("{n} event", "{n} events", len(events)),
            t.plural("{n} venue", "{n} venues", len(venues)),
        ]
    )
