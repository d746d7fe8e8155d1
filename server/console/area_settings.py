"""The page of a coordinator's area: what it settles for itself."""

from datetime import datetime
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session
from starlette.responses import Response

from server.area.codes import COUNTIES
from server.area.errors import ChildrenAgeOutOfRange
from server.area.models import Area
from server.area.rules import national_children_age, set_children_age, set_local_only
from server.audit.service import Act, list_acts, note_act
from server.clock import Now
from server.console.actors import Actor, AsCoordinator
from server.console.forms import Form, TypedForm
from server.console.pages import go_to, page
from server.console.words import ACTS
from server.db import Db

router = APIRouter(prefix="/area")

ROWS = 10
CHANGES = (Act.AREA_AGE_SET, Act.PILOT_BEGUN, Act.PILOT_ENDED)
_BESIDE = {"children_age_out_of_range": "children_age"}


@router.get("")
def show_area(request: Request, actor: AsCoordinator, db: Db, done: str = "") -> HTMLResponse:
    """Show what the area settles, with the form that changes it."""
    return _area_page(request, db, db.get_one(Area, actor.own_id), done=bool(done))


@router.post("")
def change_area(
    request: Request, actor: AsCoordinator, form: TypedForm, db: Db, now: Now
) -> Response:
    """Settle the children's age and whether the area is a local-only pilot (R8, R15)."""
    area = db.get_one(Area, actor.own_id, with_for_update=True)
    before, was_local = area.children_age, area.local_only_since_at is not None
    age = form.number("children_age")
    try:
        set_children_age(area, -1 if age is None and form.text("children_age") else age)
    except ChildrenAgeOutOfRange as refused:
        form.refuse([refused], _BESIDE)
        return _area_page(request, db, area, form=form)
    local_only = form.is_ticked("local_only")
    set_local_only(area, local_only=local_only, now=now)
    if age != before:
        national = f"({national_children_age(db)})"
        _note(db, actor, Act.AREA_AGE_SET, f"{before or national} → {age or national}", now=now)
    if local_only != was_local:
        _note(db, actor, Act.PILOT_BEGUN if local_only else Act.PILOT_ENDED, None, now=now)
    return go_to("/area?done=1")


def _note(db: Session, actor: Actor, act: Act, detail: str | None, *, now: datetime) -> None:
    access_id, area_id = actor.access_id, actor.own_id
    note_act(db, act, access_id=access_id, subject_id=area_id, detail=detail, now=now)


def _area_page(
    request: Request, db: Session, area: Area, *, form: Form | None = None, done: bool = False
) -> HTMLResponse:
    told = {
        "children_age": str(area.children_age or ""),
        "local_only": "1" if area.local_only_since_at is not None else "",
    }
    return page(
        request,
        "area.html",
        status=HTTPStatus.OK if form is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        area=area,
        county=COUNTIES.get(area.county_code or ""),
        national_age=national_children_age(db),
        changes=list_acts(db, subject_id=area.id, acts=CHANGES, limit=ROWS),
        acts=ACTS,
        typed=told if form is None else form.typed,
        errors={} if form is None else form.errors,
        done=done,
    )
