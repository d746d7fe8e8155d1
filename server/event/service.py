"""Events: add them, tell scanners about them, find the ones that reports name."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.event.accessibility import ACCESSIBILITY
from server.event.errors import (
    EventCategoryNotHere,
    EventEndsTooSoon,
    EventTooLong,
    EventUnnamed,
    FeeOfNoCourse,
    LinkNotSafe,
    PlacesOutOfRange,
    UnknownAccessibility,
)
from server.event.links import is_safe_link
from server.event.models import Event
from server.ids import new_id
from server.problems import Problem
from server.venue.models import Venue
from shared.event import DOORS_CLOSE_AFTER, VenueEvent
from shared.scan import Category

T = TypeVar("T", "EventFacts", VenueEvent)

TOLD_AHEAD = timedelta(days=8)
"""A scanner that was without network for a week still knows today's events."""
TOLD_MOST = 50
NAME_MOST = 120
LASTS_MOST = timedelta(days=7)
COURSE_MOST = timedelta(days=366)
"""A course is taken once, however often it meets."""
PLACES_MOST = 9999


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What a venue says of an event, as it was asked for.

    `places` and `fee_cents` are None when it has none; only a course has a fee to speak of.
    """

    name: str
    category: Category
    starts_at: datetime
    ends_at: datetime
    course: bool = False
    places: int | None = None
    fee_cents: int | None = None
    accessibility: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    link: str | None = None


def add_event(db: Session, venue: Venue, facts: EventFacts, *, now: datetime) -> Event:
    """Add an event of *venue*; its scanners hear of it at their next refresh.

    Raises:
        EventUnnamed, EventEndsTooSoon, EventTooLong, EventCategoryNotHere, PlacesOutOfRange,
        FeeOfNoCourse, UnknownAccessibility, LinkNotSafe.
    """
    for problem in problems_of_event(venue, facts):
        raise problem
    event = Event(
        id=new_id(now),
        venue_id=venue.id,
        name=one_line(facts.name),
        category=facts.category,
        starts_at=facts.starts_at,
        ends_at=facts.ends_at,
        course=facts.course,
        places=facts.places,
        fee_cents=facts.fee_cents,
        accessibility=list(facts.accessibility),
        languages=list(facts.languages),
        link=facts.link,
    )
    db.add(event)
    return event


def change_event(event: Event, venue: Venue, facts: EventFacts) -> None:
    """Say something else of an event; when it is and what it is for stays as people know it.

    Raises:
        EventUnnamed, PlacesOutOfRange, FeeOfNoCourse, UnknownAccessibility, LinkNotSafe.
    """
    for problem in problems_of_event(venue, facts):
        raise problem
    event.name, event.places = one_line(facts.name), facts.places
    event.fee_cents, event.accessibility = facts.fee_cents, list(facts.accessibility)
    event.languages, event.link = list(facts.languages), facts.link


def facts_of(event: Event) -> EventFacts:
    """Give what a venue says of an event now."""
    lists = {"accessibility": tuple(event.accessibility), "languages": tuple(event.languages)}
    return told_as(EventFacts, event, **lists)


def problems_of_event(venue: Venue, facts: EventFacts) -> Iterator[Problem]:
    """Give everything that stands in the way of an event, for a form to tell all at once."""
    if not 0 < len(one_line(facts.name)) <= NAME_MOST:
        yield EventUnnamed()
    if facts.ends_at <= facts.starts_at:
        yield EventEndsTooSoon()
    elif facts.ends_at - facts.starts_at > (COURSE_MOST if facts.course else LASTS_MOST):
        yield EventTooLong()
    if facts.category not in venue.categories:
        yield EventCategoryNotHere()
    if facts.places is not None and not 0 <= facts.places <= PLACES_MOST:
        yield PlacesOutOfRange()
    if facts.fee_cents is not None and not facts.course:
        yield FeeOfNoCourse()
    if not set(facts.accessibility) <= ACCESSIBILITY.keys():
        yield UnknownAccessibility()
    if facts.link is not None and not is_safe_link(facts.link):
        yield LinkNotSafe()


def one_line(name: str) -> str:
    """Write a name without breaks and doubled spaces."""
    return " ".join(name.split())


def list_events(
    db: Session, venue_id: UUID, *, now: datetime, past: bool, limit: int
) -> list[Event]:
    """List a venue's events: those to come, the soonest first, or the past ones, latest first."""
    order = (Event.starts_at.desc(), Event.id) if past else (Event.starts_at, Event.id)
    wanted = Event.ends_at <= now if past else Event.ends_at > now
    listed = select(Event).where(Event.venue_id == venue_id, wanted).order_by(*order).limit(limit)
    return list(db.scalars(listed))


def events_for_scanners(db: Session, venue_id: UUID, *, now: datetime) -> list[VenueEvent]:
    """List a venue's events of now and the next days, the soonest first, 50 at most.

    Nobody comes to one that was cancelled, so no door is told of it.
    """
    soonest_first = (
        select(Event)
        .where(
            Event.venue_id == venue_id,
            Event.cancelled_at.is_(None),
            Event.ends_at > now - DOORS_CLOSE_AFTER,
            Event.starts_at < now + TOLD_AHEAD,
        )
        .order_by(Event.starts_at, Event.id)
        .limit(TOLD_MOST)
    )
    return [told_as(VenueEvent, event, event_id=event.id) for event in db.scalars(soonest_first)]


def events_named(
    db: Session, venue_id: UUID, event_ids: Collection[UUID]
) -> dict[UUID, VenueEvent]:
    """Find the events of this venue among those that its scanners named."""
    if not event_ids:
        return {}
    named = select(Event).where(Event.id.in_(event_ids), Event.venue_id == venue_id)
    return {event.id: told_as(VenueEvent, event, event_id=event.id) for event in db.scalars(named)}


def told_as(kind: type[T], event: Event, **over: Any) -> T:
    """Give *event* as a dataclass: its fields are filled from the columns of the same names."""
    columns = Event.__table__.columns.keys() - over.keys()
    known = {one.name: getattr(event, one.name) for one in fields(kind) if one.name in columns}
    return kind(**known, **over)
