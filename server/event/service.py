"""Events: add them, tell scanners about them, find the ones that reports name."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.event.errors import (
    EventCategoryNotHere,
    EventEndsTooSoon,
    EventTooLong,
    EventUnnamed,
)
from server.event.models import Event
from server.ids import new_id
from server.venue.models import Venue
from shared.event import DOORS_CLOSE_AFTER, VenueEvent
from shared.scan import Category

TOLD_AHEAD = timedelta(days=8)
"""A scanner that was without network for a week still knows today's events."""
TOLD_MOST = 50
NAME_MOST = 120
LASTS_MOST = timedelta(days=7)


def add_event(  # noqa: PLR0913 - all by keyword
    db: Session,
    venue: Venue,
    *,
    name: str,
    category: Category,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
) -> Event:
    """Add an event of *venue*; its scanners hear of it at their next refresh.

    Raises:
        EventUnnamed, EventEndsTooSoon, EventTooLong, EventCategoryNotHere.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= NAME_MOST:
        raise EventUnnamed
    if ends_at <= starts_at:
        raise EventEndsTooSoon
    if ends_at - starts_at > LASTS_MOST:
        raise EventTooLong
    if category not in venue.categories:
        raise EventCategoryNotHere
    event = Event(
        id=new_id(now),
        venue_id=venue.id,
        name=name,
        category=category,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    db.add(event)
    return event


def list_events(
    db: Session, venue_id: UUID, *, now: datetime, past: bool, limit: int
) -> list[Event]:
    """List a venue's events: those to come, the soonest first, or the past ones, latest first."""
    order = (Event.starts_at.desc(), Event.id) if past else (Event.starts_at, Event.id)
    wanted = Event.ends_at <= now if past else Event.ends_at > now
    listed = select(Event).where(Event.venue_id == venue_id, wanted).order_by(*order).limit(limit)
    return list(db.scalars(listed))


def events_for_scanners(db: Session, venue_id: UUID, *, now: datetime) -> list[VenueEvent]:
    """List a venue's events of now and the next days, the soonest first, 50 at most."""
    soonest_first = (
        select(Event)
        .where(
            Event.venue_id == venue_id,
            Event.ends_at > now - DOORS_CLOSE_AFTER,
            Event.starts_at < now + TOLD_AHEAD,
        )
        .order_by(Event.starts_at, Event.id)
        .limit(TOLD_MOST)
    )
    return [_told(event) for event in db.scalars(soonest_first)]


def events_named(
    db: Session, venue_id: UUID, event_ids: Collection[UUID]
) -> dict[UUID, VenueEvent]:
    """Find the events of this venue among those that its scanners named."""
    if not event_ids:
        return {}
    named = select(Event).where(Event.id.in_(event_ids), Event.venue_id == venue_id)
    return {event.id: _told(event) for event in db.scalars(named)}


def _told(event: Event) -> VenueEvent:
    return VenueEvent(
        event_id=event.id,
        name=event.name,
        category=event.category,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
    )
