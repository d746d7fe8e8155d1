"""Telling the venue of a visit how it was: stars with words, and words."""

from uuid import UUID

import flet as ft

from mobile_app.feedback.compose_view import Compose
from mobile_app.feedback.context import use_feedback
from mobile_app.feedback.words import names, who_reads
from mobile_app.ui.choices import long_choices
from mobile_app.ui.context import use_app
from mobile_app.ui.every import use_every
from mobile_app.ui.notice import heading, notice, paragraph, screen, wide_button
from mobile_app.visit.context import use_visits
from mobile_app.visit.words import when_words
from shared.feedback import STARS

LOAD_EVERY_S = 3_600
NO_STARS = "0"


@ft.component
def TellScreen() -> ft.View:
    """Let the holder write about one visit, also without network."""
    t = use_app().texts
    visits, feedback = use_visits(), use_feedback()
    page = ft.context.page
    name = ft.use_route_params().get("name", "")
    stars, set_stars = ft.use_state(NO_STARS)

    async def choose(value: str) -> None:
        set_stars(value)

    async def load() -> None:
        if not visits.entries:
            await visits.load()
        await feedback.load()

    use_every(LOAD_EVERY_S, load)
    entry = visits.entry(name)
    route = f"/visits/{name}/tell"
    if entry is None or not visits.can_be_told(entry):
        return screen(
            route, [heading(t("Tell the venue")), paragraph(t("This visit is not here."))]
        )

    async def send(words: str) -> bool:
        given = None if stars == NO_STARS else int(stars)
        kept = await feedback.tell(UUID(name), entry.place, words, given)
        if kept:
            page.navigate("/messages")
        return kept

    body: list[ft.Control] = [
        heading(t("Tell the venue")),
        paragraph(" · ".join([entry.place, when_words(t, entry)])),
    ]
    thread = feedback.of_visit(name)
    if thread is not None:
        address = f"/messages/{thread.thread_id}"
        body += [
            notice(t("You have written about this visit. What you send joins the conversation.")),
            wide_button(t("Read the conversation"), lambda: page.navigate(address), main=False),
        ]
    body += [
        heading(t("How was it?"), level=2),
        long_choices(stars, [(NO_STARS, t("No stars")), *names(t, STARS)], choose),
        heading(t("In your own words"), level=2),
        paragraph(who_reads(t), quiet=True),
        Compose(f"tell-{name}", t("To the venue"), t("Send to the venue"), send),
    ]
    return screen(route, body)
