"""Pages about long work: what is in progress, how far it is, stop it, go on."""

from collections.abc import Mapping
from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from starlette.background import BackgroundTask
from starlette.responses import Response

from server.access.models import Role
from server.clock import Now
from server.console.actors import Actor, Only
from server.console.pages import content_policy, go_to, page
from server.db import Db
from server.texts import N_
from server.work.models import UNFINISHED, Work, WorkKind, WorkState
from server.work.runner import Runner
from server.work.service import cancel_work, list_work, resume_work, work_of

router = APIRouter(prefix="/work")

AsWorking = Annotated[Actor, Depends(Only(Role.VENUE, Role.DISTRIBUTOR))]
"""Those whose work can be long."""

REFRESH_S = 2
"""The frame with the progress draws itself anew so often; the page around it never moves."""
KINDS = {
    WorkKind.PAPER_LOOK: N_("Looking at visits from paper"),
    WorkKind.PAPER_RECORD: N_("Recording visits from paper"),
    WorkKind.SHEETS: N_("Printing many sheets"),
}
STATES = {
    WorkState.WAITING: N_("Waiting for its turn"),
    WorkState.RUNNING: N_("In progress"),
    WorkState.CANCELLED: N_("Stopped"),
    WorkState.DONE: N_("Done"),
    WorkState.FAILED: N_("Interrupted"),
}
PAGES: Mapping[WorkKind, str] = {
    WorkKind.PAPER_LOOK: "/paper",
    WorkKind.PAPER_RECORD: "/paper",
    WorkKind.SHEETS: "/sheets",
}


def path_of(work: Work) -> str:
    """Give the page of a piece of work."""
    return f"{PAGES[work.kind]}/{work.id}"


def called(request: Request, answer: Response) -> Response:
    """Tell the runner, once the transaction is committed, that there is work."""
    answer.background = BackgroundTask(cast("Runner", request.app.state.runner).call)
    return answer


def with_progress(answer: HTMLResponse) -> HTMLResponse:
    """Let a page have the frame with the progress in it."""
    answer.headers["Content-Security-Policy"] = content_policy(frames="'self'")
    return answer


@router.get("")
def show_all_work(request: Request, actor: AsWorking, db: Db) -> HTMLResponse:
    """List what the location has asked for lately."""
    rows = [(work, path_of(work)) for work in list_work(db, actor.own_id)]
    return page(request, "work.html", rows=rows, kinds=KINDS, states=STATES)


@router.get("/{work_id}/progress")
def show_progress(
    request: Request, actor: AsWorking, work_id: UUID, db: Db, now: Now
) -> HTMLResponse:
    """Draw the frame that stands in the page of a piece of work, and draws itself anew."""
    work = work_of(db, actor.own_id, work_id)
    answer = page(
        request,
        "progress.html",
        work=work,
        resting=work.state is WorkState.WAITING and work.due_at > now,
        unfinished=work.state in UNFINISHED,
        states=STATES,
        path=path_of(work),
    )
    answer.headers["Content-Security-Policy"] = content_policy(framed_by="'self'")
    if work.state in UNFINISHED:
        answer.headers["Refresh"] = str(REFRESH_S)
    return answer


@router.post("/{work_id}/cancel")
def cancel(actor: AsWorking, work_id: UUID, db: Db, now: Now) -> Response:
    """Stop a piece of work; what is done stays."""
    work = work_of(db, actor.own_id, work_id, locked=True)
    cancel_work(work, now=now)
    return go_to(path_of(work))


@router.post("/{work_id}/resume")
def resume(request: Request, actor: AsWorking, work_id: UUID, db: Db, now: Now) -> Response:
    """Go on from where it stopped."""
    work = work_of(db, actor.own_id, work_id, locked=True)
    resume_work(work, now=now)
    return called(request, go_to(path_of(work)))
