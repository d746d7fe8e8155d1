"""HTTP: one request that refreshes a scanner."""

from datetime import datetime
from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Query, Request, Response
from sqlalchemy.orm import Session, sessionmaker

from server.actors import Keys
from server.clock import Now
from server.db import Db
from server.held import NOTHING_CHANGED, Held, answer_unless_held
from server.problems import refusals
from server.signin.errors import SignInRequired
from server.snapshot.service import take_snapshot
from server.venue.actors import SignedInScanner
from server.venue.service import is_news_of_waiting, note_waiting
from shared.venue import ScannerSnapshot
from shared.wire import to_json

router = APIRouter(tags=["scanner"])

MOST_WAITING = 1_000_000

Numbers = Annotated[list[Annotated[int, Query(ge=0, le=65535)]], Query(min_length=1, max_length=16)]
Waiting = Annotated[int | None, Query(ge=0, le=MOST_WAITING)]


@router.get(
    "/scanner/snapshot",
    response_model=ScannerSnapshot,
    responses=refusals(SignInRequired) | NOTHING_CHANGED,
)
def read_snapshot(  # noqa: PLR0913, PLR0917 - a sentence of types
    request: Request,
    later: BackgroundTasks,
    scanner: SignedInScanner,
    db: Db,
    now: Now,
    ring: Keys,
    held: Held,
    waiting: Waiting = None,
    lists: Numbers = [0],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Read all that a scanner should know now; `lists` are the status lists it keeps.

    `waiting` is how many of its reports the server has not confirmed, for the venue to see.
    """
    if waiting is not None and is_news_of_waiting(scanner, waiting, now=now):
        later.add_task(_note_waiting, request, scanner.id, waiting, now)
    version, snapshot = take_snapshot(db, scanner, lists, held=held, ring=ring, now=now)
    body = None if snapshot is None else to_json(snapshot)
    return answer_unless_held(held, version, body, headers={"Cache-Control": "private, no-cache"})


def _note_waiting(request: Request, scanner_id: UUID, waiting: int, now: datetime) -> None:
    """Write in a transaction of its own, when the answer is gone: reading must not queue for it."""
    sessions = cast("sessionmaker[Session]", request.app.state.sessions)
    with sessions.begin() as db:
        note_waiting(db, scanner_id, waiting, now=now)
