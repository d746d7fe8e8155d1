"""Who is calling, and what the server has: the parameters that a route can ask for by type."""

import hmac
from typing import Annotated, cast

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from server.card.models import Card
from server.clock import Now
from server.db import Db
from server.settings import Settings
from server.signin.errors import SignInRequired
from server.signin.models import BearerGrant
from server.signin.service import holds_bearer
from server.signing import KeyRing
from server.venue.models import Scanner

_bearer = HTTPBearer(auto_error=False)
_Sent = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def _holder(sent: _Sent, db: Db, now: Now) -> Card:
    card = None
    if sent is not None:
        card = db.scalar(
            select(Card)
            .join(BearerGrant, BearerGrant.card_id == Card.id)
            .where(holds_bearer(sent.credentials, now=now))
        )
    if card is None:
        raise SignInRequired
    return card


def _scanner(sent: _Sent, db: Db, now: Now) -> Scanner:
    scanner = None
    if sent is not None:
        scanner = db.scalar(
            select(Scanner)
            .join(BearerGrant, BearerGrant.scanner_id == Scanner.id)
            .where(holds_bearer(sent.credentials, now=now), Scanner.revoked_at.is_(None))
            .options(joinedload(Scanner.venue))
        )
    if scanner is None:
        raise SignInRequired
    return scanner


def _settings(request: Request) -> Settings:
    return cast("Settings", request.app.state.settings)


def _ring(request: Request) -> KeyRing:
    return cast("KeyRing", request.app.state.ring)


def _client(request: Request) -> str:
    address = "" if request.client is None else request.client.host
    secret = _settings(request).code_secret.get_secret_value().encode()
    return hmac.new(secret, address.encode(), "sha256").hexdigest()


SignedInHolder = Annotated[Card, Depends(_holder)]
"""The card whose phone has proved its key within the last quarter of an hour."""

SignedInScanner = Annotated[Scanner, Depends(_scanner)]
"""The scanner that has proved its key, with its venue."""

ServerSettings = Annotated[Settings, Depends(_settings)]
Keys = Annotated[KeyRing, Depends(_ring)]

Client = Annotated[str, Depends(_client)]
"""A keyed hash of the caller's address: enough to count wrong tries, too little to know where."""
