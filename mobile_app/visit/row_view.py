"""One visit as a row of the list, and what is said of it in words."""

from collections.abc import Callable

import flet as ft

from mobile_app.mood.view import mood_line
from mobile_app.ui.notice import paragraph
from mobile_app.ui.row import opening_row
from mobile_app.ui.texts import Texts
from mobile_app.ui.theme import Type
from mobile_app.visit.diary import Entry
from mobile_app.visit.words import company_words, dispute_words, when_words

NOTE_LINES = 2


def visit_row(t: Texts, entry: Entry, open_it: Callable[[str], None]) -> ft.Control:
    """Draw one visit, to be opened by a tap; one that was undone is struck out and says so."""
    return opening_row(entry.name, row_lines(t, entry), open_it)


def row_lines(t: Texts, entry: Entry) -> list[ft.Control]:
    """Give the lines of a row, the most telling first."""
    style = ft.TextStyle(decoration=ft.TextDecoration.LINE_THROUGH) if entry.undone else None
    lines: list[ft.Control] = [ft.Text(entry.place, theme_style=Type.TITLE, style=style)]
    facts = [entry.event, when_words(t, entry), company_words(t, entry)]
    lines += [ft.Text(fact, theme_style=Type.BODY, style=style) for fact in facts if fact]
    if entry.undone:
        lines.append(paragraph(t("Undone: this visit does not count.")))
    if words := dispute_words(t, entry, None):
        lines.append(paragraph(words))
    if entry.own:
        lines.append(paragraph(t("Own entry: not in the register."), quiet=True))
    if entry.note.mood is not None:
        lines.append(mood_line(t, entry.note.mood))
    if entry.note.has_photo:
        lines.append(paragraph(t("With a photo"), quiet=True))
    if entry.note.text:
        lines.append(
            ft.Text(
                entry.note.text,
                theme_style=Type.BODY,
                max_lines=NOTE_LINES,
                overflow=ft.TextOverflow.ELLIPSIS,
            )
        )
    return lines
