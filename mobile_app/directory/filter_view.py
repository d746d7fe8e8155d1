"""What can be looked for: words and chips, the rarer ones folded away."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import flet as ft

from mobile_app.directory.places import Place, Sieve, When
from mobile_app.directory.state import Places
from mobile_app.directory.words import ACCESSIBILITY_NAMES, LANGUAGE_NAMES, WHEN_NAMES, known
from mobile_app.ui.field import field
from mobile_app.ui.notice import paragraph, wide_button
from mobile_app.ui.texts import Texts
from mobile_app.ui.theme import SPACE_8, SPACE_12, SPACE_16, Type
from mobile_app.visit.list_view import EVERYTHING, chooser, option
from mobile_app.visit.words import CATEGORY_NAMES

LookFor = Callable[[Sieve], None]


@ft.component
def Filters(t: Texts, places: Places, sieve: Sieve, look_for: LookFor) -> ft.Control:
    """Draw the search field, the chips that most people use, and the others on demand."""
    opened, set_opened = ft.use_state(initial=False)
    words = t("Fewer filters") if opened else t("More filters")
    body: list[ft.Control] = [
        field(
            "search",
            t("Search"),
            lambda typed: look_for(replace(sieve, words=typed)),
            helper=t("Event, place or municipality"),
            prefix_icon=ft.Icons.SEARCH,
        ),
        group(None, first_chips(t, sieve, look_for)),
        wide_button(words, lambda: set_opened(not opened), icon=ft.Icons.TUNE, main=False),
    ]
    if opened:
        body += more_filters(t, places.places, sieve, look_for)
        body.append(suggestion_switch(t, places))
    clear = Sieve(words=sieve.words)
    if sieve != clear:
        body.append(wide_button(t("Clear the filters"), lambda: look_for(clear), main=False))
    return ft.Column(body, spacing=SPACE_16, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def first_chips(t: Texts, sieve: Sieve, look_for: LookFor) -> list[ft.Control]:
    """Draw when it is, whether there is room, what one likes."""

    def whens(when: When) -> Sieve:
        return replace(sieve, when=None if sieve.when is when else when)

    chips = [
        chip(t(name), sieve.when is when, look_for, whens(when))
        for when, name in WHEN_NAMES.items()
    ]
    free = replace(sieve, free=not sieve.free)
    liked = replace(sieve, favourites=not sieve.favourites)
    return [
        *chips,
        chip(t("Places left"), sieve.free, look_for, free),
        chip(t("Favourites"), sieve.favourites, look_for, liked),
    ]


def more_filters(
    t: Texts, places: Iterable[Place], sieve: Sieve, look_for: LookFor
) -> list[ft.Control]:
    """Draw the filters of which the list has anything."""
    found = list(places)
    drawn = [town_chooser(t, found, sieve, look_for)]

    def kinds() -> Iterable[ft.Control]:
        for kind, name in CATEGORY_NAMES.items():
            wanted = replace(sieve, category=None if sieve.category is kind else kind)
            yield chip(t(name), sieve.category is kind, look_for, wanted)

    def languages() -> Iterable[ft.Control]:
        for tag in known((tag for one in found for tag in one.languages), LANGUAGE_NAMES):
            wanted = replace(sieve, language=None if sieve.language == tag else tag)
            yield chip(t(LANGUAGE_NAMES[tag]), sieve.language == tag, look_for, wanted)

    def accessible() -> Iterable[ft.Control]:
        for code in known((c for one in found for c in one.accessibility), ACCESSIBILITY_NAMES):
            wanted = replace(sieve, accessibility=sieve.accessibility ^ {code})
            on = code in sieve.accessibility
            yield chip(t(ACCESSIBILITY_NAMES[code]), on, look_for, wanted)

    for title, chips in (
        (t("Category"), kinds()),
        (t("Language"), languages()),
        (t("Accessibility"), accessible()),
    ):
        if listed := list(chips):
            drawn.append(group(title, listed))
    return drawn


def town_chooser(t: Texts, places: list[Place], sieve: Sieve, look_for: LookFor) -> ft.Control:
    """Draw the choice of a municipality, of those that have a venue."""
    named = {p.venue.municipality: p.town_name(t.language) for p in places if p.town is not None}
    ordered = sorted(named.items(), key=lambda pair: pair[1].casefold())

    def choose(value: str) -> None:
        look_for(replace(sieve, town=None if value == EVERYTHING else value))

    options = [option(EVERYTHING, t("All")), *[option(code, name) for code, name in ordered]]
    chosen = sieve.town if sieve.town in named else EVERYTHING
    return chooser(t("Municipality"), chosen, options, choose)


def suggestion_switch(t: Texts, places: Places) -> ft.Control:
    """Draw the switch of the weekly suggestion."""

    async def changed(event: ft.Event[ft.Switch]) -> None:
        await places.want_suggestions(wanted=bool(event.control.value))

    words = t("Suggest something once a week until I have used my card")
    return ft.MergeSemantics(
        ft.Row(
            [
                ft.Switch(value=places.choices.suggestions, on_change=changed),
                ft.Text(words, theme_style=Type.BODY, expand=True),
            ],
            spacing=SPACE_8,
        )
    )


def group(title: str | None, chips: list[ft.Control]) -> ft.Control:
    """Draw chips that belong together; they wrap at any text size."""
    row = ft.Row(chips, wrap=True, spacing=SPACE_8, run_spacing=SPACE_8)
    if title is None:
        return row
    return ft.Column([paragraph(title, quiet=True), row], spacing=SPACE_8)


def chip(words: str, chosen: bool, look_for: LookFor, wanted: Sieve) -> ft.Control:  # noqa: FBT001 - its state
    """Draw one thing to look for, or not to."""
    return ft.Chip(
        key=words,
        # A chip would cut its words off at the first line.
        label=ft.Text(words, theme_style=Type.BODY, no_wrap=False, max_lines=4),
        selected=chosen,
        padding=ft.Padding.symmetric(vertical=SPACE_12, horizontal=SPACE_8),  # 48 px to tap
        on_select=lambda: look_for(wanted),
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
        selected_color=ft.Colors.PRIMARY_CONTAINER,
        check_color=ft.Colors.ON_PRIMARY_CONTAINER,
    )
