"""Pages of coordinators and Kaikukeskus: messages about accessibility and their answers (R32)."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session
from starlette.responses import Response

from server.access.models import Role
from server.audit.service import Act, note_act
from server.clock import Now
from server.console.actors import Actor, Only
from server.console.forms import Form, TypedForm
from server.console.pages import go_to, page
from server.db import Db
from server.info.errors import AnswerEmpty, AnswerTooLong, FeedbackAlreadyAnswered
from server.info.service import (
    answer_feedback,
    is_overdue,
    list_answered_feedback,
    list_open_feedback,
)

router = APIRouter()

AsAnswering = Annotated[Actor, Depends(Only(Role.COORDINATOR, Role.SERVICE))]
"""A message names no area, so whoever comes first answers it."""

ROWS = 50


@router.get("/feedback")
def show_feedback(
    request: Request,
    _actor: AsAnswering,
    db: Db,
    now: Now,
    after: UUID | None = None,
    before: UUID | None = None,
) -> HTMLResponse:
    """List messages: those that wait for an answer, the oldest first; then the answered ones."""
    return _feedback_page(request, db, now=now, after=after, before=before)


@router.post("/feedback/{feedback_id}/answer")
def answer(  # noqa: PLR0913, PLR0917 - dependencies
    request: Request, feedback_id: UUID, actor: AsAnswering, form: TypedForm, db: Db, now: Now
) -> Response:
    """Answer a message."""
    words, access_id = form.typed.get("answer", ""), actor.access_id
    try:
        answer_feedback(db, feedback_id, words, access_id=access_id, now=now)
    except (AnswerEmpty, AnswerTooLong) as refused:
        form.refuse([refused], {refused.code: f"answer-{feedback_id}"})
        return _feedback_page(request, db, now=now, after=form.id("after"), form=form)
    except FeedbackAlreadyAnswered as refused:
        form.refuse([refused], {})
        return _feedback_page(request, db, now=now, form=form)
    note_act(db, Act.FEEDBACK_ANSWERED, access_id=access_id, subject_id=feedback_id, now=now)
    return go_to("/feedback?done=1")


def _feedback_page(  # noqa: PLR0913 - what a page needs
    request: Request,
    db: Session,
    *,
    now: datetime,
    after: UUID | None = None,
    before: UUID | None = None,
    form: Form | None = None,
) -> HTMLResponse:
    waiting = list_open_feedback(db, limit=ROWS + 1, after=after)
    answered = list_answered_feedback(db, limit=ROWS + 1, before=before)
    return page(
        request,
        "info-feedback.html",
        status=HTTPStatus.OK if form is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        waiting=[(one, is_overdue(one, now=now)) for one in waiting[:ROWS]],
        after=after,
        next_after=waiting[ROWS - 1].id if len(waiting) > ROWS else None,
        answered=answered[:ROWS],
        next_before=answered[ROWS - 1].id if len(answered) > ROWS else None,
        typed={} if form is None else form.typed,
        errors={} if form is None else form.errors,
        done=bool(request.query_params.get("done")),
    )
