"""What is mine: taking it along as files, and deleting it."""

from collections.abc import Awaitable, Callable

import flet as ft

from mobile_app.directory.context import use_places
from mobile_app.feedback.context import use_feedback
from mobile_app.message.context import use_inbox
from mobile_app.mine.files_view import Files
from mobile_app.ui.context import use_app
from mobile_app.ui.every import use_every
from mobile_app.ui.notice import heading, notice, paragraph, question, screen, wide_button
from mobile_app.ui.texts import Texts
from mobile_app.visit.context import use_visits
from mobile_app.wellbeing.context import use_wellbeing

LOOK_EVERY_S = 3_600


@ft.component
def MineScreen() -> ft.View:
    """Offer what is on this phone as files, and the way to be rid of it."""
    app = use_app()
    t = app.texts
    page = ft.context.page
    visits = use_visits()
    wellbeing = use_wellbeing()
    places = use_places()
    feedback, inbox = use_feedback(), use_inbox()
    said, set_said = ft.use_state("")
    asks, set_asks = ft.use_state(initial=False)

    async def wipe() -> None:
        set_asks(False)
        await visits.wipe()
        await wellbeing.wipe()
        await places.wipe()
        await feedback.wipe()
        await inbox.wipe()
        set_said(t("Everything was deleted from this phone."))

    async def look() -> None:
        await visits.load()
        await wellbeing.load()
        await places.load()

    use_every(LOOK_EVERY_S, look)
    ft.use_dialog(_wiping(t, wipe, lambda: set_asks(False)) if asks else None)
    told = [notice(said, live=True)] if said else []
    return screen(
        "/mine",
        [
            heading(t("My own data")),
            paragraph(t("Take along what is on this phone: your visits, notes, moods, answers.")),
            *told,
            Files(),
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
