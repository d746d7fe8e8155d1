"""One event or venue: when, where, how to get there, what to say at the door."""

from collections.abc import Callable, Iterator

import flet as ft

from mobile_app.card.context import use_card
from mobile_app.directory.context import use_places
from mobile_app.directory.places import Place
from mobile_app.directory.row_view import place_row
from mobile_app.directory.state import Places
from mobile_app.directory.words import (
    ACCESSIBILITY_NAMES,
    LANGUAGE_NAMES,
    calendar_file,
    door_words,
    kind_words,
    known,
    price_words,
    room_words,
    when_words,
    where_words,
)
from mobile_app.message.follow_view import Follow
from mobile_app.ui.context import use_app
from mobile_app.ui.notice import Tone, heading, notice, paragraph, screen, wide_button
from mobile_app.ui.saving import use_saving
from mobile_app.ui.texts import Texts
from mobile_app.ui.theme import Type
from shared.calendar import write_calendar

EVENTS_SHOWN = 10


@ft.component
def PlaceScreen() -> ft.View:
    """Show one place, and what can be done with it."""
    t = use_app().texts
    places = use_places()
    has_card = use_card().held is not None
    page = ft.context.page
    name = str(ft.use_route_params().get("name", ""))
    ft.use_effect(places.load, [])
    place = places.place(name)
    if place is None:
        body: list[ft.Control] = [heading(t("Where to?"))]
        if places.loaded:
            body.append(paragraph(t("This is not in the list any more. Look at the others.")))
            body.append(wide_button(t("To the list"), lambda: page.navigate("/where")))
        return screen(f"/where/{name}", body)

    def open_it(wanted: str) -> None:
        page.navigate(f"/where/{wanted}")

    body = [heading(place.title), *facts(t, place, places)]
    body.append(Acts(t, place, places))
    body += visit_words(t, place, places)
    body += around(t, place, places, open_it)
    if place.event is None and has_card:
        body += [heading(t("Messages of this venue"), level=2), Follow(place.venue.venue_id)]
    return screen(f"/where/{name}", body)


def facts(t: Texts, place: Place, places: Places) -> list[ft.Control]:
    """Say when, where, for whom, and how many places are left, as of when."""
    event = place.event
    drawn: list[ft.Control] = []
    if event is not None:
        if event.cancelled:
            drawn.append(notice(t("This event is cancelled."), tone=Tone.HEED))
        drawn.append(ft.Text(when_words(t, event), theme_style=Type.TITLE))
    where = [where_words(t, place), place.venue.street]
    drawn += [ft.Text(words, theme_style=Type.BODY) for words in where if words]
    drawn.append(paragraph(kind_words(t, place)))
    if event is not None and not event.cancelled:
        if (room := room_words(t, event)) is not None and places.heard_at is not None:
            as_of = t("As of {moment}", moment=t.moment(places.heard_at))
            drawn.append(ft.Text(f"{room} ({as_of})", theme_style=Type.STRONG))
        if (price := price_words(t, event)) is not None:
            drawn.append(ft.Text(price, theme_style=Type.STRONG))
    return drawn


@ft.component
def Acts(t: Texts, place: Place, places: Places) -> ft.Control:
    """Keep it as a favourite, put it into the calendar, read more."""
    saving = use_saving(opens=True)
    liked = place.name in places.choices.favourites

    async def like() -> None:
        await places.toggle_favourite(place.name)

    async def save() -> None:
        if place.event is None:
            return
        words = "\n\n".join(
            part for part in (place.venue.getting_there, door_words(t, place)) if part
        )
        entry = place.event.in_calendar(place.venue, place.town_name(t.language), words=words)
        name = calendar_file(place)
        content = write_calendar([entry], name=place.title, at=places.now())
        await saving.save(name, content)

    drawn = [*saving.told]
    if place.event is not None and not place.event.cancelled:
        drawn.append(wide_button(t("Add to my calendar"), save, icon=ft.Icons.EVENT))
    drawn.append(
        wide_button(
            t("Remove from favourites") if liked else t("Make it a favourite"),
            like,
            icon=ft.Icons.STAR if liked else ft.Icons.STAR_BORDER,
            main=False,
        )
    )
    drawn += [link_button(t, link) for link in links(place)]
    return ft.Column(drawn, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def links(place: Place) -> Iterator[str]:
    """Give where one can read more; a phone is sent to https alone, whatever the server says."""
    told = place.venue.website if place.event is None else place.event.link or place.venue.website
    if told is not None and told.startswith("https://"):
        yield told


def link_button(t: Texts, link: str) -> ft.Control:
    """Draw the way to a web page, which opens beside the app."""
    return ft.OutlinedButton(
        content=ft.Text(t("Read more on the web"), text_align=ft.TextAlign.CENTER),
        icon=ft.Icons.OPEN_IN_NEW,
        url=ft.Url(link, target=ft.UrlTarget.BLANK),
    )


def visit_words(t: Texts, place: Place, places: Places) -> list[ft.Control]:
    """Say what one needs to know before going."""
    venue = place.venue
    drawn: list[ft.Control] = [heading(t("What to say at the door"), level=2)]
    drawn.append(paragraph(door_words(t, place)))
    if venue.getting_there:
        drawn += [heading(t("How to get there"), level=2), paragraph(venue.getting_there)]
    if venue.pilot is not None:
        drawn.append(notice(t("Only cards of {area} are used here.", area=venue.pilot)))
    elif places.pilots:
        areas = ", ".join(places.pilots)
        drawn.append(paragraph(t("Cards of {areas} are used only there.", areas=areas), quiet=True))
    for title, codes, names in (
        (t("Languages"), place.languages, LANGUAGE_NAMES),
        (t("Accessibility"), place.accessibility, ACCESSIBILITY_NAMES),
    ):
        if told := known(codes, names):
            drawn.append(heading(title, level=2))
            drawn.append(paragraph(", ".join(t(names[code]) for code in told)))
    return drawn


def around(
    t: Texts, place: Place, places: Places, open_it: Callable[[str], None]
) -> list[ft.Control]:
    """Lead from an event to its venue, and from a venue to its next events."""
    liked = places.choices.favourites
    if place.event is not None:
        venue = str(place.venue.venue_id)
        words = t("About {venue}", venue=place.venue.name)
        return [wide_button(words, lambda: open_it(venue), main=False)]
    here = [
        one
        for one in places.places
        if one.event is not None and one.venue == place.venue and one.event.ends_at > places.now()
    ]
    if not here:
        return []
    rows = [place_row(t, one, open_it, favourite=one.name in liked) for one in here[:EVENTS_SHOWN]]
    return [heading(t("Events"), level=2), *rows]
