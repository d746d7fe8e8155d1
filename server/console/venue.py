"""Pages of a venue: what it recorded, and its scanners."""

from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session
from starlette.responses import Response

from server.actors import ServerSettings
from server.audit.service import Act, note_act
from server.clock import Now
from server.console.actors import Actor, AsVenue
from server.console.errors import NotHere, ScannerUnnamed
from server.console.forms import Form, TypedForm
from server.console.pages import go_to, page
from server.console.pictures import qr_picture
from server.console.visit_filter import ORDERS, read_asked
from server.db import Db
from server.dispute.service import disputed_of
from server.problems import Problem
from server.scan.listing import list_visits_of_venue
from server.venue.models import Scanner, Venue
from server.venue.service import (
    PAIRING_LIFE,
    draw_pairing_code,
    list_scanners,
    revoke_scanner,
)
from server.venue.words import CATEGORIES
from server.visit.errors import MalformedCursor
from server.voiding.errors import UndoTooLate, VisitNotFound
from server.voiding.service import UNDO_WITHIN, void_visit_of_venue
from shared.token.codes import pairing_link, print_code

router = APIRouter()


ROWS = 50
SCANNER_NAME_MOST = 60


@router.get("/visits")
def show_visits(request: Request, actor: AsVenue, db: Db, now: Now) -> HTMLResponse:
    """List the visits that this venue recorded."""
    return _visits_page(request, actor, db, now=now)


@router.post("/visits/{visit_id}/undo")
def undo_visit(request: Request, actor: AsVenue, visit_id: UUID, db: Db, now: Now) -> Response:
    """Undo a visit within a quarter of an hour (R20)."""
    access_id = actor.access_id
    try:
        venue_id = actor.own_id
        card_id = void_visit_of_venue(db, venue_id, visit_id, access_id=access_id, now=now)
    except (VisitNotFound, UndoTooLate) as refused:
        return _visits_page(request, actor, db, now=now, problem=refused)
    note_act(
        db, Act.VISIT_UNDONE, access_id=access_id, card_id=card_id, subject_id=visit_id, now=now
    )
    return go_to(f"/visits?{read_asked(request.query_params).query}&done=1")


@router.get("/scanners")
def show_scanners(request: Request, actor: AsVenue, db: Db) -> HTMLResponse:
    """List the venue's scanners, with the form for another."""
    return _scanners_page(request, actor, db)


@router.post("/scanners")
def invite_scanner(  # noqa: PLR0913, PLR0917 - dependencies
    request: Request,
    actor: AsVenue,
    form: TypedForm,
    db: Db,
    now: Now,
    settings: ServerSettings,
) -> Response:
    """Show a code that pairs one more scanner, for a quarter of an hour."""
    name = " ".join(form.text("name").split())
    if not 0 < len(name) <= SCANNER_NAME_MOST:
        form.refuse([ScannerUnnamed()], {"scanner_unnamed": "name"})
        return _scanners_page(request, actor, db, form=form)
    venue = db.get_one(Venue, actor.own_id)
    secret = settings.secret
    code = draw_pairing_code(db, venue, scanner_name=name, secret=secret, now=now)
    note_act(db, Act.SCANNER_INVITED, access_id=actor.access_id, now=now)
    return page(
        request,
        "pairing.html",
        name=name,
        code=print_code(code),
        until=now + PAIRING_LIFE,
        picture=qr_picture(pairing_link(settings.base_url, code)),
        address=f"{settings.base_url}/app/",
    )


@router.post("/scanners/{scanner_id}/revoke")
def revoke(actor: AsVenue, scanner_id: UUID, db: Db, now: Now) -> Response:
    """End a scanner's access, at once."""
    scanner = db.get(Scanner, scanner_id, with_for_update=True)
    if scanner is None or scanner.venue_id != actor.own_id:
        raise NotHere
    if scanner.revoked_at is None:
        revoke_scanner(scanner, now=now)
        note_act(db, Act.SCANNER_REVOKED, access_id=actor.access_id, subject_id=scanner_id, now=now)
    return go_to("/scanners?done=1")


def _visits_page(
    request: Request, actor: Actor, db: Session, *, now: datetime, problem: Problem | None = None
) -> HTMLResponse:
    asked = read_asked(request.query_params)
    venue_id, wanted = actor.own_id, asked.wanted
    try:
        rows, more = list_visits_of_venue(db, venue_id, wanted, limit=ROWS, cursor=asked.cursor)
    except MalformedCursor:
        rows, more = list_visits_of_venue(db, venue_id, wanted, limit=ROWS, cursor=None)
    ill = HTTPStatus.UNPROCESSABLE_ENTITY if asked.form.errors else HTTPStatus.OK
    return page(
        request,
        "visits.html",
        orders=ORDERS,
        status=ill if problem is None else problem.status,
        rows=rows,
        next_cursor=more,
        asked=asked,
        typed=asked.form.typed,
        errors=asked.form.errors,
        undo_from=now - UNDO_WITHIN,
        disputed=disputed_of(db, [row.visit.id for row in rows]),
        categories=CATEGORIES,
        problem=problem,
        done=bool(request.query_params.get("done")),
    )


def _scanners_page(
    request: Request, actor: Actor, db: Session, *, form: Form | None = None
) -> HTMLResponse:
    return page(
        request,
        "scanners.html",
        status=HTTPStatus.OK if form is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        scanners=list_scanners(db, actor.own_id),
        typed={} if form is None else form.typed,
        errors={} if form is None else form.errors,
        done=bool(request.query_params.get("done")),
    )
