"""Pages of venues and coordinators: messages to followers, or to who lives in the area."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, TypedDict
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session
from starlette.responses import Response

from server.access.models import Role
from server.audit.service import Act, note_act
from server.clock import Now
from server.console.actors import Actor, Only
from server.console.errors import NotHere
from server.console.forms import Form, TypedForm
from server.console.pages import go_to, page
from server.db import Db
from server.feedback.words import said
from server.ids import new_id
from server.message.errors import NewsEmpty, NewsTooLong, TooMuchNews
from server.message.service import list_sent, send_message, withdraw_message
from server.texts import N_

router = APIRouter(prefix="/messages")

AsWriting = Annotated[Actor, Depends(Only(Role.VENUE, Role.COORDINATOR))]

DONE = {
    "sent": N_("The message is sent. Holders read it when they open the app."),
    "withdrawn": N_("The message is withdrawn. Nobody sees it any more."),
}


class Sender(TypedDict, total=False):
    """Who sends: a venue to its followers, an area to who lives there."""

    venue_id: UUID
    area_id: UUID


@router.get("")
def show_messages(request: Request, actor: AsWriting, db: Db, now: Now) -> HTMLResponse:
    """List what was sent, with the form for another."""
    return _messages_page(request, actor, db, now=now)


@router.post("")
def send(request: Request, actor: AsWriting, form: TypedForm, db: Db, now: Now) -> Response:
    """Send a message."""
    message_id = form.id("message_id") or new_id(now)
    words, sender = form.typed.get("words", ""), _sender(actor)
    try:
        new = send_message(db, words, message_id=message_id, now=now, **sender)
    except (NewsEmpty, NewsTooLong, TooMuchNews) as refused:
        form.refuse([refused], {refused.code: "words"})
        return _messages_page(request, actor, db, now=now, form=form)
    if new:
        note_act(db, Act.MESSAGE_SENT, access_id=actor.access_id, subject_id=message_id, now=now)
    return go_to("/messages?done=sent")


@router.post("/{message_id}/withdraw")
def withdraw(actor: AsWriting, message_id: UUID, db: Db, now: Now) -> Response:
    """Take a message back; who has read it has read it."""
    if not withdraw_message(db, message_id, now=now, **_sender(actor)):
        raise NotHere
    note_act(db, Act.MESSAGE_WITHDRAWN, access_id=actor.access_id, subject_id=message_id, now=now)
    return go_to("/messages?done=withdrawn")


def _sender(actor: Actor) -> Sender:
    if actor.role is Role.VENUE:
        return {"venue_id": actor.own_id}
    return {"area_id": actor.own_id}


def _messages_page(
    request: Request, actor: Actor, db: Session, *, now: datetime, form: Form | None = None
) -> HTMLResponse:
    return page(
        request,
        "messages.html",
        status=HTTPStatus.OK if form is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        rows=list_sent(db, **_sender(actor)),
        to_followers=actor.role is Role.VENUE,
        typed={"message_id": str(new_id(now))} if form is None else form.typed,
        errors={} if form is None else form.errors,
        said=said,
        done=DONE.get(request.query_params.get("done", "")),
    )
