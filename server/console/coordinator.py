"""Pages of a coordinator: who has access in the own area, and which visits are in conflict."""

from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session
from starlette.responses import Response

from server.access.duties import ask_again
from server.access.listing import access_in_area, list_accesses
from server.access.models import Access, Role
from server.access.service import problems_of_handle
from server.area.models import Area
from server.audit.service import Act, note_act
from server.clock import Now, day_of
from server.conflict.service import list_open_conflicts, settle_conflict
from server.console.actors import Actor, AsCoordinator
from server.console.area_visits import undo_visit
from server.console.errors import CategoryMissing, LocationUnnamed, NotHere
from server.console.forms import Form, TypedForm
from server.console.inviting import Invitations
from server.console.pages import go_to, page
from server.db import Db
from server.distributor.models import Distributor
from server.ids import new_id
from server.scan.quarantine import leave_quarantined, list_quarantined, take_quarantined
from server.texts import N_
from server.venue.models import Venue
from server.venue.service import end_devices
from server.venue.words import CATEGORIES

router = APIRouter()


NAME_MOST = 120
ROWS = 50
KINDS = {Role.DISTRIBUTOR: N_("Distributor"), Role.VENUE: N_("Venue")}
DONE = {
    "withdrawn": N_("The access is withdrawn. Whoever was signed in is signed out."),
    "asked": N_(
        "The location reads the agreement before it goes on, and has 14 days to confirm the"
        " induction."
    ),
}
_BESIDE = {
    "location_unnamed": "name",
    "category_missing": "culture",
    "malformed_handle": "handle",
    "handle_taken": "handle",
}


@router.get("/locations")
def show_locations(
    request: Request, actor: AsCoordinator, db: Db, now: Now, after: str = ""
) -> HTMLResponse:
    """List the area's distributors and venues, with the form for another."""
    return _locations_page(request, actor, db, now=now, after=after)


@router.post("/locations")
def add_location(  # noqa: PLR0913, PLR0917 - dependencies
    request: Request,
    actor: AsCoordinator,
    form: TypedForm,
    db: Db,
    now: Now,
    invitations: Invitations,
) -> Response:
    """Add a distributor or venue, and show its invitation."""
    # Locked, so that the second of two clicks finds the name taken.
    db.get_one(Area, actor.own_id, with_for_update=True)
    name = " ".join(form.text("name").split())
    categories = [category.value for category in CATEGORIES if form.is_ticked(category.value)]
    is_venue = form.text("kind") == Role.VENUE
    handle = form.text("handle").lower()
    if not 0 < len(name) <= NAME_MOST:
        form.refuse([LocationUnnamed()], _BESIDE)
    if is_venue and not categories:
        form.refuse([CategoryMissing()], _BESIDE)
    form.refuse(problems_of_handle(db, handle), _BESIDE)
    if form.errors:
        return _locations_page(request, actor, db, now=now, form=form)
    own = {"id": new_id(now), "area_id": actor.own_id, "name": name}
    place = Venue(**own, categories=categories) if is_venue else Distributor(**own)
    db.add(place)
    db.flush()
    return invitations.give(actor, place, handle=handle, name=name)


@router.post("/locations/{access_id}/invite")
def invite_again(
    actor: AsCoordinator, access_id: UUID, db: Db, invitations: Invitations
) -> Response:
    """Give a location another invitation: its password or authenticator is lost."""
    return invitations.again(actor, _own(db, actor, access_id))


@router.post("/locations/{access_id}/withdraw")
def withdraw(
    actor: AsCoordinator, access_id: UUID, db: Db, now: Now, invitations: Invitations
) -> Response:
    """Take a location's access away, and that of its scanners; at once."""
    access = _own(db, actor, access_id)
    invitations.withdraw(actor, access)
    if access.venue_id is not None:
        end_devices(db, access.venue_id, now=now)
    return go_to("/locations?done=withdrawn")


@router.post("/locations/{access_id}/ask-again")
def ask_location_again(actor: AsCoordinator, access_id: UUID, db: Db, now: Now) -> Response:
    """Ask a location to read the agreement anew and to go through the induction soon."""
    access = _own(db, actor, access_id)
    ask_again(access, now=now)
    note_act(db, Act.DUTIES_ASKED_AGAIN, access_id=actor.access_id, subject_id=access.id, now=now)
    return go_to("/locations?done=asked")


