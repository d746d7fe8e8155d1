"""Wire model of a venue's event, and when its doors may record visits for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.scan import Category

DOORS_OPEN_BEFORE = timedelta(hours=3)
DOORS_CLOSE_AFTER = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class VenueEvent:
    """Something at a venue that holders come to. Its `category` is what its visits are for.

    On a `course` no children come along (R8). `places` is how many persons the venue takes, and
    `places_left` how many of them were free when this was told; None without a number (R18).
    `pays_cents` is what the holder pays of a course's fee, `fee_cents` what others pay (R19).
    """

    event_id: UUID
    name: str
    category: Category
    starts_at: datetime
    ends_at: datetime
    course: bool = False
    places: int | None = None
    places_left: int | None = None
    fee_cents: int | None = None
    pays_cents: int = 0

    def is_on(self, at: datetime) -> bool:
        """Tell whether a visit may be recorded for it: from three hours before to three after."""
        return self.starts_at - DOORS_OPEN_BEFORE <= at < self.ends_at + DOORS_CLOSE_AFTER
