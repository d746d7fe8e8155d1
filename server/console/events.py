"""Pages of a venue's events: dates, courses, places, what one may rely on there."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session
from starlette.responses import Response

from server.audit.service import Act, note_act
from server.clock import Now
from server.console.actors import Actor, AsVenue
from server.console.errors import MalformedMoment, NotHere
from server.console.forms import Form, TypedForm
from server.console.pages import go_to, page
from server.db import Db
from server.directory.words import LANGUAGE_NAMES
from server.event.accessibility import ACCESSIBILITY
from server.event.errors import EventCategoryNotHere, EventHasVisits, PlacesOutOfRange
from server.event.models import Event
from server.event.service import (
    EventFacts,
    add_event,
    change_event,
    facts_of,
    list_events,
    problems_of_event,
)
from server.limit.errors import MalformedAmount
from server.limit.service import holder_pays, limits_at
from server.limit.uses import persons_at
from server.problems import Problem
from server.venue.models import Venue
from server.venue.words import CATEGORIES
from server.visit.service import has_visits
from shared.rules.validity import HELSINKI
from shared.scan import Category

router = APIRouter()

EVENTS_LISTED = 100
PAST_LISTED = 20
_YEARS = range(2000, 3000)
_AMOUNT = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]{2}))?")
_BESIDE = {
    "event_unnamed": "name",
    "event_ends_too_soon": "ends_at",
    "event_too_long": "ends_at",
    "event_category_not_here": "category",
    "places_out_of_range": "places",
    "fee_of_no_course": "fee",
    "malformed_amount": "fee",
    "link_not_safe": "link",
}


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
    places, fee_cents = _read_places(form), read_amount(form, "fee")
    if starts_at is None or ends_at is None or form.errors:
        return _events_page(request, actor, db, now=now, form=form)
    facts = EventFacts(
        name=form.text("name"),
        category=Category(category),
        starts_at=starts_at,
        ends_at=ends_at,
        course=form.is_ticked("course"),
        places=places,
        fee_cents=fee_cents,
        accessibility=read_accessibility(form),
        languages=read_languages(form),
        link=form.choice("link"),
    )
    form.refuse(problems_of_event(venue, facts), _BESIDE)
    if form.errors:
        return _events_page(request, actor, db, now=now, form=form)
    event = add_event(db, venue, facts, now=now)
    note_act(db, Act.EVENT_ADDED, access_id=actor.access_id, subject_id=event.id, now=now)
    return go_to("/events?done=1")


@router.get("/events/{event_id}")
def show_event(request: Request, actor: AsVenue, event_id: UUID, db: Db) -> HTMLResponse:
    """Show one event, with the form that changes what may be changed."""
    return _event_page(request, db, _own_event(db, actor, event_id))


@router.post("/events/{event_id}")
def change_an_event(  # noqa: PLR0913, PLR0917 - dependencies
    request: Request, actor: AsVenue, event_id: UUID, form: TypedForm, db: Db, now: Now
) -> Response:
    """Change name, places, fee and accessibility; when it is stays as people know it."""
    event = _own_event(db, actor, event_id, change=True)
    venue = db.get_one(Venue, actor.own_id)
    facts = replace(
        facts_of(event),
        name=form.text("name"),
        places=_read_places(form),
        fee_cents=read_amount(form, "fee") if event.course else None,
        accessibility=read_accessibility(form),
        languages=read_languages(form),
        link=form.choice("link"),
    )
    form.refuse(problems_of_event(venue, facts), _BESIDE)
    if form.errors:
        return _event_page(request, db, event, form=form)
    change_event(event, venue, facts)
    note_act(db, Act.EVENT_CHANGED, access_id=actor.access_id, subject_id=event.id, now=now)
    return go_to(f"/events/{event.id}?done=1")


@router.post("/events/{event_id}/remove")
def remove_an_event(request: Request, actor: AsVenue, event_id: UUID, db: Db, now: Now) -> Response:
    """Remove an event that nobody has come to."""
    event = _own_event(db, actor, event_id, change=True)
    if has_visits(db, event):
        return _events_page(request, actor, db, now=now, problem=EventHasVisits())
    db.delete(event)
    note_act(db, Act.EVENT_REMOVED, access_id=actor.access_id, subject_id=event_id, now=now)
    return go_to("/events?done=1")


def read_amount(form: Form, name: str) -> int | None:
    """Read euros as people write them: 25 or 25,50; in cents, or None if the field is empty."""
    if not (written := form.text(name)):
        return None
    found = _AMOUNT.fullmatch(written) if written.isascii() else None
    cents = 0 if found is None else int(found[1]) * 100 + int(found[2] or 0)
    if not cents:
        form.refuse([MalformedAmount()], {"malformed_amount": name})
        return None
    return cents


def write_amount(cents: int | None) -> str:
    """Write an amount as `read_amount` reads it, and as people do here: 25,50."""
    if cents is None:
        return ""
    euros, rest = divmod(cents, 100)
    return f"{euros},{rest:02}" if rest else str(euros)


def _read_places(form: Form) -> int | None:
    if not form.text("places"):
        return None
    places = form.number("places")
    if places is None:
        form.refuse([PlacesOutOfRange()], _BESIDE)
    return places


def read_accessibility(form: Form) -> tuple[str, ...]:
    """Read the ticks of what people may rely on."""
    return tuple(code for code in ACCESSIBILITY if form.is_ticked(code))


def read_languages(form: Form) -> tuple[str, ...]:
    """Read the ticks of languages."""
    return tuple(tag for tag in LANGUAGE_NAMES if form.is_ticked(f"in_{tag}"))


def ticked_languages(tags: Iterable[str]) -> dict[str, str]:
    """Give the ticks that `read_languages` reads."""
    return {f"in_{tag}": "1" for tag in tags}


def _read_moment(form: Form, name: str) -> datetime | None:
    """Read what a browser's field of day and time sends: 2027-02-28T18:00, in Helsinki."""
    try:
        moment = datetime.strptime(form.text(name), "%Y-%m-%dT%H:%M").replace(tzinfo=HELSINKI)
    except ValueError:
        moment = None
    if moment is None or moment.year not in _YEARS:
        form.refuse([MalformedMoment()], {"malformed_moment": name})
        return None
    return moment


