"""One conversation with a venue: read, answer, report, follow."""

from collections.abc import Callable
from uuid import UUID

import flet as ft

from mobile_app.feedback.compose_view import Compose
from mobile_app.feedback.context import use_feedback
from mobile_app.feedback.words import said, stars_words, who_reads
from mobile_app.message.context import use_inbox
from mobile_app.message.follow_view import Follow
from mobile_app.message.view import boxed, standing, waiting_box
from mobile_app.ui.context import use_app
from mobile_app.ui.every import use_every
from mobile_app.ui.notice import (
    Handler,
    Tone,
    heading,
    notice,
    paragraph,
    question,
    screen,
)
from mobile_app.ui.texts import Texts
from mobile_app.ui.theme import Type
from shared.feedback import Author, FeedbackPost, FeedbackThread

ASK_EVERY_S = 60
"""While somebody looks at a conversation, an answer may come."""


@ft.component
def ThreadScreen() -> ft.View:
    """Show one conversation."""
    t = use_app().texts
    feedback, inbox = use_feedback(), use_inbox()
    name = ft.use_route_params().get("thread", "")
    asked, set_asked = ft.use_state(initial=False)
    reporting, set_reporting = ft.use_state("")
    failed, set_failed = ft.use_state(initial=False)

    async def look() -> None:
        await feedback.load()
        await inbox.load()
        set_asked(True)
        await feedback.refresh()
        found = feedback.thread(name)
        if found is not None:
            await feedback.see(found)

    async def report() -> None:
        set_reporting("")
        set_failed(not await feedback.report(UUID(reporting)))

    use_every(ASK_EVERY_S, look)
    ft.use_dialog(_reporting(t, report, lambda: set_reporting("")) if reporting else None)
    thread = feedback.thread(name)
    route = f"/messages/{name}"
    if thread is None or not asked:
        told = [paragraph(t("This conversation is not here."))] if asked else []
        return screen(route, [heading(t("Messages")), *told])

    async def send(words: str) -> bool:
        return await feedback.reply(thread, words)

    body: list[ft.Control] = [heading(thread.venue_name), *standing(t, feedback, inbox)]
    body += [paragraph(one) for one in stars_words(t, thread.stars)]
    body += [post_box(t, thread, post, set_reporting) for post in thread.posts]
    body += [
        waiting_box(t, feedback, post)
        for post in feedback.waiting
        if thread.thread_id == post.thread_id or thread.visit_id == post.visit_id
    ]
    if failed:
        words = t("This needs a connection. Try again when there is one.")
        body.append(notice(words, tone=Tone.HEED, live=True))
    if thread.closed:
        body.append(notice(t("The coordinator has closed this conversation.")))
    else:
        body += [
            paragraph(who_reads(t), quiet=True),
            Compose(f"reply-{name}", t("Your reply"), t("Send the reply"), send),
        ]
    body += [heading(t("Messages of this venue"), level=2), Follow(thread.venue_id)]
    return screen(route, body)


def post_box(
    t: Texts, thread: FeedbackThread, post: FeedbackPost, report: Callable[[str], None]
) -> ft.Control:
    """Draw one post; a venue's can be reported."""
    mine = post.author is Author.HOLDER
    words = said(t, post.words) or t("Stars without words")
    if post.removed:
        words = t("Removed by the coordinator")
    lines: list[ft.Control] = [
        ft.Text(t("You") if mine else thread.venue_name, theme_style=Type.STRONG),
        paragraph(t.moment(post.posted_at), quiet=True),
        paragraph(words),
    ]
    if post.reported:
        lines.append(paragraph(t("You have reported this. A coordinator looks at it."), quiet=True))
    elif not mine and not post.removed:
        lines.append(
            ft.TextButton(
                content=ft.Text(t("Report abuse")), on_click=lambda: report(str(post.post_id))
            )
        )
    return boxed(lines, key=str(post.post_id))


def _reporting(t: Texts, report: Handler, leave: Callable[[], None]) -> ft.AlertDialog:
    return question(
        t("Report this answer?"),
        t(
            "The coordinator of the venue's area reads it and decides. Neither the coordinator"
            " nor the venue learns who you are."
        ),
        yes=t("Report"),
        no=t("Do not report"),
        on_yes=report,
        on_no=leave,
    )
