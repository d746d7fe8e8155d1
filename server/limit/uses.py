"""What limits say of a card at a door: which of them one more use would break.

A door that is full, or a card that has had its share, makes amber and never red: staff decide, and
what happened is kept (K1 §10.5). Only a ticket broker, who sees nobody, is refused for it.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from server.card.models import Card
from server.event.models import Event
from server.limit.models import Counted, UseLimit
from server.limit.periods import period_around
from server.limit.service import limits_at
from server.venue.models import Venue
from server.visit.counting import counts
from server.visit.models import Visit, Voiding
from shared.rules.admission import Reason
from shared.scan import Category


@dataclass(frozen=True, slots=True)
class Use:
    """One use that is to be judged: at what, when, by how many who take a place.

    `event` names what it is for as ledgers do; an event of the venue has its id, too, and perhaps a
    number of `places`.
    """

    event: str
    event_id: UUID | None
    category: Category
    course: bool
    places: int | None
    at: datetime
    persons: int


@dataclass(slots=True)
class Uses:
    """The limits of one venue, and what has been used of them.

    What one request records is stored at its end: until then it is remembered here.
    """

    db: Session
    venue: Venue
    recorded: list[tuple[UUID, Use]] = field(default_factory=list)
    """Uses of this request, each with its holder."""
    limits: list[UseLimit] = field(init=False)

    def __post_init__(self) -> None:
        self.limits = limits_at(self.db, self.venue)

    def broken_by(self, card: Card, use: Use) -> list[Reason]:
        """Tell what would be broken if *card* were used for this.

        Whoever is in at the event already has used it; a community card has no share of its own.
        """
        return list(dict.fromkeys(self._broken_by(card, use)))

    def _broken_by(self, card: Card, use: Use) -> Iterator[Reason]:
        if use.places is not None and self._taken(use) + use.persons > use.places:
            yield Reason.QUOTA_FULL
        for limit in self.limits:
            if not _is_about(limit, use):
                continue
            if limit.counted is Counted.PERSONS:
                if self._persons(limit, use.at) + use.persons > limit.most:
                    yield Reason.QUOTA_FULL
            elif not card.community and self._uses_of(card, limit, use) + 1 > limit.most:
                yield Reason.LIMIT_REACHED

    def remember(self, card: Card, use: Use) -> None:
        """Let what follows in this request know of a use that is stored at its end."""
        self.recorded.append((card.holder_id, use))

    def _taken(self, use: Use) -> int:
        stored = persons_at(self.db, [use.event_id]) if use.event_id is not None else {}
        return stored.get(use.event_id, 0) + sum(
            other.persons for _, other in self.recorded if other.event == use.event
        )

    def _persons(self, limit: UseLimit, at: datetime) -> int:
        first_at, after = period_around(limit.period, at)
        stored = self.db.scalar(
            select(func.coalesce(func.sum(1 + Visit.children), 0)).where(
                Visit.venue_id == self.venue.id,
                Visit.visited_at >= first_at,
                Visit.visited_at < after,
                counts(),
                *_which(limit),
            )
        )
        return (stored or 0) + sum(
            other.persons
            for _, other in self.recorded
            if first_at <= other.at < after and _is_about(limit, other)
        )

    def _uses_of(self, card: Card, limit: UseLimit, use: Use) -> int:
        """Count the other things that this holder used in the period: one visit for each."""
        first_at, after = period_around(limit.period, use.at)
        stored = (
            select(Visit.event)
            .distinct()
            .outerjoin(Voiding, Voiding.visit_id == Visit.id)
            .where(
                Visit.holder_id == card.holder_id,
                Visit.visited_at >= first_at,
                Visit.visited_at < after,
                Voiding.visit_id.is_(None),
                *_which(limit),
            )
        )
        if limit.venue_id is not None:
            stored = stored.where(Visit.venue_id == limit.venue_id)
        else:
            stored = stored.join(Venue, Venue.id == Visit.venue_id).where(
                Venue.area_id == limit.area_id
            )
        used = set(self.db.scalars(stored))
        used |= {
            other.event
            for holder_id, other in self.recorded
            if holder_id == card.holder_id
            and first_at <= other.at < after
            and _is_about(limit, other)
        }
        return len(used - {use.event})


def _is_about(limit: UseLimit, use: Use) -> bool:
    return limit.category in {None, use.category} and (use.course or not limit.courses)


def _which(limit: UseLimit) -> Iterator[ColumnElement[bool]]:
    if limit.category is not None:
        yield Visit.category == limit.category
    if limit.courses:
        yield Visit.event_id.in_(select(Event.id).where(Event.course))


def persons_at(db: Session, event_ids: Collection[UUID]) -> dict[UUID | None, int]:
    """Tell how many places of some events are taken: by holders and the children with them."""
    taken = (
        select(Visit.event_id, func.sum(1 + Visit.children))
        .where(Visit.event_id.in_(event_ids), counts())
        .group_by(Visit.event_id)
    )
    return dict(db.execute(taken).all())


def places_left(places: int | None, taken: int) -> int | None:
    """Tell how many places are free; None where there is no number of them."""
    return None if places is None else max(0, places - taken)
