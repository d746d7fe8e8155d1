"""The visits screen: months as headings, one row for each visit."""

from itertools import groupby

import flet as ft

from mobile_app.device.api import SIGN_IN_REQUIRED
from mobile_app.ui.context import use_app
from mobile_app.ui.every import use_every
from mobile_app.ui.made import use_made
from mobile_app.ui.notice import Tone, heading, notice, paragraph, screen, wide_button
from mobile_app.ui.texts import HELSINKI, N_, Texts
from mobile_app.ui.theme import CORNER, SPACE_4, SPACE_16, Type
from mobile_app.visit.state import Visits
from shared.scan import Category
from shared.visit import HolderVisit

REFRESH_S = 15
"""How often an open screen asks for news: a visit just made appears while one waits."""

CATEGORY_NAMES = {
    Category.CULTURE: N_("Culture"),
    Category.EDUCATION: N_("Education"),
    Category.SCIENCE: N_("Science"),
    Category.SPORT: N_("Sport"),
}


@ft.component
def VisitsScreen() -> ft.View:
    """Show where the card has been, and keep it fresh while one looks."""
    app = use_app()
    t = app.texts
    visits = use_made(lambda: Visits(app.device))

    async def look() -> None:
        if visits.heard_at is None:
            await visits.load()
        await visits.refresh()

    use_every(REFRESH_S, look)
    return screen("/visits", [heading(t("Visits")), *visits_body(t, visits)])


def visits_body(t: Texts, visits: Visits) -> list[ft.Control]:
    """Lay out the visits; the same visits always give the same picture."""
    body: list[ft.Control] = []
    if visits.offline:
        body.append(notice(t("No connection. These visits were kept on your phone."), live=True))
    elif visits.refusal == SIGN_IN_REQUIRED:
        body.append(notice(t("There is no card on this phone.")))
    elif visits.refusal is not None:
        words = t("The server did not show your visits. Open your card and see what it says.")
        body.append(notice(words, tone=Tone.HEED, live=True))
    if visits.heard_at is not None:
        body.append(paragraph(t("As of {moment}", moment=t.moment(visits.heard_at)), quiet=True))
    if not visits.rows and visits.heard_at is not None:
        body.append(
            paragraph(t("No visits yet. They appear here when a venue has read your card."))
        )
    for _, month in groupby(visits.rows, key=_month):
        rows = list(month)
        body.append(heading(t.month(rows[0].visited_at.astimezone(HELSINKI).date()), level=2))
        body += [visit_row(t, visit) for visit in rows]
    if visits.cursor is not None:
        body.append(wide_button(t("Older visits"), visits.older, busy=visits.busy, main=False))
    words = t("Refreshing…") if visits.busy else t("Refresh")
    body.append(wide_button(words, visits.ask, icon=ft.Icons.REFRESH, busy=visits.busy, main=False))
    return body


def visit_row(t: Texts, visit: HolderVisit) -> ft.Control:
    """Draw one visit; one that was undone is struck out and says so."""
    undone = visit.voided_at is not None
    style = ft.TextStyle(decoration=ft.TextDecoration.LINE_THROUGH) if undone else None
    lines: list[ft.Control] = [
        ft.Text(visit.venue_name, theme_style=Type.TITLE, style=style),
        ft.Text(when_words(t, visit), theme_style=Type.BODY, style=style),
    ]
    if visit.event_name is not None:
        lines.insert(1, ft.Text(visit.event_name, theme_style=Type.BODY, style=style))
    if company := company_words(t, visit):
        lines.append(ft.Text(company, theme_style=Type.BODY, style=style))
    if undone:
        lines.append(paragraph(t("Undone: this visit does not count.")))
    return ft.MergeSemantics(
        ft.Container(
            ft.Column(lines, spacing=SPACE_4, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
            padding=SPACE_16,
            border_radius=CORNER,
            bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
            border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        )
    )


def when_words(t: Texts, visit: HolderVisit) -> str:
    """Say the day, the time and what the visit was for."""
    return f"{t.moment(visit.visited_at)} · {t(CATEGORY_NAMES[visit.category])}"


def company_words(t: Texts, visit: HolderVisit) -> str:
    """Say who came along; nothing when nobody did."""
    words = []
    if visit.children:
        words.append(t.plural("{n} child along", "{n} children along", visit.children))
    if visit.assistant:
        words.append(t("an assistant along"))
    return " · ".join(words)


def _month(visit: HolderVisit) -> tuple[int, int]:
    local = visit.visited_at.astimezone(HELSINKI)
    return local.year, local.month
