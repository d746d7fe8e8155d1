"""HTTP: where one can go. Everybody may read it, without saying who they are."""

from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter, Response

from server.clock import Now
from server.db import Db
from server.directory.errors import EventNotListed, VenueNotListed
from server.directory.service import calendar_of_event, calendar_of_venue, read_directory
from server.held import NOTHING_CHANGED, Held, answer_unless_held
from server.problems import refusals
from server.said import SaidBefore
from shared.calendar import MEDIA_TYPE, write_calendar
from shared.directory import Directory
from shared.wire import to_json

router = APIRouter(tags=["directory"])

FRESH = "public, max-age=60"
"""So long anything between here and a phone may answer for us."""

SAID_AGAIN = timedelta(seconds=5)
"""So long one process says the same to all who ask."""


class CalendarAnswer(Response):
    """Events as calendars read them."""

    media_type = MEDIA_TYPE


@router.get(
    "/directory",
    response_model=Directory,
    responses=refusals() | NOTHING_CHANGED,
)
def show_directory(db: Db, now: Now, held: Held, said: SaidBefore) -> Response:
    """Read all venues, and their events of the next 90 days, a thousand at most."""

    def tell() -> tuple[str, str]:
        told = read_directory(db, now=now)
        return told.version, to_json(told)

    version, body = said.again("directory", tell, now=now, within=SAID_AGAIN)
    headers = {"Cache-Control": FRESH, "Access-Control-Allow-Origin": "*"}
    return answer_unless_held(held, version, body, headers=headers)


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
