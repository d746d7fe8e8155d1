"""HTTP: the holder's visits."""

from typing import Annotated

from fastapi import APIRouter, Query

from server.card.actors import SignedInHolder
from server.db import Db
from server.problems import refusals
from server.signin.errors import SignInRequired
from server.visit.errors import MalformedCursor
from server.visit.service import list_visits
from shared.visit import VisitPage

router = APIRouter(tags=["visit"])

Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str | None, Query(max_length=200)]


@router.get("/visits", responses=refusals(SignInRequired, MalformedCursor))
def read_history(
    holder: SignedInHolder, db: Db, limit: Limit = 50, cursor: Cursor = None
) -> VisitPage:
    """Read the holder's own visits, newest first."""
    return list_visits(db, holder, limit=limit, cursor=cursor)
