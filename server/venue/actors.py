"""The scanner as a parameter of routes."""

from typing import Annotated

from fastapi import Depends
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from server.actors import SentBearer
from server.clock import Now
from server.db import Db
from server.signin.errors import SignInRequired
from server.signin.models import BearerGrant
from server.signin.service import holds_bearer
from server.venue.models import Scanner

# Built once: every request of a scanner asks it.
_SIGNED_IN = (
    select(Scanner)
    .join(BearerGrant, BearerGrant.scanner_id == Scanner.id)
    .where(Scanner.revoked_at.is_(None))
    .options(joinedload(Scanner.venue))
)


def _scanner(sent: SentBearer, db: Db, now: Now) -> Scanner:
    scanner = None
    if sent is not None:
        scanner = db.scalar(_SIGNED_IN.where(holds_bearer(sent.credentials, now=now)))
    if scanner is None:
        raise SignInRequired
    return scanner


SignedInScanner = Annotated[Scanner, Depends(_scanner)]
"""The scanner that has proved its key within the last quarter of an hour, with its venue."""
