"""Pages that bring a venue's events from Linked Events: look first, then store."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session
from starlette.responses import Response

from server.audit.service import Act, note_act
from server.clock import Now
from server.console.actors import Actor, AsVenue
from server.console.forms import Form, TypedForm
from server.console.pages import go_to, page
from server.db import Db
from server.event.errors import (
    DocumentEmpty,
    DocumentTooLong,
    DocumentUnreadable,
    EventCategoryNotHere,
)
from server.event.importing import STORED, Asked, Looked, Step, look_at, store
from server.event.linked import only_used, read_document, read_events
from server.problems import Problem
from server.texts import N_
from server.venue.models import Venue
from server.venue.words import CATEGORIES
from shared.scan import Category

router = APIRouter(prefix="/linked-events")

STEPS = {
    Step.ADD: N_("Is added"),
    Step.CHANGE: N_("Is changed"),
    Step.CANCEL: N_("Is marked cancelled"),
    Step.SAME: N_("Is here already, just so"),
    Step.ELSEWHERE: N_("Is somewhere else"),
    Step.OVER: N_("Is over"),
    Step.SERIES: N_("Is a series: its events come one by one"),
    Step.NEVER_KNOWN: N_("Was called off, and never was here"),
    Step.REFUSED: N_("Cannot be taken"),
}
_ACTS = {
    Step.ADD: Act.EVENT_ADDED,
    Step.CHANGE: Act.EVENT_CHANGED,
    Step.CANCEL: Act.EVENT_CHANGED,
}
_BESIDE = {
    "document_unreadable": "file",
    "document_too_long": "file",
    "document_empty": "file",
    "event_category_not_here": "category",
}


@router.get("")
def show_linked(request: Request, actor: AsVenue, db: Db) -> HTMLResponse:
    """Show the form for a document."""
    return _linked_page(request, actor, db)


@router.post("/look")
def look(request: Request, actor: AsVenue, form: TypedForm, db: Db, now: Now) -> HTMLResponse:
    """Look what would become of each event; nothing is stored yet."""
    venue = db.get_one(Venue, actor.own_id)
    content = form.files.get("file", b"").strip() or form.text("document").encode()
    asked = _asked(venue, form, now=now)
    found = _read(form, content)
    if asked is None or form.errors:
        return _linked_page(request, actor, db, form=form)
    looked = look_at(db, asked, read_events(found))
    document = only_used(found)
    return _linked_page(request, actor, db, form=form, looked=looked, document=document)


@router.post("")
def bring(request: Request, actor: AsVenue, form: TypedForm, db: Db, now: Now) -> Response:
    """Store what the page showed; sent twice it is stored once."""
    venue = db.get_one(Venue, actor.own_id, with_for_update=True)
    asked = _asked(venue, form, now=now)
    found = _read(form, form.text("document").encode())
    if asked is None or form.errors:
        return _linked_page(request, actor, db, form=form)
    for step, event in store(db, asked, look_at(db, asked, read_events(found))):
        note_act(db, _ACTS[step], access_id=actor.access_id, subject_id=event.id, now=now)
    return go_to("/events?done=1")


def _asked(venue: Venue, form: Form, *, now: datetime) -> Asked | None:
    category = form.text("category")
    if category not in venue.categories:
        form.refuse([EventCategoryNotHere()], _BESIDE)
        return None
    return Asked(venue, Category(category), form.text("place"), now)


def _read(form: Form, content: bytes) -> list[Mapping[str, Any]]:
    try:
        return read_document(content)
    except (DocumentUnreadable, DocumentTooLong, DocumentEmpty) as refused:
        form.refuse([refused], _BESIDE)
        return []


def _linked_page(  # noqa: PLR0913 - all but the first three by keyword
    request: Request,
    actor: Actor,
    db: Session,
    *,
    form: Form | None = None,
    looked: list[Looked] | None = None,
    document: str = "",
) -> HTMLResponse:
    venue = db.get_one(Venue, actor.own_id)
    errors: dict[str, Problem] = {} if form is None else form.errors
    steps = Counter(one.step for one in looked or ())
    return page(
        request,
        "linked-events.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK,
        categories=CATEGORIES,
        own_categories=[c for c in CATEGORIES if c in venue.categories],
        steps=STEPS,
        counted={step: steps[step] for step in STEPS if steps[step]},
        to_store=sum(steps[step] for step in STORED),
        looked=looked,
        document=document,
        typed={} if form is None else form.typed,
        errors=errors,
    )
