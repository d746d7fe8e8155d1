"""What a distributor or a venue owes the network: an agreement read, an induction once a year.

The agreement stops whoever has not acknowledged it; an induction that is overdue stops nobody,
because holders stand at the desk.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum

from server.access.models import Access, Role
from server.clock import day_of
from shared.rules.validity import last_valid_day

AGREEMENT = 1
"""The newest version; its text stands under this number in `server/info/agreements`."""
LOCATIONS = frozenset({Role.DISTRIBUTOR, Role.VENUE})
"""Who owes it: the others ask for it, or read figures that name nobody."""
REMIND_WITHIN = timedelta(days=30)
"""So long before an induction is due the location is reminded."""
FIRST_WITHIN = timedelta(days=30)
"""So long a new location has for its first induction."""
ASKED_WITHIN = timedelta(days=14)
"""So long a location has that its coordinator asks again."""


class Induction(StrEnum):
    """Where a location stands with its yearly induction."""

    DONE = "done"
    DUE = "due"
    OVERDUE = "overdue"


def must_agree(access: Access) -> bool:
    """Tell whether a location has to acknowledge the agreement before it works further."""
    return access.role in LOCATIONS and access.agreement_version != AGREEMENT


def agree(access: Access, *, now: datetime) -> None:
    """Remember that a location has read the newest agreement and follows it."""
    access.agreement_version, access.agreed_at = AGREEMENT, now


def induction_of(access: Access, now: datetime) -> Induction:
    """Tell whether a location has to go through the induction; the day it is due is in time."""
    today, due_on = day_of(now), access.induction_due_on
    if due_on is None or today < due_on - REMIND_WITHIN:
        return Induction.DONE
    return Induction.DUE if today <= due_on else Induction.OVERDUE


def first_induction_due_on(now: datetime) -> date:
    """Give the last day for the first induction of a location that gets access now."""
    return day_of(now + FIRST_WITHIN)


def confirm_induction(access: Access, *, now: datetime) -> None:
    """Remember that everybody at a location has gone through the induction; once more in a year."""
    access.inducted_at = now
    access.induction_due_on = last_valid_day(day_of(now))


def ask_again(access: Access, *, now: datetime) -> None:
    """Ask a location to read the agreement anew, and to go through the induction soon."""
    access.agreement_version = None
    soon = day_of(now + ASKED_WITHIN)
    access.induction_due_on = min(access.induction_due_on or soon, soon)
