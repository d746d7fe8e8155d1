"""How many places are left, as far as this scanner can know (R18)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from mobile_app.scan.record import DoneVisit
from shared.event import VenueEvent


def with_own_visits(
    events: Iterable[VenueEvent], visits: Iterable[DoneVisit], *, told_at: datetime | None
) -> list[VenueEvent]:
    """Take off the places that this scanner has given away since the server told how many are left.

    What other doors gave away since then is known to none of them without network (R18).
    """
    given: Counter[UUID | None] = Counter()
    for visit in visits:
        late = told_at is None or visit.report.closed_at > told_at
        if late and visit.undone_at is None:
            given[visit.report.event_id] += 1 + visit.report.children
    return [
        event
        if event.places_left is None
        else replace(event, places_left=max(0, event.places_left - given[event.event_id]))
        for event in events
    ]
