"""Threads as lists: a holder's own, a venue's, and what waits for a coordinator."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session, joinedload

from server.clock import beginning_of
from server.event.models import Event
from server.feedback.models import FeedbackPost, FeedbackThread
from server.feedback.pseudonyms import pseudonym_of
from server.feedback.service import posts_of, to_holder
from server.venue.models import Venue
from server.visit.errors import MalformedCursor
from server.visit.models import Visit
from shared.feedback import ThreadPage
from shared.rules.validity import HELSINKI

FEWEST_TOLD = 5
"""Nothing is told that fewer holders than so many have in common (R26)."""

MONTH_MOST = timedelta(days=31)
"""So far after the first of a month is some day of the next one."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a venue is told of the visit: never which one it was.

    Its list of visits has the times. The event is named only if at least `FEWEST_TOLD` holders came
    to it, the month only if so many came in it; else the post and a line of the list would be one.
    """

    event_name: str | None = None
    month: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class VenueThread:
    """A thread as its venue or a coordinator may see it."""

    thread: FeedbackThread
    pseudonym: int
    posts: list[FeedbackPost]
    occasion: Occasion


@dataclass(frozen=True, slots=True)
class StarsGiven:
    """How many threads have stars, and their mean; no mean of fewer than `FEWEST_TOLD` holders."""

    count: int
    mean: float | None


@dataclass(frozen=True, slots=True)
class ReportedPost:
    """A post that waits for a coordinator, with who wrote it as the venue knows it."""

    post: FeedbackPost
    venue_name: str
    pseudonym: int


def list_threads(db: Session, holder_id: UUID, *, limit: int, cursor: str | None) -> ThreadPage:
    """List a holder's threads, the last written in first.

    Raises:
        MalformedCursor.
    """
    own = select(FeedbackThread).where(FeedbackThread.holder_id == holder_id)
    threads, next_cursor = _page(db, own, limit=limit, cursor=cursor)
    return ThreadPage(to_holder(db, threads), next_cursor)


def list_threads_of_venue(  # noqa: PLR0913 - all by keyword
    db: Session,
    venue_id: UUID,
    *,
    secret: bytes,
    limit: int,
    unanswered: bool | None = None,
    cursor: str | None = None,
) -> tuple[list[VenueThread], str | None]:
    """List what holders told a venue, the last written in first; with where the list goes on.

    Raises:
        MalformedCursor.
    """
    own = select(FeedbackThread).where(FeedbackThread.venue_id == venue_id)
    if unanswered is not None:
        own = own.where(FeedbackThread.unanswered == unanswered)
    threads, next_cursor = _page(db, own, limit=limit, cursor=cursor)
    posts = posts_of(db, [thread.id for thread in threads])
    return [
        VenueThread(one, _pseudonym(one, secret), posts[one.id], Occasion()) for one in threads
    ], next_cursor


def thread_of_venue(
    db: Session, venue_id: UUID, thread_id: UUID, *, secret: bytes
) -> VenueThread | None:
    """Give one thread of a venue, with its occasion; another's is not there."""
    thread = db.get(FeedbackThread, thread_id)
    if thread is None or thread.venue_id != venue_id:
        return None
    posts = posts_of(db, [thread.id])[thread.id]
    return VenueThread(thread, _pseudonym(thread, secret), posts, _occasion(db, thread))


def stars_of_venue(db: Session, venue_id: UUID) -> StarsGiven:
    """Sum up the stars of a venue."""
    given = select(
        func.count(),
        func.avg(FeedbackThread.stars),
        func.count(func.distinct(FeedbackThread.holder_id)),
    ).where(FeedbackThread.venue_id == venue_id, FeedbackThread.stars.is_not(None))
    count, mean, holders = db.execute(given).one()
    return StarsGiven(count, float(mean) if holders >= FEWEST_TOLD else None)


def list_reported_posts(
    db: Session, area_id: UUID, *, secret: bytes, limit: int
) -> list[ReportedPost]:
    """List the posts of the area's venues that wait for its coordinator, oldest first.

    What is decided makes room for the next.
    """
    waiting = (
        select(FeedbackPost, FeedbackThread, Venue.name)
        .join(FeedbackThread, FeedbackThread.id == FeedbackPost.thread_id)
        .join(Venue, Venue.id == FeedbackThread.venue_id)
        .where(*_waits_for(area_id))
        .order_by(FeedbackPost.reported_at, FeedbackPost.id)
        .limit(limit)
    )
    return [
        ReportedPost(post, venue_name, _pseudonym(thread, secret))
        for post, thread, venue_name in db.execute(waiting)
    ]


def reported_post_of_area(
    db: Session, area_id: UUID, thread_id: UUID, number: int
) -> FeedbackPost | None:
    """Give a post that waits for the coordinator of this area, locked; any other is not there."""
    wanted = (
        select(FeedbackPost)
        .join(FeedbackThread, FeedbackThread.id == FeedbackPost.thread_id)
        .join(Venue, Venue.id == FeedbackThread.venue_id)
        .where(
            FeedbackPost.thread_id == thread_id,
            FeedbackPost.number == number,
            *_waits_for(area_id),
        )
        .options(joinedload(FeedbackPost.thread))
        .with_for_update(of=FeedbackPost)
    )
    return db.scalar(wanted)


def _waits_for(area_id: UUID) -> Collection[ColumnElement[bool]]:
    return (
        Venue.area_id == area_id,
        FeedbackPost.reported_at.is_not(None),
        FeedbackPost.settled_at.is_(None),
    )


def _page(
    db: Session, wanted: Select[FeedbackThread], *, limit: int, cursor: str | None
) -> tuple[list[FeedbackThread], str | None]:
    order = (FeedbackThread.latest_at, FeedbackThread.id)
    if cursor is not None:
        wanted = wanted.where(tuple_(*order) < _place_of(db, cursor))
    newest_first = wanted.order_by(*(column.desc() for column in order)).limit(limit + 1)
    found = list(db.scalars(newest_first.options(joinedload(FeedbackThread.venue))))
    shown = found[:limit]
    return shown, str(shown[-1].id) if len(found) > limit else None


def _place_of(db: Session, cursor: str) -> tuple[datetime, UUID]:
    """Find where a list ended. The cursor names the thread alone: a time would tell too much."""
    try:
        last = db.get(FeedbackThread, UUID(cursor))
    except ValueError:
        last = None
    if last is None:
        raise MalformedCursor
    return last.latest_at, last.id


def _pseudonym(thread: FeedbackThread, secret: bytes) -> int:
    return pseudonym_of(thread.holder_id, thread.venue_id, secret=secret)


def _occasion(db: Session, thread: FeedbackThread) -> Occasion:
    visit = db.get_one(Visit, thread.visit_id)
    holders = select(func.count(func.distinct(Visit.holder_id)))
    event_name = None
    if visit.event_id is not None:
        at_event = db.scalar(holders.where(Visit.event_id == visit.event_id)) or 0
        if at_event >= FEWEST_TOLD:
            event_name = db.scalar(select(Event.name).where(Event.id == visit.event_id))
    local = visit.visited_at.astimezone(HELSINKI)
    first_on = local.date().replace(day=1)
    next_on = (first_on + MONTH_MOST).replace(day=1)
    in_month = db.scalar(
        holders.where(
            Visit.venue_id == visit.venue_id,
            Visit.visited_at >= _begins_at(first_on),
            Visit.visited_at < _begins_at(next_on),
        )
    )
    month = (local.year, local.month) if (in_month or 0) >= FEWEST_TOLD else None
    return Occasion(event_name, month)


def _begins_at(day: date) -> datetime:
    return beginning_of(day)
