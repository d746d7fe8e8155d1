"""What is chosen or looked up at a door: purposes, latest visits, matters to look at."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import flet as ft

from mobile_app.scan.purpose import Purpose
from mobile_app.scan.record import DoneVisit
from mobile_app.scan.state import ScannerState
from mobile_app.scan.words import choice_line, matter_line, party_line
from mobile_app.sync.outbox import Matter, MatterKind
from mobile_app.sync.upkeep import Upkeep
from mobile_app.ui.notice import heading, paragraph, wide_button
from mobile_app.ui.texts import Texts
from mobile_app.ui.theme import CORNER, SPACE_8, SPACE_12, Type

MOST_SHOWN = 20


def purpose_choice(
    t: Texts, purposes: Sequence[Purpose], choose: Callable[[Purpose], Awaitable[None]]
) -> list[ft.Control]:
    """Ask what the visits are for."""

    def chosen(purpose: Purpose) -> Callable[[], Awaitable[None]]:
        async def act() -> None:
            await choose(purpose)

        return act

    return [
        heading(t("What are the visits for?")),
        paragraph(t("Choose one. This device remembers it.")),
        *(_choice(t, one, chosen(one)) for one in purposes),
    ]


def _choice(t: Texts, purpose: Purpose, choose: Callable[[], Awaitable[None]]) -> ft.Control:
    words = [choice_line(t, purpose), *places_words(t, purpose)]
    return wide_button(" · ".join(words), choose, main=False)


def places_words(t: Texts, purpose: Purpose) -> list[str]:
    """Say how many places are left, and what the holder pays."""
    event = purpose.event
    if event is None:
        return []
    said = []
    if event.places_left is not None:
        said.append(t.plural("{n} place left", "{n} places left", event.places_left))
    if event.pays_cents:
        euros, cents = divmod(event.pays_cents, 100)
        said.append(t("the holder pays {euros},{cents} €", euros=euros, cents=f"{cents:02}"))
    return said


def latest_visits(t: Texts, state: ScannerState, *, now: datetime) -> list[ft.Control]:
    """Draw the visits of this scanner, newest first; the youngest can be undone."""
    shown = list(state.visits)[:MOST_SHOWN]
    rows = [_visit(t, state, visit, now=now) for visit in shown]
    return [heading(t("Latest visits")), *(rows or [paragraph(t("No visits yet."))])]


def matters(t: Texts, upkeep: Upkeep) -> list[ft.Control]:
    """Draw what did not go as staff saw it."""
    rows = [_matter(t, upkeep, matter) for matter in upkeep.matters]
    return [heading(t("To look at")), *rows]


def _visit(t: Texts, state: ScannerState, visit: DoneVisit, *, now: datetime) -> ft.Control:
    hour = t.hour(visit.report.closed_at)
    words = f"{hour} · {party_line(t, visit.report, community=visit.community)}"
    if visit.undone_at is not None:
        words += f" · {t('Undone')}"

    async def undo() -> None:
        await state.undo(visit.scan_id)

    actions: list[ft.Control] = []
    if visit.can_be_undone(now):
        label = t("Undo the visit at {hour}", hour=hour)
        button = ft.OutlinedButton(content=ft.Text(t("Undo"), semantics_label=label), on_click=undo)
        actions.append(button)
    return _card([ft.Text(words, theme_style=Type.BODY), *actions])


def _matter(t: Texts, upkeep: Upkeep, matter: Matter) -> ft.Control:
    def settle(*, again: bool) -> Callable[[], Awaitable[None]]:
        async def act() -> None:
            await upkeep.settle_matter(matter, again=again)

        return act

    actions: list[ft.Control] = [
        ft.OutlinedButton(content=ft.Text(t("Seen")), on_click=settle(again=False))
    ]
    if matter.kind is MatterKind.REFUSED:
        again = ft.OutlinedButton(content=ft.Text(t("Send again")), on_click=settle(again=True))
        actions.append(again)
    return _card(
        [
            ft.Text(
                t("Visit at {hour}", hour=t.moment(matter.report.closed_at)),
                theme_style=Type.TITLE,
            ),
            ft.Text(party_line(t, matter.report, community=False), theme_style=Type.BODY),
            ft.Text(matter_line(t, matter), theme_style=Type.BODY),
            ft.Row(actions, wrap=True, spacing=SPACE_8, run_spacing=SPACE_8),
        ]
    )


def _card(controls: Sequence[ft.Control]) -> ft.Control:
    return ft.Semantics(
        container=True,
        content=ft.Container(
            bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
            border_radius=CORNER,
            padding=SPACE_12,
            content=ft.Column(list(controls), spacing=SPACE_8),
        ),
    )