@router.get("/conflicts")
def show_conflicts(
    request: Request, actor: AsCoordinator, db: Db, after: UUID | None = None
) -> HTMLResponse:
    """List the open conflicts of the area's venues, oldest first."""
    found = list_open_conflicts(db, actor.own_id, limit=ROWS + 1, after=after)
    return page(
        request,
        "conflicts.html",
        conflicts=found[:ROWS],
        next_after=found[ROWS - 1].conflict_id if len(found) > ROWS else None,
        done=bool(request.query_params.get("done")),
    )


@router.post("/conflicts/{conflict_id}/settle")
def settle(actor: AsCoordinator, conflict_id: UUID, db: Db, now: Now) -> Response:
    """Let all the visits of a conflict stand; one of them counts."""
    if settle_conflict(db, actor.own_id, conflict_id, now=now):
        note_act(
            db, Act.CONFLICT_SETTLED, access_id=actor.access_id, subject_id=conflict_id, now=now
        )
    return go_to("/conflicts?done=1")


@router.post("/conflicts/visits/{visit_id}/undo")
def undo(actor: AsCoordinator, visit_id: UUID, db: Db, now: Now) -> Response:
    """Undo a visit of the area, however old (R20)."""
    undo_visit(db, actor, visit_id, now=now)
    return go_to("/conflicts?done=1")


@router.get("/quarantine")
def show_quarantine(
    request: Request, actor: AsCoordinator, db: Db, after: UUID | None = None
) -> HTMLResponse:
    """List the scans of the area that came in too late to become visits by themselves."""
    found = list_quarantined(db, actor.own_id, after=after, limit=ROWS + 1)
    return page(
        request,
        "quarantine.html",
        rows=found[:ROWS],
        next_after=found[ROWS - 1].scan.id if len(found) > ROWS else None,
        categories=CATEGORIES,
        done=bool(request.query_params.get("done")),
    )


@router.post("/quarantine/{scan_id}/take")
def take(actor: AsCoordinator, scan_id: UUID, db: Db, now: Now) -> Response:
    """Make a visit of a scan that waits (R22)."""
    card_id = take_quarantined(db, actor.own_id, scan_id, now=now)
    access_id = actor.access_id
    note_act(db, Act.SCAN_TAKEN, access_id=access_id, card_id=card_id, subject_id=scan_id, now=now)
    return go_to("/quarantine?done=1")


@router.post("/quarantine/{scan_id}/leave")
def leave(actor: AsCoordinator, scan_id: UUID, db: Db, now: Now) -> Response:
    """Let a scan that waits make no visit."""
    card_id = leave_quarantined(db, actor.own_id, scan_id)
    access_id = actor.access_id
    note_act(db, Act.SCAN_LEFT, access_id=access_id, card_id=card_id, subject_id=scan_id, now=now)
    return go_to("/quarantine?done=1")


def _own(db: Session, actor: Actor, access_id: UUID) -> Access:
    access = access_in_area(db, actor.own_id, access_id)
    if access is None:
        raise NotHere
    return access


def _locations_page(  # noqa: PLR0913 - all by keyword
    request: Request,
    actor: Actor,
    db: Session,
    *,
    now: datetime,
    after: str = "",
    form: Form | None = None,
) -> HTMLResponse:
    today, overdue = day_of(now), bool(request.query_params.get("overdue"))
    overdue_on = today if overdue else None
    listed = list_accesses(db, actor.own_id, overdue_on=overdue_on, after=after, limit=ROWS + 1)
    return page(
        request,
        "locations.html",
        status=HTTPStatus.OK if form is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        rows=listed[:ROWS],
        next_after=listed[ROWS - 1].access.handle if len(listed) > ROWS else None,
        kinds=KINDS,
        categories=CATEGORIES,
        typed={} if form is None else form.typed,
        errors={} if form is None else form.errors,
        today=today,
        overdue=overdue,
        done=DONE.get(request.query_params.get("done", "")),
    )
