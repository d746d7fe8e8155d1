"""One place as a row of the list."""

from collections.abc import Callable

import flet as ft

from mobile_app.directory.places import Place
from mobile_app.directory.words import kind_words, room_words, when_words, where_words
from mobile_app.ui.row import opening_row
from mobile_app.ui.texts import Texts
from mobile_app.ui.theme import Type


def place_row(
    t: Texts, place: Place, open_it: Callable[[str], None], *, favourite: bool
) -> ft.Control:
    """Draw one place, to be opened by a tap; a cancelled event is struck out and says so."""
    return opening_row(place.name, row_lines(t, place, favourite=favourite), open_it)


def row_lines(t: Texts, place: Place, *, favourite: bool) -> list[ft.Control]:
    """Give the lines of a row, the most telling first."""
    event = place.event
    off = event is not None and event.cancelled
    style = ft.TextStyle(decoration=ft.TextDecoration.LINE_THROUGH) if off else None
    facts = [None if event is None else when_words(t, event), where_words(t, place)]
    facts.append(kind_words(t, place))
    lines: list[ft.Control] = [ft.Text(place.title, theme_style=Type.TITLE, style=style)]
    lines += [ft.Text(fact, theme_style=Type.BODY, style=style) for fact in facts if fact]
    if off:
        lines.append(ft.Text(t("Cancelled"), theme_style=Type.STRONG))
    elif event is not None and (room := room_words(t, event)) is not None:
        lines.append(ft.Text(room, theme_style=Type.STRONG))
    if favourite:
        lines.append(ft.Text(t("Favourite"), theme_style=Type.BODY, color=ft.Colors.SECONDARY))
    return lines
