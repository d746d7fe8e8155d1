"""The directory: all venues that admit holders, and their events, as anybody may read them."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.orm import Session

from server.access.models import Access
from server.area.codes import MUNICIPALITIES
from server.area.models import Area
from server.directory.errors import EventNotListed, VenueNotListed
from server.directory.models import VisitorFacts
from server.event.models import Event
from server.limit.service import holder_pays, limits_at
from server.limit.uses import persons_at, places_left
from server.venue.models import Venue
from shared.calendar import CalendarEntry
from shared.directory import Directory, ListedEvent, ListedMunicipality, ListedVenue
from shared.scan import Category
from shared.wire import to_json

LOOKS_AHEAD = timedelta(days=90)
EVENTS_MOST = 1000
VENUES_MOST = 2000
EVENTS_OF_ONE_MOST = 300
"""In the calendar of one venue."""

Found = Row[Venue, Area, VisitorFacts]
"""A venue that tells its visitors nothing has no facts."""


def read_directory(db: Session, *, now: datetime) -> Directory:
    """Give all that is listed now."""
    found = db.execute(_venues().order_by(Venue.name, Venue.id).limit(VENUES_MOST)).all()
    venues = {row.Venue.id: _told_venue(row) for row in found}
    until = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + LOOKS_AHEAD
    coming = _coming(until, now=now).limit(EVENTS_MOST + 1)
    events = [event for event in db.scalars(coming) if event.venue_id in venues]
    if len(events) > EVENTS_MOST:
        until = events[EVENTS_MOST].starts_at
        events = events[:EVENTS_MOST]
    said = Directory(
        version="",
        server_time=until,  # whoever asks when: the same is said until something changes
        complete_until=until,
        municipalities=_municipalities({venue.municipality for venue in venues.values()}),
        venues=list(venues.values()),
        events=_told_events(db, events, [row.Venue for row in found]),
        pilots=_pilots(db),
    )
    version = hashlib.sha256(to_json(said).encode()).hexdigest()[:32]
    return replace(said, version=version, server_time=now)


def calendar_of_event(db: Session, event_id: UUID) -> CalendarEntry:
    """Give one event as a calendar keeps it.

    Raises:
        EventNotListed.
    """
    event = db.get(Event, event_id)
    row = None if event is None else db.execute(_venues().where(Venue.id == event.venue_id)).first()
    if event is None or row is None:
        raise EventNotListed
    [told] = _told_events(db, [event], [row.Venue])
    return _in_calendar(told, _told_venue(row))


def calendar_of_venue(
    db: Session, venue_id: UUID, *, now: datetime
) -> tuple[str, list[CalendarEntry]]:
    """Give the name of a venue and its events to come.

    Raises:
        VenueNotListed.
    """
    row = db.execute(_venues().where(Venue.id == venue_id)).first()
    if row is None:
        raise VenueNotListed
    coming = _coming(now + LOOKS_AHEAD, now=now).where(Event.venue_id == venue_id)
    events = list(db.scalars(coming.limit(EVENTS_OF_ONE_MOST)))
    venue = _told_venue(row)
    told = _told_events(db, events, [row.Venue])
    return venue.name, [_in_calendar(event, venue) for event in told]


def _is_listed() -> ColumnElement[bool]:
    """Tell of a venue whether it is in the network: all its accesses are withdrawn if it left."""
    let_in = select(Access.venue_id).where(
        Access.venue_id.is_not(None), Access.withdrawn_at.is_(None)
    )
    known = select(Access.venue_id).where(Access.venue_id.is_not(None))
    return Venue.id.in_(let_in) | Venue.id.not_in(known)


def _venues() -> Select[Venue, Area, VisitorFacts]:
    return (
        select(Venue, Area, VisitorFacts)
        .join(Area, Area.id == Venue.area_id)
        .outerjoin(VisitorFacts, VisitorFacts.venue_id == Venue.id)
        .where(_is_listed())
    )


def _coming(until: datetime, *, now: datetime) -> Select[Event]:
    return (
        select(Event)
        .join(Venue, Venue.id == Event.venue_id)
        .where(_is_listed(), Event.ends_at > now, Event.starts_at < until)
        .order_by(Event.starts_at, Event.id)
    )


def _told_venue(row: Found) -> ListedVenue:
    venue, area, told = row.Venue, row.Area, row.VisitorFacts or VisitorFacts()
    greetings = {"fi": told.greeting_fi, "sv": told.greeting_sv, "en": told.greeting_en}
    return ListedVenue(
        venue_id=venue.id,
        name=venue.name,
        categories=[Category(category) for category in venue.categories],
        municipality=told.municipality_code or area.municipality_code,
        street=told.street or "",
        getting_there=told.getting_there or "",
        greetings={language: words for language, words in greetings.items() if words},
        website=told.website,
        languages=list(told.languages or ()),
        accessibility=list(told.accessibility or ()),
        pilot=None if area.local_only_since_at is None else area.name,
    )


def _told_events(
    db: Session, events: Sequence[Event], venues: Collection[Venue]
) -> list[ListedEvent]:
    taken = persons_at(db, [event.id for event in events if event.places is not None])
    of_courses = {event.venue_id for event in events if event.fee_cents is not None}
    limits = {venue.id: limits_at(db, venue) for venue in venues if venue.id in of_courses}
    return [
        ListedEvent(
            event_id=event.id,
            venue_id=event.venue_id,
            name=event.name,
            category=event.category,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            course=event.course,
            places_left=places_left(event.places, taken.get(event.id, 0)),
            pays_cents=holder_pays(event.fee_cents, event.category, limits.get(event.venue_id, ())),
            languages=list(event.languages),
            accessibility=list(event.accessibility),
            link=event.link,
            cancelled=event.cancelled_at is not None,
        )
        for event in events
    ]


def _municipalities(codes: Iterable[str]) -> list[ListedMunicipality]:
    """Name those that the official list has; one that has merged away keeps its code alone."""
    known = [MUNICIPALITIES[code] for code in sorted(codes) if code in MUNICIPALITIES]
    return [ListedMunicipality(one.code, one.name_fi, one.name_sv) for one in known]


def _pilots(db: Session) -> list[str]:
    return list(
        db.scalars(
            select(Area.name).where(Area.local_only_since_at.is_not(None)).order_by(Area.name)
        )
    )


def _in_calendar(event: ListedEvent, venue: ListedVenue) -> CalendarEntry:
    town = MUNICIPALITIES.get(venue.municipality)
    words = "\n\n".join(part for part in (venue.getting_there, venue.greetings.get("fi")) if part)
    return event.in_calendar(venue, town.name_fi if town else "", words=words)
