"""Visits that holders say are not theirs: their venue or its coordinator decides about each."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session
from starlette.responses import Response

from server.access.models import Role
from server.audit.service import Act, note_act
from server.clock import Now
from server.console.actors import Actor, Only
from server.console.errors import NotHere
from server.console.pages import go_to, page
from server.db import Db
from server.dispute.errors import DisputedVisitUnknown
from server.dispute.service import list_open_disputes, of_area, of_venue, settle_dispute
from server.texts import N_
from server.venue.words import CATEGORIES
from shared.visit import DisputeOutcome

router = APIRouter(prefix="/disputes")

AsDeciding = Annotated[Actor, Depends(Only(Role.VENUE, Role.COORDINATOR))]

ROWS = 50
DONE = {
    "undone": N_("The visit is undone. Its holder is told."),
    "happened": N_("The visit stands. Its holder is told."),
    "already": N_("Somebody had decided about this visit already."),
}
_ACTS = {
    DisputeOutcome.UNDONE: Act.VISIT_UNDONE,
    DisputeOutcome.HAPPENED: Act.VISIT_UPHELD,
}


@router.get("")
def show_disputes(
    request: Request, actor: AsDeciding, db: Db, after: str | None = None
) -> HTMLResponse:
    """List the visits about which a holder's word waits; nothing of the holder is shown."""
    last = _instant(after)
    found = list_open_disputes(db, _place(actor), after=last, limit=ROWS + 1)
    return page(
        request,
        "disputes.html",
        rows=found[:ROWS],
        next_after=found[ROWS - 1].dispute.told_at.isoformat() if len(found) > ROWS else None,
        categories=CATEGORIES,
        of_area=actor.role is Role.COORDINATOR,
        done=DONE.get(request.query_params.get("done", "")),
    )


@router.post("/{dispute_id}/undo")
def undo(actor: AsDeciding, dispute_id: UUID, db: Db, now: Now) -> Response:
    """Undo the visit, however old."""
    return _settle(actor, dispute_id, DisputeOutcome.UNDONE, db, now=now)


@router.post("/{dispute_id}/uphold")
def uphold(actor: AsDeciding, dispute_id: UUID, db: Db, now: Now) -> Response:
    """Say that the visit happened."""
    return _settle(actor, dispute_id, DisputeOutcome.HAPPENED, db, now=now)


def _settle(
    actor: Actor, dispute_id: UUID, outcome: DisputeOutcome, db: Session, *, now: datetime
) -> Response:
    access_id = actor.access_id
    try:
        visit_id = settle_dispute(
            db, _place(actor), dispute_id, outcome, access_id=access_id, now=now
        )
    except DisputedVisitUnknown:
        raise NotHere from None
    if visit_id is None:
        return go_to("/disputes?done=already")
    note_act(db, _ACTS[outcome], access_id=access_id, subject_id=visit_id, now=now)
    return go_to(f"/disputes?done={outcome}")


def _place(actor: Actor) -> ColumnElement[bool]:
    return of_venue(actor.own_id) if actor.role is Role.VENUE else of_area(actor.own_id)


def _instant(written: str | None) -> datetime | None:
    try:
        instant = None if written is None else datetime.fromisoformat(written)
    except ValueError:
        return None
    return instant if instant is not None and instant.tzinfo is not None else None
