"""Pages of Kaikukeskus: the areas of the network, and the audit log."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from server.access.listing import coordinator_access, coordinators_of
from server.access.models import Access
from server.access.service import problems_of_handle
from server.area.codes import COUNTIES, MUNICIPALITIES
from server.area.mergers import merged_away
from server.area.models import Area
from server.area.service import add_area, list_areas, problems_of_area
from server.audit.service import Act, list_acts, note_act
from server.card.models import Card
from server.clock import Now
from server.console.actors import AsService
from server.console.distributor import read_typed_code
from server.console.errors import NotHere
from server.console.forms import Form, TypedForm
from server.console.inviting import Invitations
from server.console.pages import go_to, page, texts_of
from server.console.words import ACTS
from server.db import Db
from server.texts import Texts

router = APIRouter()


ROWS = 50
_BESIDE = {
    "unknown_municipality": "municipality",
    "incomplete_municipality_code": "municipality",
    "area_taken": "municipality",
    "malformed_postcodes": "postcodes",
    "postcode_taken": "postcodes",
    "malformed_handle": "handle",
    "handle_taken": "handle",
}


@router.get("/areas")
def show_areas(
    request: Request, _actor: AsService, db: Db, after: str = "", county: str = ""
) -> HTMLResponse:
    """List the areas, all or of one wellbeing county, with the form for another."""
    return _areas_page(request, db, after=after, county=county if county in COUNTIES else "")


@router.post("/areas")
def add_an_area(  # noqa: PLR0913, PLR0917 - dependencies
    request: Request,
    actor: AsService,
    form: TypedForm,
    db: Db,
    now: Now,
    invitations: Invitations,
) -> Response:
    """Add an area, and show its coordinator's invitation."""
    municipality = form.text("municipality")
    postcodes = form.text("postcodes").replace(",", " ").split()
    handle = form.text("handle").lower()
    form.refuse(problems_of_area(db, municipality=municipality, postcodes=postcodes), _BESIDE)
    form.refuse(problems_of_handle(db, handle), _BESIDE)
    if form.errors:
        return _areas_page(request, db, form=form)
    area = add_area(db, municipality=municipality, postcodes=postcodes, now=now)
    by, added = actor.access_id, f"{area.municipality_code} {area.name}"
    note_act(db, Act.AREA_ADDED, access_id=by, subject_id=area.id, detail=added, now=now)
    return invitations.give(actor, area, handle=handle, name=area.name)


@router.post("/areas/{access_id}/invite")
def invite_coordinator(
    actor: AsService, access_id: UUID, db: Db, invitations: Invitations
) -> Response:
    """Give a coordinator another invitation; the old password and authenticator end."""
    return invitations.again(actor, _coordinator(db, access_id))


@router.post("/areas/{access_id}/withdraw")
def withdraw_coordinator(
    actor: AsService, access_id: UUID, db: Db, invitations: Invitations
) -> Response:
    """Take a coordinator's access away, at once."""
    invitations.withdraw(actor, _coordinator(db, access_id))
    return go_to("/areas?done=1")


@router.get("/audit")
def show_audit(  # noqa: PLR0913, PLR0917 - dependencies and filters
    request: Request,
    _actor: AsService,
    db: Db,
    handle: str = "",
    code: str = "",
    act: str = "",
    before: UUID | None = None,
) -> HTMLResponse:
    """Search who did what: by location, by card, by act."""
    card_id = None
    if typed_code := read_typed_code(code.strip()):
        card_id = db.scalar(select(Card.id).where(Card.code == typed_code)) or UUID(int=0)
    rows = list_acts(
        db,
        handle=handle.strip(),
        card_id=card_id,
        acts=[Act(act)] if act in ACTS else [],
        before=before,
        limit=ROWS + 1,
    )
    return page(
        request,
        "audit.html",
        typed={"handle": handle, "code": code, "act": act},
        acts=ACTS,
        rows=rows[:ROWS],
        next_before=rows[ROWS - 1].entry.id if len(rows) > ROWS else None,
    )


def _coordinator(db: Session, access_id: UUID) -> Access:
    access = coordinator_access(db, access_id)
    if access is None:
        raise NotHere
    return access


def _areas_page(
    request: Request,
    db: Session,
    *,
    after: str = "",
    county: str = "",
    form: Form | None = None,
) -> HTMLResponse:
    listed = list_areas(db, county_code=county or None, after=after, limit=ROWS + 1)
    t = texts_of(request)
    area_ids = [row.area.id for row in listed[:ROWS]]
    return page(
        request,
        "areas.html",
        status=HTTPStatus.OK if form is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        rows=listed[:ROWS],
        county=county,
        counties={code: one.name(t.language) for code, one in COUNTIES.items()},
        municipalities=MUNICIPALITIES.values(),
        coordinators=coordinators_of(db, area_ids),
        became=_became(db, t, area_ids),
        done=bool(request.query_params.get("done")),
        merged=bool(request.query_params.get("merged")),
        next_after=listed[ROWS - 1].area.municipality_code if len(listed) > ROWS else None,
        typed={} if form is None else form.typed,
        errors={} if form is None else form.errors,
    )


def _became(db: Session, t: Texts, area_ids: list[UUID]) -> dict[UUID, str]:
    """Say of areas that merged away where they went."""
    return {
        former_id: t(
            "part of {place} from {day}",
            place=db.get_one(Area, merger.area_id).name,
            day=t.day(merger.since_on),
        )
        for former_id, merger in merged_away(db, area_ids).items()
    }
