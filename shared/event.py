"""Wire model of a venue's event, and when its doors may record visits for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.scan import Category

DOORS_OPEN_BEFORE = timedelta(hours=3)
DOORS_CLOSE_AFTER = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class VenueEvent:
    """Something at a venue that holders come to. Its `category` is what its visits are for."""

    event_id: UUID
    name: str
    category: Category
    starts_at: datetime
    ends_at: datetime

    def is_on(self, at: datetime) -> bool:
        """Tell whether a visit may be recorded for it: from three hours before to three after."""
        return self.starts_at - DOORS_OPEN_BEFORE <= at < self.ends_at + DOORS_CLOSE_AFTER
