"""Take events over from a document of Linked Events: look first, then store.

An event is known again by the id it has there, so that the same document stored twice is stored
once. What it says of time, name, languages and address counts; places, fee and accessibility are
the venue's own and stay. Nothing is deleted: what was called off is marked so.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.event.linked import LinkedEvent, Unread
from server.event.models import Event
from server.event.service import EventFacts, add_event, facts_of, problems_of_event
from server.problems import Problem
from server.venue.models import Venue
from shared.scan import Category


class Step(StrEnum):
    """What becomes of one event of a document."""

    ADD = "add"
    CHANGE = "change"
    CANCEL = "cancel"
    SAME = "same"
    ELSEWHERE = "elsewhere"
    OVER = "over"
    SERIES = "series"
    NEVER_KNOWN = "never_known"
    """Called off before it came here."""
    REFUSED = "refused"


STORED = (Step.ADD, Step.CHANGE, Step.CANCEL)


@dataclass(frozen=True, slots=True)
class Looked:
    """One event of a document and what becomes of it."""

    name: str
    step: Step
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    end_told: bool = True
    problem: Problem | None = None
    event: Event | None = None
    source: LinkedEvent | None = None
    facts: EventFacts | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose events they become, and what for; with a *place* only those there are taken."""

    venue: Venue
    category: Category
    place: str
    at: datetime


def look_at(db: Session, asked: Asked, found: Iterable[LinkedEvent | Unread]) -> list[Looked]:
    """Tell what would become of each event of a document."""
    read = list(found)
    ids = [one.source_id for one in read if isinstance(one, LinkedEvent)]
    stored = select(Event).where(Event.venue_id == asked.venue.id, Event.source_id.in_(ids))
    known = {event.source_id: event for event in db.scalars(stored)}
    return [
        Looked(one.name, Step.REFUSED, problem=one.problem)
        if isinstance(one, Unread)
        else _look(asked, one, known.get(one.source_id))
        for one in read
    ]


def store(db: Session, asked: Asked, looked: Sequence[Looked]) -> Iterator[tuple[Step, Event]]:
    """Do what `look_at` told, and give each event that was touched."""
    for one in looked:
        if one.step is Step.CANCEL and one.event is not None:
            one.event.cancelled_at = asked.at
            yield one.step, one.event
        elif one.step is Step.ADD and one.facts is not None and one.source is not None:
            event = add_event(db, asked.venue, one.facts, now=asked.at)
            event.source_id = one.source.source_id
            yield one.step, event
        elif one.step is Step.CHANGE and one.facts is not None and one.event is not None:
            event, facts = one.event, one.facts
            event.name, event.starts_at, event.ends_at = facts.name, facts.starts_at, facts.ends_at
            event.languages, event.link = list(facts.languages), facts.link
            event.cancelled_at = None
            yield one.step, event


def _look(asked: Asked, source: LinkedEvent, event: Event | None) -> Looked:
    looked = Looked(
        source.name,
        Step.SAME,
        starts_at=source.starts_at,
        ends_at=source.ends_at,
        end_told=source.end_told,
        event=event,
        source=source,
    )
    if (step := _without_looking_closer(asked, source, event)) is not None:
        return replace(looked, step=step)
    facts = _facts(asked, source, event)
    for problem in problems_of_event(asked.venue, facts):
        return replace(looked, step=Step.REFUSED, problem=problem)
    if event is None:
        return replace(looked, step=Step.ADD, facts=facts)
    if facts == facts_of(event) and event.cancelled_at is None:
        return looked
    return replace(looked, step=Step.CHANGE, facts=facts)


def _without_looking_closer(asked: Asked, source: LinkedEvent, event: Event | None) -> Step | None:
    """Tell what becomes of one that will not take place here."""
    if event is None and asked.place and source.place != asked.place:
        return Step.ELSEWHERE
    if source.series:
        return Step.SERIES
    if event is not None and event.ends_at <= asked.at:
        return Step.OVER
    if source.off and event is None:
        return Step.NEVER_KNOWN
    if source.off and event is not None:
        return Step.CANCEL if event.cancelled_at is None else Step.SAME
    over = source.starts_at and source.ends_at and source.starts_at < source.ends_at <= asked.at
    return Step.OVER if over else None


def _facts(asked: Asked, source: LinkedEvent, event: Event | None) -> EventFacts:
    if source.starts_at is None or source.ends_at is None:
        raise ValueError("an event without times was called off, or is a series")
    known = facts_of(event) if event is not None else None
    return replace(
        known or EventFacts(source.name, asked.category, source.starts_at, source.ends_at),
        name=source.name,
        starts_at=source.starts_at,
        ends_at=source.ends_at,
        languages=source.languages,
        link=source.link,
    )
