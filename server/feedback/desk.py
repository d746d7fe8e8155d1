"""What desks do with feedback: a venue answers and reports, its coordinator decides."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.feedback.errors import PostUnknown, ThreadClosed, ThreadUnknown, TooManyPosts
from server.feedback.listing import reported_post_of_area
from server.feedback.models import FeedbackPost, FeedbackThread
from server.feedback.service import ANSWERS_A_DAY, DAY, add_post, checked_words, flag_post
from shared.feedback import Author


class Decision(StrEnum):
    """What becomes of a reported post."""

    LEAVE = "leave"
    REMOVE = "remove"
    CLOSE = "close"
    """Remove it, and let nobody write in its thread any more."""


def answer_thread(  # noqa: PLR0913 - all by keyword
    db: Session, venue_id: UUID, thread_id: UUID, typed: str, *, post_id: UUID, now: datetime
) -> bool:
    """Answer as the venue; tells whether it is new: the same form sent twice is one answer.

    Raises:
        FeedbackEmpty, FeedbackTooLong, ThreadUnknown, ThreadClosed, TooManyPosts.
    """
    thread = db.get(FeedbackThread, thread_id, with_for_update=True)
    if thread is None or thread.venue_id != venue_id:
        raise ThreadUnknown
    words = checked_words(typed)
    if db.get(FeedbackPost, post_id) is not None:
        return False
    if thread.closed_at is not None:
        raise ThreadClosed
    today = select(func.count()).where(
        FeedbackPost.thread_id == thread_id,
        FeedbackPost.posted_at > now - DAY,
        FeedbackPost.author == Author.VENUE,
    )
    if (db.scalar(today) or 0) >= ANSWERS_A_DAY:
        raise TooManyPosts
    add_post(db, thread, post_id, Author.VENUE, words, now=now)
    return True


def report_to_coordinator(
    db: Session, venue_id: UUID, thread_id: UUID, number: int, *, now: datetime
) -> None:
    """Put what a holder wrote to this venue before the coordinator; again is the same.

    Raises:
        PostUnknown: Not there, not in this venue's thread, or the venue's own.
    """
    thread = db.get(FeedbackThread, thread_id)
    if thread is None or thread.venue_id != venue_id:
        raise PostUnknown
    numbered = (FeedbackPost.thread_id == thread_id, FeedbackPost.number == number)
    post = db.scalar(select(FeedbackPost).where(*numbered, FeedbackPost.author == Author.HOLDER))
    if post is None:
        raise PostUnknown
    flag_post(post, now=now)


def settle_report(  # noqa: PLR0913 - all but the first by name
    db: Session,
    area_id: UUID,
    thread_id: UUID,
    number: int,
    decision: Decision,
    *,
    now: datetime,
) -> None:
    """Decide about a reported post of the area.

    Raises:
        PostUnknown: It waits for no decision of this area's coordinator.
    """
    post = reported_post_of_area(db, area_id, thread_id, number)
    if post is None:
        raise PostUnknown
    post.settled_at = now
    if decision is not Decision.LEAVE:
        post.removed_at = now
    if decision is Decision.CLOSE:
        post.thread.closed_at = post.thread.closed_at or now
