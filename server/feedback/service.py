"""Feedback of holders: tell a venue how a visit was, go on, read, report, forget."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload

from server.feedback.errors import (
    FeedbackEmpty,
    FeedbackTooLong,
    NoRecentVisit,
    PostIdTaken,
    PostUnknown,
    StarsOutOfRange,
    ThreadClosed,
    ThreadUnknown,
    TooManyPosts,
)
from server.feedback.models import FeedbackPost, FeedbackThread
from server.holder.models import Holder
from server.visit.models import Visit, Voiding
from shared import feedback as wire
from shared.feedback import STARS, TELL_WITHIN, Author, NewFeedback, NewReply
from shared.rules.masking import WORDS_MOST, clean, mask

DAY = timedelta(days=1)
POSTS_A_DAY_AT_VENUE = 5
"""Enough for a talk; more of one person in a day is no feedback that a desk can answer."""
POSTS_A_DAY = 20
"""Four venues' worth: nobody visits more in a day, and a stolen phone is no loudspeaker."""
ANSWERS_A_DAY = 10
"""Of a venue in one thread: an answer and its corrections, not a siege."""

KEPT_FOR = timedelta(days=365)
"""From the last post on; then the thread is deleted as a whole."""

POSTS_SHOWN = 200
"""Of one thread, the newest: what nine months of a post a day come to."""


def post_feedback(
    db: Session, holder_id: UUID, told: NewFeedback, *, now: datetime
) -> wire.FeedbackThread:
    """Keep what a holder tells about a visit; the same post twice is kept once.

    Raises:
        FeedbackEmpty, FeedbackTooLong, StarsOutOfRange, NoRecentVisit, ThreadClosed, TooManyPosts,
        PostIdTaken.
    """
    words = checked_words(told.words, required=told.stars is None)
    if told.stars is not None and told.stars not in STARS:
        raise StarsOutOfRange
    _lock(db, holder_id)
    if (seen := _post_of(db, holder_id, told.post_id)) is not None:
        return read_thread(db, holder_id, seen.thread_id)
    visit = _visit_of(db, holder_id, told.visit_id, now=now)
    thread = db.scalar(select(FeedbackThread).where(FeedbackThread.visit_id == visit.id))
    if thread is not None and thread.closed_at is not None:
        raise ThreadClosed
    _check_rate(db, holder_id, visit.venue_id, now=now)
    if thread is None:
        thread = FeedbackThread(
            id=uuid4(), holder_id=holder_id, venue_id=visit.venue_id, visit_id=visit.id
        )
        db.add(thread)
    if told.stars is not None:
        thread.stars = told.stars
    add_post(db, thread, told.post_id, Author.HOLDER, words, now=now)
    return read_thread(db, holder_id, thread.id)


def post_reply(
    db: Session, holder_id: UUID, thread_id: UUID, told: NewReply, *, now: datetime
) -> wire.FeedbackThread:
    """Keep what a holder adds to a thread; the same post twice is kept once.

    Raises:
        FeedbackEmpty, FeedbackTooLong, ThreadUnknown, ThreadClosed, TooManyPosts, PostIdTaken.
    """
    words = checked_words(told.words)
    _lock(db, holder_id)
    if (seen := _post_of(db, holder_id, told.post_id)) is not None:
        return read_thread(db, holder_id, seen.thread_id)
    thread = _thread_of(db, holder_id, thread_id)
    if thread.closed_at is not None:
        raise ThreadClosed
    _check_rate(db, holder_id, thread.venue_id, now=now)
    add_post(db, thread, told.post_id, Author.HOLDER, words, now=now)
    return read_thread(db, holder_id, thread.id)


def read_thread(db: Session, holder_id: UUID, thread_id: UUID) -> wire.FeedbackThread:
    """Read one of the holder's threads.

    Raises:
        ThreadUnknown.
    """
    thread = _thread_of(db, holder_id, thread_id)
    return _to_holder(thread, posts_of(db, [thread.id])[thread.id])


def report_post(
    db: Session, holder_id: UUID, post_id: UUID, *, now: datetime
) -> wire.FeedbackThread:
    """Let a coordinator look at what a venue wrote; again is the same.

    Raises:
        PostUnknown.
    """
    post = db.get(FeedbackPost, post_id, with_for_update=True)
    if post is None or post.holder_id != holder_id or post.author is not Author.VENUE:
        raise PostUnknown
    flag_post(post, now=now)
    return read_thread(db, holder_id, post.thread_id)


def flag_post(post: FeedbackPost, *, now: datetime) -> None:
    """Put a post before a coordinator, once."""
    post.reported_at = post.reported_at or now


def add_post(  # noqa: PLR0913 - a post
    db: Session,
    thread: FeedbackThread,
    post_id: UUID,
    author: Author,
    words: str,
    *,
    now: datetime,
) -> None:
    """Put a post at the end of a thread."""
    thread.latest_at, thread.unanswered = now, author is Author.HOLDER
    db.flush()
    own = select(FeedbackThread.id).where(FeedbackThread.id == thread.id)
    db.execute(own.with_for_update())  # both sides may write at once, and numbers differ
    last = select(func.max(FeedbackPost.number)).where(FeedbackPost.thread_id == thread.id)
    db.add(
        FeedbackPost(
            id=post_id,
            thread_id=thread.id,
            number=(db.scalar(last) or 0) + 1,
            holder_id=thread.holder_id,
            author=author,
            words=words,
            posted_at=now,
        )
    )
    db.flush()


