"""What a route can ask for by type; who is calling is known to `card` and `venue`."""

import hmac
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import Annotated, TypedDict, cast

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from server.clock import Now
from server.keyfolder import KeyFolder
from server.settings import Settings
from server.signing import KeyRing

SentBearer = Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]
"""What the caller sent, not yet looked at."""


# Async, though nothing is awaited: FastAPI sends every other function through a thread.
async def _settings(request: Request) -> Settings:
    return cast("Settings", request.app.state.settings)


async def _ring(request: Request) -> KeyRing:
    return cast("KeyFolder", request.app.state.keys).ring_at(request.app.state.clock())


def _client(request: Request) -> str:
    address = "" if request.client is None else _subscriber(request.client.host)
    settings = cast("Settings", request.app.state.settings)
    secret = settings.secret
    return hmac.new(secret, address.encode(), "sha256").hexdigest()


def _subscriber(host: str) -> str:
    """Give what one caller cannot change at will: of IPv6, everybody has a whole /64."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if address.version == 4:  # noqa: PLR2004 - IPv4
        return host
    return str(ip_network((address, 64), strict=False))


ServerSettings = Annotated[Settings, Depends(_settings)]
Keys = Annotated[KeyRing, Depends(_ring)]


class Judging(TypedDict):
    """What the register needs to judge a card, by the names under which services ask for it."""

    ring: KeyRing
    settings: Settings
    now: datetime


async def _judging(ring: Keys, settings: ServerSettings, now: Now) -> Judging:
    return Judging(ring=ring, settings=settings, now=now)


ToJudge = Annotated[Judging, Depends(_judging)]

Client = Annotated[str, Depends(_client)]
"""A keyed hash of the caller's address: enough to count wrong tries, too little to know where."""
