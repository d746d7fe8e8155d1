"""HTTP: the holder's visits; undoing."""

from typing import Annotated

from fastapi import APIRouter, Query

from server.card.actors import SignedInHolder
from server.clock import Now
from server.db import Db
from server.problems import refusals
from server.signin.errors import SignInRequired
from server.venue.actors import SignedInScanner
from server.visit.errors import MalformedCursor, UndoTooLate, VisitNotFound
from server.visit.service import list_visits, void_visit
from server.wire import TooLarge
from shared.visit import VisitPage, VoidReceipt, VoidRequest

router = APIRouter(tags=["visit"])

Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str | None, Query(max_length=200)]


@router.get("/visits", responses=refusals(SignInRequired, MalformedCursor))
def read_history(
    holder: SignedInHolder, db: Db, limit: Limit = 50, cursor: Cursor = None
) -> VisitPage:
    """Read the holder's own visits, newest first."""
    return list_visits(db, holder, limit=limit, cursor=cursor)


@router.post("/voidings", responses=refusals(SignInRequired, VisitNotFound, UndoTooLate, TooLarge))
def undo_visit(request: VoidRequest, scanner: SignedInScanner, db: Db, now: Now) -> VoidReceipt:
    """Undo a visit that this venue recorded within the last 15 minutes."""
    return void_visit(db, scanner, request.scan_id, now=now)
