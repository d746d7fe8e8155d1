"""HTTP: undoing visits."""

from fastapi import APIRouter

from server.clock import Now
from server.db import Db
from server.problems import refusals
from server.signin.errors import SignInRequired
from server.venue.actors import SignedInScanner
from server.voiding.errors import UndoTooLate, VisitNotFound
from server.voiding.service import void_visit
from server.wire import TooLarge
from shared.visit import VoidReceipt, VoidRequest

router = APIRouter(tags=["visit"])


@router.post("/voidings", responses=refusals(SignInRequired, VisitNotFound, UndoTooLate, TooLarge))
def undo_visit(request: VoidRequest, scanner: SignedInScanner, db: Db, now: Now) -> VoidReceipt:
    """Undo a visit that this venue recorded within the last 15 minutes."""
    return void_visit(db, scanner, request.scan_id, now=now)
