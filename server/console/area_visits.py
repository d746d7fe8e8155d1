"""Pages of a coordinator: what the venues of the area recorded, and undoing it however old."""

from datetime import datetime, timedelta
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session
from starlette.responses import Response

from server.audit.service import Act, note_act
from server.clock import Now, day_of
from server.console.actors import Actor, AsCoordinator
from server.console.errors import NotHere
from server.console.pages import go_to, page
from server.console.visit_filter import ORDERS, REMARKS, AskedVisits, read_asked
from server.db import Db
from server.dispute.service import disputed_of
from server.scan.listing import list_visits_of_area
from server.venue.service import venue_names
from server.venue.words import CATEGORIES
from server.visit.errors import MalformedCursor
from server.voiding.errors import VisitNotFound
from server.voiding.service import void_visit_of_area

router = APIRouter(prefix="/area-visits")

ROWS = 50
VENUES_MOST = 1000
SHOWN_FOR = timedelta(days=30)
"""How far back the list begins unless another day is asked for: what is nearest is looked at."""


@router.get("")
def show_visits(request: Request, actor: AsCoordinator, db: Db, now: Now) -> HTMLResponse:
    """List the visits of the area's venues, newest first, and nothing of the cards."""
    return visits_page(request, actor, db, asked_visits(request, now=now))


def visits_page(request: Request, actor: Actor, db: Session, asked: AskedVisits) -> HTMLResponse:
    """Draw the list, or what of its filters is to be corrected."""
    area_id, wanted = actor.own_id, asked.wanted
    try:
        rows, more = list_visits_of_area(db, area_id, wanted, limit=ROWS, cursor=asked.cursor)
    except MalformedCursor:
        rows, more = list_visits_of_area(db, area_id, wanted, limit=ROWS, cursor=None)
    return page(
        request,
        "area-visits.html",
        orders=ORDERS,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if asked.form.errors else HTTPStatus.OK,
        rows=rows,
        next_cursor=more,
        asked=asked,
        typed=asked.form.typed,
        errors=asked.form.errors,
        venues=venue_names(db, area_id, limit=VENUES_MOST),
        categories=CATEGORIES,
        remarks=REMARKS,
        disputed=disputed_of(db, [row.visit.id for row in rows]),
        done=bool(request.query_params.get("done")),
    )


@router.post("/{visit_id}/undo")
def undo(request: Request, actor: AsCoordinator, visit_id: UUID, db: Db, now: Now) -> Response:
    """Undo a visit of the area, however old (R20), and go back to the same list."""
    undo_visit(db, actor, visit_id, now=now)
    return go_to(f"/area-visits?{asked_visits(request, now=now).query}&done=1")


def undo_visit(db: Session, actor: Actor, visit_id: UUID, *, now: datetime) -> None:
    """Undo a visit of the coordinator's area, and write it down.

    Raises:
        NotHere: Unknown, or another area's: which of them is not told.
    """
    access_id = actor.access_id
    try:
        card_id = void_visit_of_area(db, actor.own_id, visit_id, access_id=access_id, now=now)
    except VisitNotFound:
        raise NotHere from None
    note_act(
        db, Act.VISIT_UNDONE, access_id=access_id, card_id=card_id, subject_id=visit_id, now=now
    )


def asked_visits(request: Request, *, now: datetime) -> AskedVisits:
    """Read the filters; the list begins a month ago unless something else is asked for."""
    return read_asked(request.query_params, since=day_of(now - SHOWN_FOR))