def checked_words(typed: str, *, required: bool = True) -> str:
    """Give what may be kept of *typed*: cleaned and masked.

    Raises:
        FeedbackEmpty, FeedbackTooLong.
    """
    words = clean(typed)
    if required and not words:
        raise FeedbackEmpty
    if len(words) > WORDS_MOST:
        raise FeedbackTooLong
    return mask(words).words


def posts_of(db: Session, thread_ids: list[UUID]) -> dict[UUID, list[FeedbackPost]]:
    """Give the newest posts of each thread, oldest first."""
    posts: dict[UUID, list[FeedbackPost]] = {thread_id: [] for thread_id in thread_ids}
    newest_first = (
        select(FeedbackPost)
        .where(FeedbackPost.thread_id.in_(thread_ids))
        .order_by(FeedbackPost.number.desc())
    )
    for post in db.scalars(newest_first):
        if len(posts[post.thread_id]) < POSTS_SHOWN:
            posts[post.thread_id].insert(0, post)
    return posts


def is_anything_old(db: Session, *, now: datetime) -> bool:
    """Tell whether there is a thread to forget."""
    old = select(FeedbackThread.id).where(FeedbackThread.latest_at <= now - KEPT_FOR)
    return db.scalar(old.limit(1)) is not None


def forget_old_thread(db: Session, *, now: datetime) -> bool:
    """Delete one thread in which nobody wrote for a year, if there is one."""
    old = select(FeedbackThread.id).where(FeedbackThread.latest_at <= now - KEPT_FOR).limit(1)
    thread_id = db.scalar(old.with_for_update(skip_locked=True))
    if thread_id is not None:
        db.execute(delete(FeedbackPost).where(FeedbackPost.thread_id == thread_id))
        db.execute(delete(FeedbackThread).where(FeedbackThread.id == thread_id))
    return thread_id is not None


def to_holder(db: Session, threads: list[FeedbackThread]) -> list[wire.FeedbackThread]:
    """Tell threads as their holder may read them."""
    posts = posts_of(db, [thread.id for thread in threads])
    return [_to_holder(thread, posts[thread.id]) for thread in threads]


def _to_holder(thread: FeedbackThread, posts: list[FeedbackPost]) -> wire.FeedbackThread:
    return wire.FeedbackThread(
        thread_id=thread.id,
        venue_id=thread.venue_id,
        venue_name=thread.venue.name,
        visit_id=thread.visit_id,
        stars=thread.stars,
        latest_at=thread.latest_at,
        closed=thread.closed_at is not None,
        posts=[
            wire.FeedbackPost(
                post_id=post.id,
                author=post.author,
                posted_at=post.posted_at,
                words="" if post.removed_at is not None else post.words,
                removed=post.removed_at is not None,
                reported=post.reported_at is not None and post.author is Author.VENUE,
            )
            for post in posts
        ],
    )


def _lock(db: Session, holder_id: UUID) -> None:
    """Let one post of a holder come after the other: they are counted, and their ids compared.

    The key stays free: a venue's answer names the holder, and holds the thread meanwhile.
    """
    db.get_one(Holder, holder_id, with_for_update={"key_share": True})


def _post_of(db: Session, holder_id: UUID, post_id: UUID) -> FeedbackPost | None:
    post = db.get(FeedbackPost, post_id)
    if post is not None and (post.holder_id != holder_id or post.author is not Author.HOLDER):
        raise PostIdTaken
    return post


def _thread_of(db: Session, holder_id: UUID, thread_id: UUID) -> FeedbackThread:
    wanted = select(FeedbackThread).where(
        FeedbackThread.id == thread_id, FeedbackThread.holder_id == holder_id
    )
    thread = db.scalar(wanted.options(joinedload(FeedbackThread.venue)))
    if thread is None:
        raise ThreadUnknown
    return thread


def _visit_of(db: Session, holder_id: UUID, visit_id: UUID, *, now: datetime) -> Visit:
    wanted = (
        select(Visit)
        .outerjoin(Voiding, Voiding.visit_id == Visit.id)
        .where(
            Visit.id == visit_id,
            Visit.holder_id == holder_id,
            Visit.visited_at > now - TELL_WITHIN,
            Voiding.visit_id.is_(None),
        )
    )
    visit = db.scalar(wanted)
    if visit is None:
        raise NoRecentVisit
    return visit


def _check_rate(db: Session, holder_id: UUID, venue_id: UUID, *, now: datetime) -> None:
    of_the_day = (
        select(func.count(), func.min(FeedbackPost.posted_at))
        .select_from(FeedbackPost)
        .join(FeedbackThread, FeedbackThread.id == FeedbackPost.thread_id)
        .where(
            FeedbackPost.holder_id == holder_id,
            FeedbackPost.posted_at > now - DAY,
            FeedbackPost.author == Author.HOLDER,
        )
    )
    here = of_the_day.where(FeedbackThread.venue_id == venue_id)
    for asked, most in ((here, POSTS_A_DAY_AT_VENUE), (of_the_day, POSTS_A_DAY)):
        count, first_at = db.execute(asked).one()
        if count >= most:
            wait = first_at + DAY - now
            raise TooManyPosts(retry_after_s=max(1, int(wait.total_seconds())))
