"""Which visits statistics count: one for a card and an event, whatever came in twice.

Of the visits of one card at one event that were not undone, the earliest counts: the one with the
earliest `visited_at`, and of two in the same instant the one with the lesser `scan_id`. Both come
from the doors, so that the order in which reports arrive changes nothing. When a holder is erased,
what did not count is marked, for then nothing says any more which visits were one card's.

Source: ADR 0009; R17, R21, K1 §10.2.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, exists, tuple_
from sqlalchemy.orm import InstrumentedAttribute, aliased

from server.visit.models import Visit, Voiding


def counts() -> ColumnElement[bool]:
    """Select the visits that count. For a query on `Visit`, as a condition or as a column."""
    earlier = aliased(Visit)
    comes_before = exists().where(
        earlier.card_id == Visit.card_id,
        earlier.event == Visit.event,
        tuple_(earlier.visited_at, earlier.scan_id) < tuple_(Visit.visited_at, Visit.scan_id),
        ~_was_undone(earlier.id),
    )
    return ~_was_undone(Visit.id) & ~Visit.left_out & ~comes_before


def _was_undone(visit_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    voiding = aliased(Voiding)  # a query may have joined the table itself
    return exists().where(voiding.visit_id == visit_id)
