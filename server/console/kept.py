"""A form that something came before: its session ended, or there is an agreement to read first.

It waits, sealed, inside the page that comes between, because who sits there now is not known yet;
it is sent on only for the location that typed it.
"""

import base64
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from fastapi import Request
from sqlalchemy.orm import Session, sessionmaker
from starlette.responses import Response

from server.access.models import ConsoleSession
from server.access.service import session_hash
from server.clock import Clock, seconds
from server.console.actors import COOKIE
from server.console.pages import go_to, page
from server.db import READS
from server.settings import Settings

KEPT_FOR = timedelta(hours=10)


@dataclass(frozen=True, slots=True)
class KeptForm:
    """What was typed, and the location that was signed in before, if that is known."""

    fields: Mapping[str, str]
    owner: str | None


def keep_form(request: Request, typed: Mapping[str, str]) -> str:
    """Seal what was typed, for the location whose session this is or was."""
    settings = cast("Settings", request.app.state.settings)
    sessions = cast("sessionmaker[Session]", request.app.state.sessions)
    with sessions() as db:
        db.connection(execution_options={READS: True})
        session = db.get(ConsoleSession, session_hash(request.cookies.get(COOKIE, "")))
    owner = None if session is None else str(session.access_id)
    now = cast("Clock", request.app.state.clock)()
    return seal_form(KeptForm(typed, owner), secret=settings.secret, now=now)


def go_on(request: Request, *, then: str, kept: str, access_id: UUID, heading: str) -> Response:
    """Go where *then* leads, with the form that waited if this location typed it."""
    settings = cast("Settings", request.app.state.settings)
    now = cast("Clock", request.app.state.clock)()
    waiting = open_form(kept, secret=settings.secret, now=now)
    if waiting is None or waiting.owner not in {None, str(access_id)}:
        return go_to(own_path(then))
    return page(request, "go-on.html", then=own_path(then), waiting=waiting.fields, heading=heading)


def own_path(path: str) -> str:
    """Give *path* if it is one of ours: `//elsewhere` would lead away."""
    parts = urlsplit(path)
    ours = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if ours and not parts.scheme and not parts.netloc else "/"


def seal_form(form: KeptForm, *, secret: bytes, now: datetime) -> str:
    """Seal a form for the sign-in page to carry."""
    content = json.dumps({"fields": dict(form.fields), "owner": form.owner}).encode()
    return _box(secret).encrypt_at_time(content, seconds(now)).decode()


def open_form(sealed: str, *, secret: bytes, now: datetime) -> KeptForm | None:
    """Open what a sign-in page carried; nothing if it is none of ours, or too old."""
    life_s = int(KEPT_FOR.total_seconds())
    try:
        content = _box(secret).decrypt_at_time(sealed.encode(), life_s, seconds(now))
    except InvalidToken:
        return None
    kept = json.loads(content)
    return KeptForm(kept["fields"], kept["owner"])


def _box(secret: bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hmac.digest(secret, b"kept forms", "sha256")))
