"""Pages of a coordinator: posts of holders and venues that the other side found abusive."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from server.actors import ServerSettings
from server.audit.service import Act, note_act
from server.clock import Now
from server.console.actors import AsCoordinator
from server.console.errors import NotHere
from server.console.pages import go_to, page
from server.console.visitor_feedback import Number
from server.db import Db
from server.feedback.desk import Decision, settle_report
from server.feedback.errors import PostUnknown
from server.feedback.listing import list_reported_posts
from server.feedback.words import said

router = APIRouter(prefix="/reported")

ROWS = 50
_ACTS = {
    Decision.LEAVE: Act.POST_LEFT,
    Decision.REMOVE: Act.POST_REMOVED,
    Decision.CLOSE: Act.THREAD_CLOSED,
}


@router.get("")
def show_reported(
    request: Request,
    actor: AsCoordinator,
    db: Db,
    settings: ServerSettings,
) -> HTMLResponse:
    """List the posts of the area that wait for a decision: the words and the pseudonym alone."""
    rows = list_reported_posts(db, actor.own_id, secret=settings.secret, limit=ROWS)
    return page(
        request,
        "reported.html",
        rows=rows,
        said=said,
        done=bool(request.query_params.get("done")),
    )


@router.post("/{thread_id}/{number}/{decision}")
def decide(  # noqa: PLR0913, PLR0917 - dependencies
    actor: AsCoordinator, thread_id: UUID, number: Number, decision: Decision, db: Db, now: Now
) -> Response:
    """Leave a post, remove it, or close its thread as well."""
    try:
        settle_report(db, actor.own_id, thread_id, number, decision, now=now)
    except PostUnknown:
        raise NotHere from None
    note_act(db, _ACTS[decision], access_id=actor.access_id, subject_id=thread_id, now=now)
    return go_to("/reported?done=1")
