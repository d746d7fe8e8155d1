"""What is on the phone, as files to take along."""

import base64

import flet as ft

from mobile_app.directory.context import use_places
from mobile_app.mine.export import as_json, visits_as_csv, wellbeing_as_csv, with_favourites
from mobile_app.ui.context import use_app
from mobile_app.ui.notice import wide_button
from mobile_app.ui.saving import use_saving
from mobile_app.ui.theme import SPACE_16
from mobile_app.visit.context import use_visits
from mobile_app.wellbeing.context import use_wellbeing


@ft.component
def Files() -> ft.Control:
    """Offer the files, and say what became of the last one."""
    app = use_app()
    t = app.texts
    visits, wellbeing, places = use_visits(), use_wellbeing(), use_places()
    saving = use_saving()
    save = saving.save

    async def save_json() -> None:
        at = app.device.clock.now()
        photos = {
            entry.name: base64.b64encode(await visits.photo(entry.name) or b"").decode()
            for entry in visits.entries
            if entry.note.has_photo
        }
        told = as_json(visits.entries, wellbeing.moods, wellbeing.answers, photos, at=at)
        content = with_favourites(told, places.favourites())
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

    return ft.Column(
        [
            *saving.told,
            wide_button(t("Everything to read (PDF)"), save_pdf, main=False),
            wide_button(t("Visits as a table (CSV)"), save_visits, main=False),
            wide_button(t("Wellbeing as a table (CSV)"), save_wellbeing, main=False),
            wide_button(t("Everything for machines (JSON)"), save_json, main=False),
        ],
        spacing=SPACE_16,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
