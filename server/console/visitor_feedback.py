"""Pages of a venue: what holders told it, under a pseudonym, and its answers (R30)."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session
from starlette.responses import Response

from server.actors import ServerSettings
from server.audit.service import Act, note_act
from server.clock import Now
from server.console.actors import Actor, AsVenue
from server.console.errors import NotHere
from server.console.forms import Form, TypedForm
from server.console.pages import go_to, page
from server.db import Db
from server.feedback.desk import answer_thread, report_to_coordinator
from server.feedback.errors import (
    FeedbackEmpty,
    FeedbackTooLong,
    PostUnknown,
    ThreadClosed,
    ThreadUnknown,
    TooManyPosts,
)
from server.feedback.listing import list_threads_of_venue, stars_of_venue, thread_of_venue
from server.feedback.words import said
from server.ids import new_id
from server.texts import N_
from server.visit.errors import MalformedCursor

router = APIRouter(prefix="/visitor-feedback")

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
"""Which post of its thread."""

ROWS = 50
EXCERPT = 160
SHOWN = {"": N_("All"), "open": N_("Needs an answer"), "answered": N_("Has an answer")}
_UNANSWERED = {"open": True, "answered": False}
DONE = {
    "answered": N_("The answer is sent. The holder reads it when the app is open."),
    "reported": N_("The coordinator of your area looks at it."),
}


@router.get("")
def show_threads(  # noqa: PLR0913, PLR0917 - dependencies
    request: Request,
    actor: AsVenue,
    db: Db,
    settings: ServerSettings,
    show: str = "",
    cursor: str | None = None,
) -> HTMLResponse:
    """List what holders told this venue, the last written in first."""
    try:
        rows, more = list_threads_of_venue(
            db,
            actor.own_id,
            secret=settings.secret,
            limit=ROWS,
            unanswered=_UNANSWERED.get(show),
            cursor=cursor,
        )
    except MalformedCursor:
        raise NotHere from None
    return page(
        request,
        "visitor-feedback.html",
        rows=rows,
        next_cursor=more,
        shown=SHOWN,
        show=show if show in SHOWN else "",
        stars=stars_of_venue(db, actor.own_id),
        excerpt=EXCERPT,
        said=said,
    )


@router.get("/{thread_id}")
def show_thread(  # noqa: PLR0913, PLR0917 - dependencies
    request: Request, actor: AsVenue, thread_id: UUID, db: Db, now: Now, settings: ServerSettings
) -> HTMLResponse:
    """Show one thread, with the form for an answer."""
    form = Form({"post_id": str(new_id(now))})
    return _thread_page(request, actor, db, thread_id, secret=settings.secret, form=form)


@router.post("/{thread_id}/answer")
def answer(  # noqa: PLR0913, PLR0917 - dependencies
    request: Request,
    actor: AsVenue,
    thread_id: UUID,
    form: TypedForm,
    db: Db,
    now: Now,
    settings: ServerSettings,
) -> Response:
    """Answer a holder."""
    post_id = form.id("post_id") or new_id(now)
    words = form.typed.get("words", "")
    try:
        new = answer_thread(db, actor.own_id, thread_id, words, post_id=post_id, now=now)
    except ThreadUnknown:
        raise NotHere from None
    except (FeedbackEmpty, FeedbackTooLong, ThreadClosed, TooManyPosts) as refused:
        form.refuse([refused], {refused.code: "words"})
        return _thread_page(request, actor, db, thread_id, secret=settings.secret, form=form)
    if new:
        note_act(db, Act.VISITOR_ANSWERED, access_id=actor.access_id, subject_id=thread_id, now=now)
    return go_to(f"/visitor-feedback/{thread_id}?done=answered")


@router.post("/{thread_id}/posts/{number}/report")
def report(actor: AsVenue, thread_id: UUID, number: Number, db: Db, now: Now) -> Response:
    """Let the coordinator look at what a holder wrote."""
    try:
        report_to_coordinator(db, actor.own_id, thread_id, number, now=now)
    except PostUnknown:
        raise NotHere from None
    note_act(db, Act.POST_REPORTED, access_id=actor.access_id, subject_id=thread_id, now=now)
    return go_to(f"/visitor-feedback/{thread_id}?done=reported")


def _thread_page(  # noqa: PLR0913 - what a page needs
    request: Request, actor: Actor, db: Session, thread_id: UUID, *, secret: bytes, form: Form
) -> HTMLResponse:
    row = thread_of_venue(db, actor.own_id, thread_id, secret=secret)
    if row is None:
        raise NotHere
    return page(
        request,
        "visitor-thread.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
        row=row,
        typed=form.typed,
        errors=form.errors,
        said=said,
        done=DONE.get(request.query_params.get("done", "")),
    )
