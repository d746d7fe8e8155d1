"""One visit: what is known of it, how it felt, and a note; both stay on the phone."""

from collections.abc import Callable

import flet as ft

from mobile_app.mood.mood import Mood
from mobile_app.mood.view import faces
from mobile_app.ui.context import use_app
from mobile_app.ui.field import field
from mobile_app.ui.notice import (
    Handler,
    Tone,
    heading,
    notice,
    paragraph,
    question,
    screen,
    wide_button,
)
from mobile_app.ui.stays import stays
from mobile_app.ui.texts import Texts
from mobile_app.ui.theme import SPACE_16
from mobile_app.visit.context import use_visits
from mobile_app.visit.diary import Entry
from mobile_app.visit.dispute import Said, can_be_disputed
from mobile_app.visit.own import NOTE_MOST, NOTHING
from mobile_app.visit.photo_view import PhotoField
from mobile_app.visit.words import company_words, dispute_words, when_words


@ft.component
def EntryScreen() -> ft.View:
    """Show one visit and let its holder add to it."""
    app = use_app()
    t = app.texts
    visits = use_visits()
    page = ft.context.page
    name = ft.use_route_params().get("name", "")
    entry = visits.entry(name)
    asks, set_asks = ft.use_state(initial=False)
    doubts, set_doubts = ft.use_state(initial=False)

    async def remove() -> None:
        set_asks(False)
        own = entry is not None and entry.own
        await visits.remove(name)
        if own:
            page.navigate("/visits")

    async def dispute() -> None:
        set_doubts(False)
        await visits.dispute(name)

    ft.use_dialog(_removing(t, entry, remove, set_asks) if asks and entry is not None else None)
    ft.use_dialog(_disputing(t, dispute, set_doubts) if doubts else None)
    route = f"/visits/{name}"
    if entry is None:
        return screen(route, [heading(t("Visits")), paragraph(t("This visit is not here."))])

    async def choose(mood: Mood) -> None:
        felt = None if entry.note.mood is mood else mood
        await visits.choose_mood(name, felt)

    tell = wide_button(
        t("Tell the venue"),
        lambda: page.navigate(f"{route}/tell"),
        icon=ft.Icons.CHAT_BUBBLE_OUTLINE,
        main=False,
    )
    body = [
        *entry_facts(t, entry),
        *([tell] if visits.can_be_told(entry) else []),
        *_said(t, entry, visits.said.get(name)),
        heading(t("How did it feel?"), level=2),
        faces(t, choose, entry.note.mood),
        heading(t("Own note"), level=2),
        NoteField(name, entry.note.text),
        *([PhotoField(name, entry.note.has_photo)] if app.device.album else []),
        stays(app),
    ]
    if can_be_disputed(entry, now=app.device.clock.now()) and name not in visits.said:
        body.append(wide_button(t("This is not my visit"), lambda: set_doubts(True), main=False))
    if entry.own or entry.note != NOTHING:
        words = t("Delete this entry") if entry.own else t("Delete what I added")
        body.append(
            wide_button(words, lambda: set_asks(True), icon=ft.Icons.DELETE_OUTLINE, main=False)
        )
    return screen(route, body)


def entry_facts(t: Texts, entry: Entry) -> list[ft.Control]:
    """Say all that is known of a visit."""
    facts = [entry.event, when_words(t, entry), company_words(t, entry)]
    said: list[ft.Control] = [
        heading(entry.place),
        *[paragraph(fact) for fact in facts if fact],
    ]
    if entry.undone:
        said.append(paragraph(t("Undone: this visit does not count.")))
    if entry.own:
        said.append(notice(t("You wrote this entry yourself. The register does not know of it.")))
    return said


def _said(t: Texts, entry: Entry, said: Said | None) -> list[ft.Control]:
    words = dispute_words(t, entry, said)
    return [notice(words, live=True)] if words else []


@ft.component
def NoteField(name: str, kept: str) -> ft.Control:
    """Write a note; one that is too long is told so and stays in the field."""
    t = use_app().texts
    visits = use_visits()
    typed, set_typed = ft.use_state(kept)
    # Given once only: a drawing that comes while somebody types would put the old words back.
    first, set_first = ft.use_state(kept)
    ft.use_effect(lambda: set_first(""), [])
    saved, set_saved = ft.use_state(initial=False)
    over = len(typed.strip()) - NOTE_MOST
    fault = None
    if over > 0:
        fault = t(
            "The note is too long: at most {most} characters fit. Take {over} away.",
            most=NOTE_MOST,
            over=over,
        )

    def write(text: str) -> None:
        set_typed(text)
        set_saved(False)

    async def save() -> None:
        set_saved(await visits.write_note(name, typed))

    told = [notice(t("The note is kept."), live=True)] if saved else []
    if fault is not None:
        told = [notice(fault, tone=Tone.HEED, live=True)]
    return ft.Column(
        [
            field(
                f"note-{name}",
                t("Note"),
                write,
                kept=first or None,
                lines=3,
            ),
            *told,
            wide_button(t("Save the note"), save, main=False),
        ],
        spacing=SPACE_16,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _disputing(t: Texts, dispute: Handler, set_doubts: Callable[[bool], None]) -> ft.AlertDialog:
    return question(
        t("Is this not your visit?"),
        t(
            "The venue and its coordinator are told, without your name: nobody there knows it."
            " They undo the visit, or say that it happened. You see here what they decide."
        ),
        yes=t("Say that it is not mine"),
        no=t("It is mine"),
        on_yes=dispute,
        on_no=lambda: set_doubts(False),
    )


def _removing(
    t: Texts, entry: Entry, remove: Handler, set_asks: Callable[[bool], None]
) -> ft.AlertDialog:
    title = t("Delete this entry?") if entry.own else t("Delete note, mood and photo?")
    words = t("It cannot be brought back.")
    if not entry.own:
        words = t("The visit itself stays in the register and in this list. {rest}", rest=words)
    return question(
        title,
        words,
        yes=t("Delete"),
        no=t("Keep"),
        on_yes=remove,
        on_no=lambda: set_asks(False),
    )
