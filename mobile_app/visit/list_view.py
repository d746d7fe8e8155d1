"""The list of visits: what is looked for, and a window of rows under headings of months.

Only one window is drawn, however long the list is: thousands of rows would take seconds to send.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby

import flet as ft

from mobile_app.ui.field import field
from mobile_app.ui.notice import heading, paragraph, wide_button
from mobile_app.ui.texts import Texts
from mobile_app.ui.theme import SPACE_16, Type
from mobile_app.visit.diary import Entry, Month, Sieve, months_of, sift
from mobile_app.visit.row_view import visit_row
from mobile_app.visit.words import CATEGORY_NAMES, month_name
from shared.scan import Category

WINDOW = 20
"""Rows drawn at once: Flet compares what is drawn with what was, row by row."""

SHORT = 10
"""A list of so many needs no search."""

EVERYTHING = "all"


@ft.component
def VisitList(t: Texts, entries: Sequence[Entry], open_it: Callable[[str], None]) -> ft.Control:
    """Look through the visits."""
    sieve, set_sieve = ft.use_state(Sieve())
    start, set_start = ft.use_state(0)

    def look_for(wanted: Sieve) -> None:
        set_sieve(wanted)
        set_start(0)

    months = tuple(ft.use_memo(lambda: months_of(entries), [entries]))
    # Made once: a hundred months need not be compared with themselves at every letter typed.
    month_options = ft.use_memo(lambda: options_of_months(t, months), [months, t])
    found = sift(entries, sieve)
    start = min(start, max(0, len(found) - 1))
    body: list[ft.Control] = []
    if len(entries) > SHORT or not sieve.is_open():
        body += sieve_fields(t, sieve, look_for, months=month_options)
        if not sieve.is_open():
            body.append(found_words(t, len(found), len(entries)))
    body += window_of(t, found[start : start + WINDOW], open_it)
    body += turns(t, start=start, total=len(found), turn=set_start)
    return ft.Column(body, spacing=SPACE_16, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def window_of(
    t: Texts, entries: Sequence[Entry], open_it: Callable[[str], None]
) -> list[ft.Control]:
    """Draw rows under the names of their months."""
    drawn: list[ft.Control] = []
    for month, rows in groupby(entries, key=lambda entry: entry.month):
        drawn.append(heading(month_name(t, month), level=2))
        drawn += [visit_row(t, entry, open_it) for entry in rows]
    return drawn


def turns(t: Texts, *, start: int, total: int, turn: Callable[[int], None]) -> list[ft.Control]:
    """Draw the ways to the windows before and after, if there are any."""
    if total <= WINDOW:
        return []
    last = min(start + WINDOW, total)
    place = t("Visits {first} to {last} of {total}", first=start + 1, last=last, total=total)
    ways: list[ft.Control] = [paragraph(place, quiet=True)]
    if last < total:
        ways.append(wide_button(t("Show older ones"), lambda: turn(start + WINDOW), main=False))
    if start:
        newer = max(0, start - WINDOW)
        ways.append(wide_button(t("Show newer ones"), lambda: turn(newer), main=False))
    return ways


def sieve_fields(
    t: Texts, sieve: Sieve, look_for: Callable[[Sieve], None], *, months: list[ft.dropdownm2.Option]
) -> list[ft.Control]:
    """Draw what can be looked for: words, a month, a category."""

    def month(value: str) -> None:
        year, _, number = value.partition("-")
        read = None if value == EVERYTHING else (int(year), int(number))
        look_for(replace(sieve, month=read))

    def category(value: str) -> None:
        read = None if value == EVERYTHING else Category(value)
        look_for(replace(sieve, category=read))

    kinds = [option(kind.value, t(name)) for kind, name in CATEGORY_NAMES.items()]
    chosen = EVERYTHING if sieve.month is None else "{}-{}".format(*sieve.month)
    return [
        field(
            "search",
            t("Search"),
            lambda words: look_for(replace(sieve, words=words)),
            helper=t("Place, event or note"),
            prefix_icon=ft.Icons.SEARCH,
        ),
        chooser(t("Month"), chosen, months, month),
        chooser(
            t("Category"),
            EVERYTHING if sieve.category is None else sieve.category.value,
            [option(EVERYTHING, t("All")), *kinds],
            category,
        ),
    ]


def options_of_months(t: Texts, months: Sequence[Month]) -> list[ft.dropdownm2.Option]:
    """Offer all months together, and each that had visits."""
    each = [option(f"{year}-{number}", month_name(t, (year, number))) for year, number in months]
    return [option(EVERYTHING, t("All")), *each]


def option(key: str, words: str) -> ft.dropdownm2.Option:
    """Draw one thing to choose. Given as text, Flet 1.0.5 would show the key instead."""
    return ft.dropdownm2.Option(key=key, content=ft.Text(words, theme_style=Type.BODY))


def chooser(
    label: str,
    chosen: str,
    options: list[ft.dropdownm2.Option],
    choose: Callable[[str], None],
) -> ft.Control:
    """Draw one choice of many that fits into one line."""

    def changed(event: ft.Event[ft.DropdownM2]) -> None:
        if event.control.value is not None:
            choose(event.control.value)

    return ft.DropdownM2(label=label, value=chosen, options=options, on_change=changed)


def found_words(t: Texts, found: int, total: int) -> ft.Control:
    """Say how many were found, and let a screen reader say it too."""
    if not found:
        words = t("Nothing was found. Look for something else.")
    else:
        words = t("{n} of {total} visits", n=found, total=total)
    return ft.Semantics(live_region=True, content=paragraph(words))
