"""Pages of limits: a venue's own, and those that a coordinator sets for the whole area."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session
from starlette.responses import Response

from server.access.models import Role
from server.area.models import Area
from server.audit.service import Act, note_act
from server.clock import Now
from server.console.actors import Actor, Only
from server.console.errors import NotHere
from server.console.events import read_amount, write_amount
from server.console.forms import Form, TypedForm
from server.console.pages import go_to, page
from server.db import Db
from server.limit.errors import LimitNotFound, LimitOutOfRange, PeriodMissing
from server.limit.models import Counted, Period, UseLimit
from server.limit.service import (
    categories_of,
    end_limit,
    list_limits,
    problems_of_limit,
    set_limit,
)
from server.texts import N_
from server.venue.models import Venue
from server.venue.words import CATEGORIES
from shared.scan import Category

router = APIRouter()

AsLimiting = Annotated[Actor, Depends(Only(Role.VENUE, Role.COORDINATOR))]

COUNTED = {
    Counted.USES: N_("Uses by one card holder"),
    Counted.PERSONS: N_("Places for card holders and their children together"),
}
PERIODS = {
    Period.DAY: N_("in a day"),
    Period.WEEK: N_("in a week"),
    Period.MONTH: N_("in a month"),
    Period.QUARTER: N_("in a quarter of a year"),
    Period.YEAR: N_("in a calendar year"),
    Period.ACADEMIC_YEAR: N_("in an academic year (from August)"),
    Period.EVER: N_("ever"),
}
_BESIDE = {
    "limit_out_of_range": "most",
    "period_missing": "period",
    "limit_category_not_here": "category",
    "malformed_amount": "covers",
    "covers_no_course": "covers",
}


@router.get("/limits")
def show_limits(request: Request, actor: AsLimiting, db: Db) -> HTMLResponse:
    """List what limits hold here, with the form for another."""
    return _limits_page(request, actor, db)


@router.post("/limits")
def set_a_limit(request: Request, actor: AsLimiting, form: TypedForm, db: Db, now: Now) -> Response:
    """Set a limit; it holds from now on."""
    place = _place(db, actor)
    limit = _read_limit(form)
    if limit is not None:
        form.refuse(problems_of_limit(place, limit), _BESIDE)
    if limit is None or form.errors:
        return _limits_page(request, actor, db, form=form)
    set_limit(db, place, limit, now=now)
    note_act(db, Act.LIMIT_SET, access_id=actor.access_id, subject_id=limit.id, now=now)
    return go_to("/limits?done=1")


@router.post("/limits/{limit_id}/end")
def end_a_limit(actor: AsLimiting, limit_id: UUID, db: Db, now: Now) -> Response:
    """End a limit, at once."""
    try:
        end_limit(db, actor.own_id, limit_id, now=now)
    except LimitNotFound as refused:
        raise NotHere from refused
    note_act(db, Act.LIMIT_ENDED, access_id=actor.access_id, subject_id=limit_id, now=now)
    return go_to("/limits?done=1")


def _read_limit(form: Form) -> UseLimit | None:
    counted, period = form.text("counted") or Counted.USES, form.text("period")
    category = form.choice("category")
    most, covers_cents = form.number("most"), read_amount(form, "covers")
    if most is None:
        form.refuse([LimitOutOfRange()], _BESIDE)
    if period not in PERIODS:
        form.refuse([PeriodMissing()], _BESIDE)
    if form.errors or most is None:
        return None
    return UseLimit(
        counted=Counted(counted) if counted in COUNTED else Counted.USES,
        most=most,
        period=Period(period),
        category=Category(category) if category in CATEGORIES else None,
        courses=form.is_ticked("courses"),
        covers_cents=covers_cents,
    )


def _place(db: Session, actor: Actor) -> Venue | Area:
    if actor.role is Role.VENUE:
        return db.get_one(Venue, actor.own_id)
    return db.get_one(Area, actor.own_id)


def _limits_page(
    request: Request, actor: Actor, db: Session, *, form: Form | None = None
) -> HTMLResponse:
    place = _place(db, actor)
    return page(
        request,
        "limits.html",
        status=HTTPStatus.OK if form is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        own=list_limits(db, place.id),
        of_area=list_limits(db, place.area_id) if isinstance(place, Venue) else [],
        is_venue=isinstance(place, Venue),
        counted=COUNTED,
        periods=PERIODS,
        categories=CATEGORIES,
        choices={one: CATEGORIES[one] for one in categories_of(place)},
        write_amount=write_amount,
        typed={} if form is None else form.typed,
        errors={} if form is None else form.errors,
        done=bool(request.query_params.get("done")),
    )
