"""HTTP: where one can go. Everybody may read it, without saying who they are."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response

from server.clock import Now
from server.db import Db
from server.directory.errors import EventNotListed, VenueNotListed
from server.directory.service import calendar_of_event, calendar_of_venue, read_directory
from server.problems import refusals
from shared.calendar import MEDIA_TYPE, write_calendar
from shared.directory import Directory
from shared.wire import to_json

router = APIRouter(tags=["directory"])

FRESH = "public, max-age=60"
"""So long anything between here and a phone may answer for us."""

SAID_AGAIN = timedelta(seconds=5)
"""So long one process says the same to all who ask."""

Held = Annotated[str | None, Header(max_length=200)]


class CalendarAnswer(Response):
    """Events as calendars read them."""

    media_type = MEDIA_TYPE


@dataclass(frozen=True, slots=True)
class _Said:
    """The directory as it was told a moment ago.

    Whoever asks just then is told the same: everybody may ask, and a thousand events take a while
    to gather.
    """

    at: datetime
    version: str
    body: str


@router.get(
    "/directory",
    response_model=Directory,
    responses=refusals() | {304: {"description": "Nothing has changed."}},
)
def show_directory(request: Request, db: Db, now: Now, if_none_match: Held = None) -> Response:
    """Read all venues, and their events of the next 90 days, a thousand at most."""
    said: _Said | None = getattr(request.app.state, "directory_said", None)
    if said is None or not said.at <= now < said.at + SAID_AGAIN:
        told = read_directory(db, now=now)
        said = _Said(now, told.version, to_json(told))
        request.app.state.directory_said = said
    held = None if if_none_match is None else if_none_match.removeprefix("W/").strip('"')
    headers = {
        "ETag": f'"{said.version}"',
        "Cache-Control": FRESH,
        "Access-Control-Allow-Origin": "*",
    }
    if said.version == held:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(said.body, media_type="application/json", headers=headers)


@router.get(
    "/events/{event_id}.ics", response_class=CalendarAnswer, responses=refusals(EventNotListed)
)
def give_event(event_id: UUID, db: Db, now: Now) -> Response:
    """Give one event for a calendar (iCalendar)."""
    entry = calendar_of_event(db, event_id)
    return _calendar(write_calendar([entry], name=entry.title, at=now), "tapahtuma.ics")


@router.get(
    "/venues/{venue_id}/events.ics",
    response_class=CalendarAnswer,
    responses=refusals(VenueNotListed),
)
def give_events(venue_id: UUID, db: Db, now: Now) -> Response:
    """Give a venue's events for a calendar, which may subscribe to them (iCalendar)."""
    name, entries = calendar_of_venue(db, venue_id, now=now)
    return _calendar(write_calendar(entries, name=name, at=now), "tapahtumat.ics")


def _calendar(content: bytes, name: str) -> CalendarAnswer:
    headers = {
        "Cache-Control": FRESH,
        "Content-Disposition": f'inline; filename="{name}"',
        "Access-Control-Allow-Origin": "*",
    }
    return CalendarAnswer(content, headers=headers)
