"""The inbox: what waits to be sent, conversations with venues, messages to many."""

from collections.abc import Callable

import flet as ft

from mobile_app.device.api import SIGN_IN_REQUIRED
from mobile_app.feedback.context import use_feedback
from mobile_app.feedback.outbox import Waiting
from mobile_app.feedback.state import TOO_MANY, Feedback
from mobile_app.feedback.words import said, stars_words, waiting_words
from mobile_app.message.context import use_inbox
from mobile_app.message.state import Inbox
from mobile_app.ui.context import use_app
from mobile_app.ui.every import use_every
from mobile_app.ui.notice import Tone, heading, notice, paragraph, screen, wide_button
from mobile_app.ui.texts import Texts
from mobile_app.ui.theme import CORNER, SPACE_4, SPACE_8, SPACE_16, Type
from shared.feedback import Author, FeedbackThread
from shared.message import SentMessage

ASK_EVERY_S = 900
EXCERPT_LINES = 2
SHOWN_FIRST = 20
"""Rows drawn before somebody asks for more: Flet compares what is drawn with what was."""


@ft.component
def MessagesScreen() -> ft.View:
    """Show everything that was written, newest first, and ask for more while one looks."""
    t = use_app().texts
    feedback, inbox = use_feedback(), use_inbox()
    go = ft.context.page.navigate
    loaded, set_loaded = ft.use_state(initial=False)
    most, set_most = ft.use_state(SHOWN_FIRST)

    async def look() -> None:
        await feedback.load()
        await (inbox.load() if loaded else inbox.open())
        set_loaded(True)
        await ask()

    async def ask() -> None:
        await feedback.refresh()
        await inbox.refresh()
        await inbox.see()

    use_every(ASK_EVERY_S, look)
    body: list[ft.Control] = [heading(t("Messages"))]
    if not loaded:  # what is in memory may be of a card that is gone
        return screen("/messages", body)
    body += standing(t, feedback, inbox)
    body += [waiting_box(t, feedback, post) for post in feedback.waiting]
    if feedback.threads:
        body.append(heading(t("Conversations with venues"), level=2))
        body += [
            thread_row(t, one, new=feedback.is_new(one), go=go) for one in feedback.threads[:most]
        ]
    if inbox.messages:
        body.append(heading(t("From venues and your area"), level=2))
        body += [message_box(t, one, new=inbox.is_new(one)) for one in inbox.messages[:most]]
    if not (feedback.threads or inbox.messages or feedback.waiting):
        body.append(
            paragraph(
                t(
                    "No messages yet. Open one of your visits to write to the venue."
                    " Follow a venue there, and its messages come here."
                )
            )
        )
    if most < max(len(feedback.threads), len(inbox.messages)):
        older = wide_button(
            t("Show older messages"), lambda: set_most(lambda old: old + SHOWN_FIRST), main=False
        )
        body.append(older)
    words = t("Refreshing…") if feedback.busy else t("Refresh")
    body.append(wide_button(words, ask, icon=ft.Icons.REFRESH, busy=feedback.busy, main=False))
    return screen("/messages", body)


def standing(t: Texts, feedback: Feedback, inbox: Inbox) -> list[ft.Control]:
    """Say how old this is, and why it is not newer."""
    told: list[ft.Control] = []
    refusal = feedback.refusal or inbox.refusal
    if feedback.offline or inbox.offline:
        told.append(notice(t("No connection. These messages were kept on your phone."), live=True))
    elif refusal == SIGN_IN_REQUIRED:
        told.append(notice(t("There is no card on this phone.")))
    elif refusal not in {None, TOO_MANY}:
        words = t("The server did not show your messages. Open your card and see what it says.")
        told.append(notice(words, tone=Tone.HEED, live=True))
    if inbox.heard_at is not None:
        told.append(paragraph(t("As of {moment}", moment=t.moment(inbox.heard_at)), quiet=True))
    return told


def waiting_box(t: Texts, feedback: Feedback, post: Waiting) -> ft.Control:
    """Draw what the server has not confirmed, and what can be done with it."""

    async def again() -> None:
        await feedback.send_again(post)

    async def drop() -> None:
        await feedback.drop(post)

    words = waiting_words(t, post, too_many=feedback.refusal == TOO_MANY)
    lines = [
        ft.Text(post.venue_name, theme_style=Type.TITLE),
        *[paragraph(one) for one in stars_words(t, post.stars)],
        *([paragraph(post.words)] if post.words else []),
        notice(words, tone=Tone.CALM if post.refused is None else Tone.HEED, live=True),
    ]
    if post.refused is not None:
        lines.append(wide_button(t("Try to send again"), again, main=False))
        lines.append(wide_button(t("Delete what was not sent"), drop, main=False))
    return boxed(lines, key=str(post.post_id))


def thread_row(
    t: Texts, thread: FeedbackThread, *, new: bool, go: Callable[[str], None]
) -> ft.Control:
    """Draw one conversation, to be opened by a tap."""

    def press() -> None:
        go(f"/messages/{thread.thread_id}")

    lines = [
        *([new_mark(t)] if new else []),
        ft.Text(thread.venue_name, theme_style=Type.TITLE),
        paragraph(t.moment(thread.latest_at), quiet=True),
        *([paragraph(t("Closed by the coordinator"))] if thread.closed else []),
        *last_words(t, thread),
    ]
    return ft.MergeSemantics(
        ft.Semantics(button=True, content=boxed(lines, on_click=press)), key=str(thread.thread_id)
    )


def last_words(t: Texts, thread: FeedbackThread) -> list[ft.Control]:
    """Give the beginning of what was written last, and by whom."""
    if not thread.posts:
        return []
    last = thread.posts[-1]
    words = said(t, last.words) or " ".join(stars_words(t, thread.stars))
    if last.removed:
        words = t("Removed by the coordinator")
    who = t("You") if last.author is Author.HOLDER else thread.venue_name
    return [
        ft.Text(
            f"{who}: {words}",
            theme_style=Type.BODY,
            max_lines=EXCERPT_LINES,
            overflow=ft.TextOverflow.ELLIPSIS,
        )
    ]


def message_box(t: Texts, message: SentMessage, *, new: bool) -> ft.Control:
    """Draw one message to many, whole."""
    return boxed(
        [
            *([new_mark(t)] if new else []),
            ft.Text(message.sender_name, theme_style=Type.TITLE),
            paragraph(t.moment(message.sent_at), quiet=True),
            paragraph(said(t, message.words)),
        ],
        key=str(message.message_id),
    )


def new_mark(t: Texts) -> ft.Control:
    """Draw a dot with its word."""
    return ft.Row(
        [
            ft.Icon(ft.Icons.CIRCLE, size=12, color=ft.Colors.SECONDARY),
            ft.Text(t("New"), theme_style=Type.STRONG),
        ],
        spacing=SPACE_8,
    )


def boxed(
    lines: list[ft.Control], *, key: str | None = None, on_click: Callable[[], None] | None = None
) -> ft.Control:
    """Draw lines in a box of the lists."""
    return ft.Container(
        ft.Column(lines, spacing=SPACE_4, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        key=key,
        padding=SPACE_16,
        border_radius=CORNER,
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        ink=on_click is not None,
        on_click=on_click,
    )
