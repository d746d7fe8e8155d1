"""Writing down a visit that no venue recorded."""

from dataclasses import replace
from datetime import date

import flet as ft

from mobile_app.ui.choices import choices
from mobile_app.ui.context import use_app
from mobile_app.ui.field import field
from mobile_app.ui.notice import heading, paragraph, screen, wide_button
from mobile_app.ui.stays import stays
from mobile_app.ui.texts import Texts
from mobile_app.visit.context import use_visits
from mobile_app.visit.own import CHILDREN_MOST, PLACE_MOST, Draft, Slip, Slips
from mobile_app.visit.words import CATEGORY_NAMES
from shared.scan import Category


@ft.component
def OwnVisitScreen() -> ft.View:
    """Ask for day, place, category and children; every slip stands beside its field."""
    app = use_app()
    t = app.texts
    visits = use_visits()
    page = ft.context.page
    draft, set_draft = ft.use_state(Draft())
    slips, set_slips = ft.use_state(Slips())

    async def choose(value: str) -> None:
        set_draft(lambda old: replace(old, category=Category(value)))

    async def save() -> None:
        found = await visits.add_own(draft)
        set_slips(found)
        if not found.any():
            page.navigate("/visits")

    today = visits.today()
    kinds = [(kind.value, t(name)) for kind, name in CATEGORY_NAMES.items()]
    return screen(
        "/visits/own",
        [
            heading(t("Add a visit of your own")),
            paragraph(
                t(
                    "If a visit was not recorded, write it down here. It is marked as your own, and"
                    " the register does not hear of it."
                )
            ),
            field(
                "own-place",
                t("Place"),
                lambda text: set_draft(lambda old: replace(old, place=text)),
                error=slip_words(t, slips.place, today),
            ),
            field(
                "own-day",
                t("Day"),
                lambda text: set_draft(lambda old: replace(old, day=text)),
                helper=t("Like {day}. Leave it empty for today.", day=t.typed_day(today)),
                error=slip_words(t, slips.day, today),
            ),
            heading(t("Category"), level=2),
            choices(draft.category, kinds, choose),
            field(
                "own-children",
                t("Children along"),
                lambda text: set_draft(lambda old: replace(old, children=text)),
                helper=t("How many? Leave it empty if none came."),
                error=slip_words(t, slips.children, today),
                keyboard_type=ft.KeyboardType.NUMBER,
            ),
            wide_button(t("Save the visit"), save),
            stays(app),
        ],
    )


def slip_words(t: Texts, slip: Slip | None, today: date) -> str | None:
    """Say what to mend, if anything."""
    if slip is None:
        return None
    day = t.typed_day(today)
    return {
        Slip.NO_PLACE: t("Write where you were."),
        Slip.LONG_PLACE: t("Write it shorter: at most {most} characters.", most=PLACE_MOST),
        Slip.NO_DAY: t("Write the day like {day}.", day=day),
        Slip.FUTURE: t("This day is still to come. By this phone today is {day}.", day=day),
        Slip.LONG_AGO: t("The card did not exist yet then. Write a later day."),
        Slip.CHILDREN: t("Write a number from 0 to {most}.", most=CHILDREN_MOST),
    }[slip]
