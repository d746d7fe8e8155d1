"""Figures that a coordinator chooses: some months of the own area, a venue, a category."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from server.audit.service import Act, note_act
from server.clock import Now
from server.console.actors import AsCoordinator
from server.console.area_visits import VENUES_MOST
from server.console.bars import bars_of
from server.console.forms import Form
from server.console.pages import page, texts_of
from server.db import NotedDb
from server.grant.errors import UnknownClass
from server.report.errors import MalformedMonth, VenueNotInArea
from server.report.live.choice import (
    Choice,
    count_chosen,
    problems_of_period,
    read_month,
)
from server.report.live.lines import this_month
from server.report.rollup.upkeep import waiting
from server.venue.service import venue_names
from server.venue.words import CATEGORIES
from shared.scan import Category

router = APIRouter()

_FIELDS = ("first", "last", "venue", "category")
_BESIDE = {"period_ends_too_soon": "last", "period_too_long": "last", "period_to_come": "first"}


@router.get("/figures/chosen")
def show_chosen(request: Request, actor: AsCoordinator, db: NotedDb, now: Now) -> HTMLResponse:
    """Show what was chosen of the own area's figures; the choice is written down."""
    t = texts_of(request)
    venues = venue_names(db, actor.own_id, limit=VENUES_MOST)
    form = _form(request.query_params, now=now)
    choice = _read(form, venues, now=now) if request.query_params else None
    chosen = None if choice is None else count_chosen(db, actor.own_id, choice, now=now)
    if choice is not None:
        named = [None if choice.venue_id is None else venues[choice.venue_id], choice.category]
        detail = ", ".join([f"{choice.first} - {choice.last}", *(one for one in named if one)])
        note_act(db, Act.FIGURES_CHOSEN, access_id=actor.access_id, now=now, detail=detail)
    return page(
        request,
        "chosen.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
        choice=choice,
        chosen=chosen,
        bars=[] if chosen is None else bars_of(t, "months", chosen.months),
        typed=form.typed,
        errors=form.errors,
        venues={str(venue_id): name for venue_id, name in venues.items()},
        categories=CATEGORIES,
        as_of=now,
        behind=waiting(db) > 0,
    )


def _form(query: Mapping[str, str], *, now: datetime) -> Form:
    """Take over what was typed; whoever typed nothing yet begins with this year."""
    year, month = this_month(now).split("-")
    begin = {} if query else {"first": f"1.{year}", "last": f"{int(month)}.{year}"}
    return Form({name: query.get(name, begin.get(name, "")).strip() for name in _FIELDS})


def _read(form: Form, venues: Mapping[UUID, str], *, now: datetime) -> Choice | None:
    """Read a choice; none if something in it is to be corrected, and is beside its field."""
    first, last = (_month(form, name) for name in ("first", "last"))
    if first is not None and last is not None:
        form.refuse(problems_of_period(first, last, now=now), _BESIDE)
    venue_id, category = form.id("venue"), form.text("category")
    if form.text("venue") and venue_id not in venues:
        form.refuse([VenueNotInArea()], {VenueNotInArea.code: "venue"})
    if category and category not in [*Category]:
        form.refuse([UnknownClass()], {UnknownClass.code: "category"})
    if form.errors or first is None or last is None:
        return None
    return Choice(
        first=first, last=last, venue_id=venue_id,
        category=Category(category) if category else None,
    )  # fmt: skip


def _month(form: Form, name: str) -> str | None:
    try:
        return read_month(form.text(name))
    except MalformedMonth as refused:
        form.refuse([refused], {refused.code: name})
        return None