def _own_event(db: Session, actor: Actor, event_id: UUID, *, change: bool = False) -> Event:
    event = db.get(Event, event_id, with_for_update=True if change else None)
    if event is None or event.venue_id != actor.own_id:
        raise NotHere
    return event


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
    coming = list_events(db, venue.id, now=now, past=False, limit=EVENTS_LISTED)
    return page(
        request,
        "events.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK,
        coming=coming,
        past=list_events(db, venue.id, now=now, past=True, limit=PAST_LISTED),
        taken=persons_at(db, [event.id for event in coming]),
        categories=CATEGORIES,
        accessibility=ACCESSIBILITY,
        language_names=LANGUAGE_NAMES,
        own_categories=[c for c in CATEGORIES if c in venue.categories],
        typed={} if form is None else form.typed,
        errors={} if form is None else form.errors,
        problem=problem,
        done=bool(request.query_params.get("done")),
    )


def _event_page(
    request: Request, db: Session, event: Event, *, form: Form | None = None
) -> HTMLResponse:
    venue = db.get_one(Venue, event.venue_id)
    as_stored = {
        "name": event.name,
        "places": "" if event.places is None else str(event.places),
        "fee": write_amount(event.fee_cents),
        "link": event.link or "",
        **dict.fromkeys(event.accessibility, "1"),
        **ticked_languages(event.languages),
    }
    return page(
        request,
        "event.html",
        status=HTTPStatus.OK if form is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        event=event,
        taken=persons_at(db, [event.id]).get(event.id, 0),
        pays=write_amount(holder_pays(event.fee_cents, event.category, limits_at(db, venue))),
        categories=CATEGORIES,
        accessibility=ACCESSIBILITY,
        language_names=LANGUAGE_NAMES,
        typed=as_stored if form is None else form.typed,
        errors={} if form is None else form.errors,
        done=bool(request.query_params.get("done")),
    )
