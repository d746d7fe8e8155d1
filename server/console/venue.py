"""Pages of a venue: what it recorded, its events, its scanners."""

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
from server.console.errors import MalformedMoment, NotHere, ScannerUnnamed
from server.console.forms import Form, TypedForm
from server.console.pages import go_to, page
from server.console.pictures import qr_picture
from server.console.visit_filter import read_asked
from server.db import Db
from server.event.errors import (
    EventCategoryNotHere,
    EventEndsTooSoon,
    EventHasVisits,
    EventTooLong,
    EventUnnamed,
)
from server.event.models import Event
from server.event.service import add_event, list_events
from server.problems import Problem
from server.scan.listing import list_visits_of_venue
from server.texts import N_
from server.venue.models import Scanner, Venue
from server.venue.service import (
    PAIRING_LIFE,
    draw_pairing_code,
    list_scanners,
    revoke_scanner,
)
from server.visit.errors import MalformedCursor
from server.visit.service import has_visits
from server.voiding.errors import UndoTooLate, VisitNotFound
from server.voiding.service import UNDO_WITHIN, void_visit_of_venue
from shared.rules.validity import HELSINKI
from shared.scan import Category
from shared.token.codes import pairing_link, print_code

router = APIRouter()


ROWS = 50
EVENTS_LISTED = 100
SCANNER_NAME_MOST = 60
EVENT_YEARS = range(2000, 3000)
CATEGORIES = {
    Category.CULTURE: N_("Culture"),
    Category.EDUCATION: N_("Education"),
    Category.SCIENCE: N_("Science"),
    Category.SPORT: N_("Sport"),
}
_BESIDE = {
    "event_unnamed": "name",
    "event_ends_too_soon": "ends_at",
    "event_too_long": "ends_at",
    "event_category_not_here": "category",
}


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


@router.get("/events")
def show_events(request: Request, actor: AsVenue, db: Db, now: Now) -> HTMLResponse:
    """List the venue's events, with the form for another."""
    return _events_page(request, actor, db, now=now)


@router.post("/events")
def add_an_event(request: Request, actor: AsVenue, form: TypedForm, db: Db, now: Now) -> Response:
    """Add an event; scanners know it within a minute."""
    venue = db.get_one(Venue, actor.own_id, with_for_update=True)
    starts_at, ends_at = (_read_moment(form, name) for name in ("starts_at", "ends_at"))
    category = form.text("category")
    if category not in CATEGORIES:
        form.refuse([EventCategoryNotHere()], _BESIDE)
    if starts_at is None or ends_at is None or form.errors:
        return _events_page(request, actor, db, now=now, form=form)
    try:
        event = add_event(
            db,
            venue,
            name=form.text("name"),
            category=Category(category),
            starts_at=starts_at,
            ends_at=ends_at,
            now=now,
        )
    except (EventUnnamed, EventEndsTooSoon, EventTooLong, EventCategoryNotHere) as refused:
        form.refuse([refused], _BESIDE)
        return _events_page(request, actor, db, now=now, form=form)
    note_act(db, Act.EVENT_ADDED, access_id=actor.access_id, subject_id=event.id, now=now)
    return go_to("/events?done=1")


@router.post("/events/{event_id}/remove")
def remove_an_event(request: Request, actor: AsVenue, event_id: UUID, db: Db, now: Now) -> Response:
    """Remove an event that nobody has come to."""
    event = db.get(Event, event_id, with_for_update=True)
    if event is None or event.venue_id != actor.own_id:
        raise NotHere
    if has_visits(db, event):
        return _events_page(request, actor, db, now=now, problem=EventHasVisits())
    db.delete(event)
    note_act(db, Act.EVENT_REMOVED, access_id=actor.access_id, subject_id=event_id, now=now)
    return go_to("/events?done=1")


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


def _read_moment(form: Form, name: str) -> datetime | None:
    """Read what a browser's field of day and time sends: 2027-02-28T18:00, in Helsinki."""
    try:
        moment = datetime.strptime(form.text(name), "%Y-%m-%dT%H:%M").replace(tzinfo=HELSINKI)
    except ValueError:
        moment = None
    if moment is None or moment.year not in EVENT_YEARS:
        form.refuse([MalformedMoment()], {"malformed_moment": name})
        return None
    return moment


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
        status=ill if problem is None else problem.status,
        rows=rows,
        next_cursor=more,
        asked=asked,
        typed=asked.form.typed,
        errors=asked.form.errors,
        undo_from=now - UNDO_WITHIN,
        categories=CATEGORIES,
        problem=problem,
        done=bool(request.query_params.get("done")),
    )


def _events_page(  # noqa: PLR0913 - all by keyword
    request: Request,
    actor: Actor,
    db: Session,
    *,
    now: datetime,
    form: Form | None = None,
    problem: Problem | None = None,
) -> HTMLResponse:
    venue = db.get_one(Venue, actor.own_id)
    refused = problem is not None or form is not None
    return page(
        request,
        "events.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK,
        coming=list_events(db, venue.id, now=now, past=False, limit=EVENTS_LISTED),
        past=list_events(db, venue.id, now=now, past=True, limit=20),
        categories=CATEGORIES,
        own_categories=[c for c in CATEGORIES if c in venue.categories],
        typed={} if form is None else form.typed,
        errors={} if form is None else form.errors,
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
