"""HTTP: what holders tell venues."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from server.card.actors import SignedInHolder
from server.clock import Now
from server.db import Db
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
from server.feedback.listing import list_threads
from server.feedback.service import post_feedback, post_reply, read_thread, report_post
from server.problems import refusals
from server.signin.errors import SignInRequired
from server.visit.errors import MalformedCursor
from server.visit.routes import Cursor, Limit
from server.wire import AsWritten, TooLarge
from shared.feedback import FeedbackThread, NewFeedback, NewReply, ThreadPage

router = APIRouter(prefix="/feedback", tags=["feedback"])


@router.post(
    "",
    responses=refusals(
        SignInRequired, FeedbackEmpty, FeedbackTooLong, StarsOutOfRange, NoRecentVisit,
        ThreadClosed, TooManyPosts, PostIdTaken, TooLarge,
    ),
)  # fmt: skip
def tell(
    told: Annotated[NewFeedback, AsWritten()], holder: SignedInHolder, db: Db, now: Now
) -> FeedbackThread:
    """Tell a venue how a visit was. Safe to send again: `post_id` makes it happen once."""
    return post_feedback(db, holder.holder_id, told, now=now)


@router.get("/threads", responses=refusals(SignInRequired, MalformedCursor))
def read_threads(
    holder: SignedInHolder, db: Db, limit: Limit = 50, cursor: Cursor = None
) -> ThreadPage:
    """Read the holder's threads, the last written in first."""
    return list_threads(db, holder.holder_id, limit=limit, cursor=cursor)


@router.get("/threads/{thread_id}", responses=refusals(SignInRequired, ThreadUnknown))
def read_one(thread_id: UUID, holder: SignedInHolder, db: Db) -> FeedbackThread:
    """Read one of the holder's threads."""
    return read_thread(db, holder.holder_id, thread_id)


@router.post(
    "/threads/{thread_id}/posts",
    responses=refusals(
        SignInRequired, FeedbackEmpty, FeedbackTooLong, ThreadUnknown, ThreadClosed, TooManyPosts,
        PostIdTaken, TooLarge,
    ),
)  # fmt: skip
def reply(
    thread_id: UUID,
    told: Annotated[NewReply, AsWritten()],
    holder: SignedInHolder,
    db: Db,
    now: Now,
) -> FeedbackThread:
    """Go on in a thread. Safe to send again: `post_id` makes it happen once."""
    return post_reply(db, holder.holder_id, thread_id, told, now=now)


@router.post("/posts/{post_id}/report", responses=refusals(SignInRequired, PostUnknown))
def report(post_id: UUID, holder: SignedInHolder, db: Db, now: Now) -> FeedbackThread:
    """Let a coordinator look at what a venue wrote. Reported again, it is the same."""
    return report_post(db, holder.holder_id, post_id, now=now)
