"""Messages about accessibility: send one, answer it in time, read the answer with a code."""

import unicodedata
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from server.clock import day_of
from server.ids import new_id
from server.info.errors import (
    AnswerEmpty,
    AnswerTooLong,
    FeedbackAlreadyAnswered,
    FeedbackUnknown,
    MessageEmpty,
    MessageTooLong,
    ReplyCodeMalformed,
    ReplyCodeUnknown,
    TooManyMessages,
)
from server.info.models import WORDS_MOST, AccessibilityFeedback
from server.signin.codes import check_tries, draw_code, hash_code, remember_wrong_try
from server.signin.errors import TooManyTries
from shared.token.codes import CodeKind, read_activation_code
from shared.token.errors import TokenError

ANSWER_WITHIN = timedelta(days=14)
"""The law's time for an answer (R32)."""


def send_feedback(
    db: Session, words: str, *, client: str, secret: bytes, now: datetime
) -> tuple[AccessibilityFeedback, str]:
    """Store a message; give it with the code that its answer is read with, told only here.

    *client* is counted for an hour and not stored with the message.

    Raises:
        MessageEmpty, MessageTooLong, TooManyMessages.
    """
    words = clean(words)
    if not words:
        raise MessageEmpty
    if len(words) > WORDS_MOST:
        raise MessageTooLong
    # Counted like wrong codes: the same five an hour, forgotten after it.
    sender = hash_code(f"message {client}", secret).hex()
    try:
        check_tries(db, sender, now=now)
    except TooManyTries as tries:
        raise TooManyMessages(retry_after_s=tries.retry_after_s) from None
    remember_wrong_try(db, sender, now=now)
    code = draw_code(CodeKind.ACTIVATION)
    feedback = AccessibilityFeedback(
        id=new_id(now),
        words=words,
        reply_hash=_reply_hash(code, secret),
        sent_at=now,
        due_on=day_of(now) + ANSWER_WITHIN,
    )
    db.add(feedback)
    return feedback, code


def read_answer(
    db: Session, typed: str, *, client: str, secret: bytes, now: datetime
) -> AccessibilityFeedback:
    """Find the message of a reply code, answered or not; as often as its sender likes.

    Raises:
        ReplyCodeMalformed: A typing error, which guesses nothing and counts as no try.
        ReplyCodeUnknown, TooManyTries.
    """
    reader = hash_code(f"reply {client}", secret).hex()
    check_tries(db, reader, now=now)
    try:
        code = read_activation_code(typed, base_url=None)
    except TokenError:
        raise ReplyCodeMalformed from None
    mine = AccessibilityFeedback.reply_hash == _reply_hash(code, secret)
    found = db.scalar(select(AccessibilityFeedback).where(mine))
    if found is None:
        remember_wrong_try(db, reader, now=now)
        raise ReplyCodeUnknown
    return found


def answer_feedback(
    db: Session, feedback_id: UUID, answer: str, *, access_id: UUID, now: datetime
) -> None:
    """Answer a message, once.

    Raises:
        AnswerEmpty, AnswerTooLong, FeedbackUnknown, FeedbackAlreadyAnswered.
    """
    answer = clean(answer)
    if not answer:
        raise AnswerEmpty
    if len(answer) > WORDS_MOST:
        raise AnswerTooLong
    feedback = db.get(AccessibilityFeedback, feedback_id, with_for_update=True)
    if feedback is None:
        raise FeedbackUnknown
    if feedback.answered_at is not None:
        raise FeedbackAlreadyAnswered
    feedback.answer, feedback.answered_at, feedback.answered_by_id = answer, now, access_id


def list_open_feedback(
    db: Session, *, limit: int, after: UUID | None = None
) -> list[AccessibilityFeedback]:
    """List what waits for an answer, the oldest first, so what is overdue comes first.

    *after* is the last id of the list before.
    """
    oldest_first = (
        select(AccessibilityFeedback)
        .where(AccessibilityFeedback.answered_at.is_(None))
        .order_by(AccessibilityFeedback.id)
        .limit(limit)
    )
    if after is not None:
        oldest_first = oldest_first.where(AccessibilityFeedback.id > after)
    return list(db.scalars(oldest_first))


def list_answered_feedback(
    db: Session, *, limit: int, before: UUID | None = None
) -> list[AccessibilityFeedback]:
    """List what was answered and by whom, the newest message first.

    *before* is the last id of the list before.
    """
    newest_first = (
        select(AccessibilityFeedback)
        .where(AccessibilityFeedback.answered_at.is_not(None))
        .order_by(AccessibilityFeedback.id.desc())
        .options(joinedload(AccessibilityFeedback.answered_by))
        .limit(limit)
    )
    if before is not None:
        newest_first = newest_first.where(AccessibilityFeedback.id < before)
    return list(db.scalars(newest_first))


def is_overdue(feedback: AccessibilityFeedback, *, now: datetime) -> bool:
    """Tell whether the last day for an answer is over and there is none."""
    return feedback.answered_at is None and day_of(now) > feedback.due_on


def clean(words: str) -> str:
    """Give what was typed with one kind of line end, and without what no database keeps as text."""
    words = words.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in words if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})
    return "".join(kept).strip()


def _reply_hash(code: str, secret: bytes) -> bytes:
    return hash_code(f"reply {code}", secret)  # so that it can never be another kind's code
