"""Giving access, inviting again, taking access away: each is written down, by whom."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from server.access.models import Access
from server.access.service import INVITATION_LIFE, Place, grant_access, invite, withdraw_access
from server.actors import ServerSettings
from server.audit.service import Act, note_act
from server.clock import Now
from server.console.actors import Actor
from server.console.pages import BASE, page
from server.db import Db


class Inviting:
    """What coordinators do for locations, and Kaikukeskus for coordinators and counties."""

    def __init__(self, request: Request, db: Db, now: Now, settings: ServerSettings) -> None:
        self._request, self._db, self._now, self._settings = request, db, now, settings

    def give(self, actor: Actor, place: Place, *, handle: str, name: str) -> HTMLResponse:
        """Give a place access, and show its invitation."""
        access, code = grant_access(
            self._db, place, handle=handle, secret=self._settings.secret, now=self._now
        )
        self._note(Act.ACCESS_GRANTED, actor, access)
        return self._show(access, code, place=name)

    def again(self, actor: Actor, access: Access) -> HTMLResponse:
        """Show another invitation; the old password and authenticator end."""
        code = invite(self._db, access, secret=self._settings.secret, now=self._now)
        self._note(Act.ACCESS_INVITED, actor, access)
        return self._show(access, code, place=access.handle)

    def withdraw(self, actor: Actor, access: Access) -> None:
        """Take access away, at once."""
        withdraw_access(self._db, access, now=self._now)
        self._note(Act.ACCESS_WITHDRAWN, actor, access)

    def _note(self, act: Act, actor: Actor, access: Access) -> None:
        note_act(self._db, act, access_id=actor.access_id, subject_id=access.id, now=self._now)

    def _show(self, access: Access, code: str, *, place: str) -> HTMLResponse:
        return page(
            self._request,
            "invited.html",
            place=place,
            handle=access.handle,
            link=f"{self._settings.base_url}{BASE}/invitation/{code}",  # told this once only
            until=self._now + INVITATION_LIFE,
        )


Invitations = Annotated[Inviting, Depends()]
