"""HTTP: one request that refreshes a scanner."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from server.actors import Keys
from server.clock import Now
from server.db import Db
from server.problems import refusals
from server.signin.errors import SignInRequired
from server.snapshot.service import take_snapshot
from server.venue.actors import SignedInScanner
from shared.venue import ScannerSnapshot
from shared.wire import to_json

router = APIRouter(tags=["scanner"])

Numbers = Annotated[list[Annotated[int, Query(ge=0, le=65535)]], Query(min_length=1, max_length=16)]
Held = Annotated[str | None, Header(max_length=200)]


@router.get(
    "/scanner/snapshot",
    response_model=ScannerSnapshot,
    responses=refusals(SignInRequired) | {304: {"description": "Nothing has changed."}},
)
def read_snapshot(  # noqa: PLR0913, PLR0917 - a sentence of types
    scanner: SignedInScanner,
    db: Db,
    now: Now,
    ring: Keys,
    lists: Numbers = [0],  # noqa: B006 - FastAPI copies it
    if_none_match: Held = None,
) -> Response:
    """Read all that a scanner should know now; `lists` are the status lists it keeps."""
    held = None if if_none_match is None else if_none_match.removeprefix("W/").strip('"')
    snapshot = take_snapshot(db, scanner, lists, held=held, ring=ring, now=now)
    kept = {"ETag": f'"{held if snapshot is None else snapshot.version}"'}
    headers = kept | {"Cache-Control": "private, no-cache"}
    if snapshot is None:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(to_json(snapshot), media_type="application/json", headers=headers)
