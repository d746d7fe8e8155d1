"""The page of what a venue tells those who come: where it is, what to say at the door."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session
from starlette.responses import Response

from server.area.codes import MUNICIPALITIES
from server.area.models import Area
from server.area.service import find_municipality
from server.audit.service import Act, note_act
from server.clock import Now
from server.console.actors import Actor, AsVenue
from server.console.events import read_accessibility, read_languages, ticked_languages
from server.console.forms import Form, TypedForm
from server.console.pages import go_to, page, texts_of
from server.db import Db
from server.directory.visitors import (
    ForVisitors,
    problems_for_visitors,
    tell_visitors,
    told_to_visitors,
)
from server.directory.words import LANGUAGE_NAMES
from server.event.accessibility import ACCESSIBILITY
from server.problems import Problem
from server.texts import N_
from server.venue.models import Venue

router = APIRouter(prefix="/visitors")

GREETINGS = {
    "greeting_fi": N_("What to say at the door, in Finnish"),
    "greeting_sv": N_("What to say at the door, in Swedish"),
    "greeting_en": N_("What to say at the door, in English"),
}


@router.get("")
def show_visitors(request: Request, actor: AsVenue, db: Db) -> HTMLResponse:
    """Show what the venue tells, with the form that changes it."""
    return _visitors_page(request, actor, db)


@router.post("")
def change_visitors(
    request: Request, actor: AsVenue, form: TypedForm, db: Db, now: Now
) -> Response:
    """Tell it from now on; phones hear of it the next time they ask."""
    db.get_one(Venue, actor.own_id, with_for_update=True)
    told = ForVisitors(
        municipality_code=_read_municipality(form),
        street=" ".join(form.text("street").split()),
        getting_there=_lines(form, "getting_there"),
        website=form.choice("website"),
        languages=read_languages(form),
        accessibility=read_accessibility(form),
        **{name: _lines(form, name) for name in GREETINGS},
    )
    for name, problem in problems_for_visitors(told):
        form.errors.setdefault(name, problem)
    if form.errors:
        return _visitors_page(request, actor, db, form=form)
    tell_visitors(db, actor.own_id, told)
    access_id, venue_id = actor.access_id, actor.own_id
    note_act(db, Act.VISITORS_TOLD, access_id=access_id, subject_id=venue_id, now=now)
    return go_to("/visitors?done=1")


def _read_municipality(form: Form) -> str | None:
    if not (typed := form.text("municipality")):
        return None
    try:
        return find_municipality(typed).code
    except Problem as problem:
        form.errors["municipality"] = problem
        return None


def _lines(form: Form, name: str) -> str:
    """Read a text of several lines; a browser sends each break as two characters."""
    return form.text(name).replace("\r\n", "\n")


def _visitors_page(
    request: Request, actor: Actor, db: Session, *, form: Form | None = None
) -> HTMLResponse:
    told = told_to_visitors(db, actor.own_id)
    area = db.get_one(Area, db.get_one(Venue, actor.own_id).area_id)
    language = texts_of(request).language
    town = MUNICIPALITIES.get(told.municipality_code or area.municipality_code)
    as_stored = {
        "municipality": "" if town is None else f"{town.code} {town.name(language)}",
        "street": told.street,
        "getting_there": told.getting_there,
        "website": told.website or "",
        **{name: getattr(told, name) for name in GREETINGS},
        **dict.fromkeys(told.accessibility, "1"),
        **ticked_languages(told.languages),
    }
    return page(
        request,
        "visitors.html",
        status=HTTPStatus.OK if form is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        greetings=GREETINGS,
        accessibility=ACCESSIBILITY,
        language_names=LANGUAGE_NAMES,
        municipalities=MUNICIPALITIES.values(),
        address=f"{request.app.state.settings.base_url}/api/v1/venues/{actor.own_id}/events.ics",
        typed=as_stored if form is None else form.typed,
        errors={} if form is None else form.errors,
        done=bool(request.query_params.get("done")),
    )
