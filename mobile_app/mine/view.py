"""What is mine: taking it along as files, and deleting it."""

import base64
import logging
from collections.abc import Awaitable, Callable

import flet as ft

from mobile_app.mine.export import as_json, visits_as_csv, wellbeing_as_csv
from mobile_app.ui.context import use_app
from mobile_app.ui.every import use_every
from mobile_app.ui.notice import Tone, heading, notice, paragraph, question, screen, wide_button
from mobile_app.ui.texts import Texts
from mobile_app.visit.context import use_visits
from mobile_app.wellbeing.context import use_wellbeing

LOOK_EVERY_S = 3_600

_log = logging.getLogger(__name__)


@ft.component
def MineScreen() -> ft.View:
    """Offer what is on this phone as files, and the way to be rid of it."""
    app = use_app()
    t = app.texts
    page = ft.context.page
    visits = use_visits()
    wellbeing = use_wellbeing()
    said, set_said = ft.use_state("")
    failed, set_failed = ft.use_state(initial=False)
    asks, set_asks = ft.use_state(initial=False)
    picker = ft.use_memo(ft.FilePicker, [])

    async def look() -> None:
        await visits.load()
        await wellbeing.load()

    async def save(name: str, content: bytes) -> None:
        set_failed(False)
        try:
            await picker.save_file(file_name=name, src_bytes=content)
        except RuntimeError:  # the platform's own words, in its own language
            _log.exception("the file could not be saved")
            set_failed(True)
            set_said(t("The file could not be saved. Look whether the phone has room."))
        else:
            set_said(t("The file {name} was given to your phone.", name=name))

    async def save_json() -> None:
        at = app.device.clock.now()
        photos = {
            entry.name: base64.b64encode(await visits.photo(entry.name) or b"").decode()
            for entry in visits.entries
            if entry.note.has_photo
        }
        content = as_json(visits.entries, wellbeing.moods, wellbeing.answers, photos, at=at)
        await save("kaikukortti.json", content)

    async def save_visits() -> None:
        await save("kaikukortti-visits.csv", visits_as_csv(t, visits.entries))

    async def save_pdf() -> None:
        from mobile_app.mine.booklet import as_pdf  # noqa: PLC0415 - nobody waits for it at a start

        at = app.device.clock.now()
        content = as_pdf(t, visits.entries, wellbeing.moods, wellbeing.answers, at=at)
        await save("kaikukortti.pdf", content)

    async def save_wellbeing() -> None:
        content = wellbeing_as_csv(t, wellbeing.moods, wellbeing.answers)
        await save("kaikukortti-wellbeing.csv", content)

    async def wipe() -> None:
        set_asks(False)
        await visits.wipe()
        await wellbeing.wipe()
        set_failed(False)
        set_said(t("Everything was deleted from this phone."))

    use_every(LOOK_EVERY_S, look)
    ft.use_dialog(_wiping(t, wipe, lambda: set_asks(False)) if asks else None)
    told = [notice(said, tone=Tone.HEED if failed else Tone.CALM, live=True)] if said else []
    return screen(
        "/mine",
        [
            heading(t("My own data")),
            paragraph(t("Take along what is on this phone: your visits, notes, moods, answers.")),
            *told,
            wide_button(t("Everything to read (PDF)"), save_pdf, main=False),
            wide_button(t("Visits as a table (CSV)"), save_visits, main=False),
            wide_button(t("Wellbeing as a table (CSV)"), save_wellbeing, main=False),
            wide_button(t("Everything for machines (JSON)"), save_json, main=False),
            heading(t("In the register"), level=2),
            paragraph(
                t("The register knows your visits and what was asked when you got the card.")
            ),
            wide_button(
                t("What the register knows of me"),
                lambda: page.navigate("/mine/register"),
                main=False,
            ),
            heading(t("Deleting"), level=2),
            paragraph(
                t(
                    "Own entries, notes, moods and answers are gone for good. The card stays, and"
                    " the register's visits come back when you look at them."
                )
            ),
            wide_button(
                t("Delete everything"),
                lambda: set_asks(True),
                icon=ft.Icons.DELETE_OUTLINE,
                main=False,
            ),
        ],
    )


def _wiping(
    t: Texts, wipe: Callable[[], Awaitable[None]], leave: Callable[[], None]
) -> ft.AlertDialog:
    return question(
        t("Delete everything from this phone?"),
        t("What you wrote yourself cannot be brought back. Save it first, if you want to keep it."),
        yes=t("Delete everything"),
        no=t("Keep everything"),
        on_yes=wipe,
        on_no=leave,
    )
