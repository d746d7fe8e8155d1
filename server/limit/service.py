"""Limits: set and end them, and find those that hold at a venue."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from server.area.models import Area
from server.ids import new_id
from server.limit.errors import (
    CoversNoCourse,
    LimitCategoryNotHere,
    LimitNotFound,
    LimitOutOfRange,
    PeriodMissing,
)
from server.limit.models import Counted, Period, UseLimit
from server.problems import Problem
from server.venue.models import Venue
from shared.scan import Category

MOST = 9999
LIMITS_LISTED = 100
PERIODS_OF_PERSONS = (Period.DAY, Period.WEEK, Period.MONTH)
"""In longer ones, too many persons would have to be counted at every scan."""


def set_limit(db: Session, place: Venue | Area, limit: UseLimit, *, now: datetime) -> UseLimit:
    """Let *limit* hold at *place* from now on.

    Raises:
        LimitOutOfRange, PeriodMissing, LimitCategoryNotHere, CoversNoCourse.
    """
    for problem in problems_of_limit(place, limit):
        raise problem
    limit.id, limit.set_at = new_id(now), now
    if isinstance(place, Venue):
        limit.venue_id = place.id
    else:
        limit.area_id = place.id
    db.add(limit)
    db.flush()
    return limit


def problems_of_limit(place: Venue | Area, limit: UseLimit) -> Iterator[Problem]:
    """Give everything that stands in the way of a limit, so that a form can tell it all at once."""
    if not 0 <= limit.most <= MOST:
        yield LimitOutOfRange()
    if limit.counted is Counted.PERSONS and (
        not isinstance(place, Venue) or limit.period not in PERIODS_OF_PERSONS
    ):
        yield PeriodMissing()
    if (
        isinstance(place, Venue)
        and limit.category is not None
        and limit.category not in place.categories
    ):
        yield LimitCategoryNotHere()
    if limit.covers_cents is not None and not limit.courses:
        yield CoversNoCourse()


def end_limit(db: Session, place_id: UUID, limit_id: UUID, *, now: datetime) -> UseLimit:
    """End a limit of this venue or area; ending it twice is ending it once.

    Raises:
        LimitNotFound.
    """
    limit = db.scalar(
        select(UseLimit)
        .where(
            UseLimit.id == limit_id,
            or_(UseLimit.venue_id == place_id, UseLimit.area_id == place_id),
        )
        .with_for_update()
    )
    if limit is None:
        raise LimitNotFound
    if limit.ended_at is None:
        limit.ended_at = now
    return limit


def list_limits(db: Session, place_id: UUID) -> list[UseLimit]:
    """List what a venue or an area has set and not ended, the oldest first."""
    return _in_order(db, or_(UseLimit.venue_id == place_id, UseLimit.area_id == place_id))


def limits_at(db: Session, venue: Venue) -> list[UseLimit]:
    """List what holds at a venue now: its own limits, and those of its area."""
    return _in_order(db, or_(UseLimit.venue_id == venue.id, UseLimit.area_id == venue.area_id))


def holder_pays(fee_cents: int | None, category: Category, limits: Sequence[UseLimit]) -> int:
    """Give what the holder pays of a course's fee, in cents: what no limit covers (R19)."""
    covered = [
        limit.covers_cents
        for limit in limits
        if limit.covers_cents is not None and limit.category in {None, category}
    ]
    return max(0, (fee_cents or 0) - max(covered)) if covered else 0


def _in_order(db: Session, which: ColumnElement[bool]) -> list[UseLimit]:
    holding = (
        select(UseLimit)
        .where(which, UseLimit.ended_at.is_(None))
        .order_by(UseLimit.set_at, UseLimit.id)
        .limit(LIMITS_LISTED)
    )
    return list(db.scalars(holding))


def categories_of(place: Venue | Area) -> list[Category]:
    """Give the categories that a limit of *place* can be of."""
    if isinstance(place, Venue):
        return [category for category in Category if category in place.categories]
    return list(Category)
