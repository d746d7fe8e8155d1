"""What the visits at a door are for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mobile_app.device.store import Store
from mobile_app.sync.record import as_record, readable
from shared.event import VenueEvent
from shared.rules.admission import Reason, default_event
from shared.scan import Category

_EVENT = "door/event/"


@dataclass(frozen=True, slots=True)
class Purpose:
    """A category, or one of the venue's events while it is on."""

    category: Category
    event: VenueEvent | None = None

    @classmethod
    def of_event(cls, event: VenueEvent) -> "Purpose":
        """Count visits for *event*."""
        return cls(event.category, event)

    @property
    def event_id(self) -> UUID | None:
        """Name the event in reports."""
        return None if self.event is None else self.event.event_id

    @property
    def is_course(self) -> bool:
        """Whether it is for the holder alone (R8)."""
        return self.event is not None and self.event.course

    @property
    def reasons(self) -> Sequence[Reason]:
        """What speaks against anybody coming in: that no place is left (R18)."""
        full = self.event is not None and self.event.places_left == 0
        return [Reason.QUOTA_FULL] if full else []

    def at(self, now: datetime, known: Iterable[VenueEvent]) -> "Purpose":
        """Give what holds now: the event as it is *known* now, or its category when it is over."""
        if self.event is None:
            return self
        latest = {one.event_id: one for one in known}.get(self.event.event_id, self.event)
        return Purpose.of_event(latest) if latest.is_on(now) else Purpose(latest.category)

    def event_at(self, venue: str, now: datetime) -> str:
        """Name the event as ledgers do: the chosen one, else that of the day."""
        if self.event is not None and self.event.is_on(now):
            return str(self.event.event_id)
        return default_event(venue, self.category.value, int(now.timestamp()))


async def keep_event(store: Store, venue_id: UUID, event: VenueEvent | None) -> None:
    """Remember what was chosen at this venue.

    Raises:
        StoreRefused: The device stores nothing.
    """
    await store.put_all({f"{_EVENT}{venue_id}": None if event is None else as_record(event)})


async def recall_event(store: Store, venue_id: UUID) -> VenueEvent | None:
    """Give what was chosen at this venue last, if it can be read."""
    kept = readable(VenueEvent, await store.under(f"{_EVENT}{venue_id}"))
    return next((event for _, event in kept), None)


def purposes_at(
    now: datetime, events: Iterable[VenueEvent], categories: Iterable[Category]
) -> list[Purpose]:
    """List what may be chosen now: the events that are on, then the venue's categories."""
    on = [Purpose.of_event(event) for event in events if event.is_on(now)]
    return [*on, *map(Purpose, categories)]
