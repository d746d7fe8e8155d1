"""Who is at the console, as a parameter of its pages; every page names the roles it is for."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, cast
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy.orm import Session, sessionmaker

from server.access.duties import LOCATIONS, Induction, induction_of, must_agree
from server.access.models import ConsoleSession, Role
from server.access.service import find_session, touch_session
from server.area.codes import COUNTIES
from server.clock import Now
from server.console.pages import texts_of
from server.db import READS
from server.problems import Problem

COOKIE = "kaiku_session"
TOUCHED_EVERY = timedelta(minutes=5)


class ConsoleSignInRequired(Problem):
    """Nobody is signed in here, or not any more."""

    status = 401
    code = "console_sign_in_required"


class NotForThisRole(Problem):
    """This page belongs to another role."""

    status = 403
    code = "not_for_this_role"


class AgreementAsked(Problem):
    """The location has not acknowledged the newest agreement yet."""

    status = 403
    code = "agreement_asked"


@dataclass(frozen=True, slots=True)
class Actor:
    """The location that is signed in, and where its access reaches."""

    access_id: UUID
    role: Role
    handle: str
    place: str
    """The name of the location, area or county; empty for the national service."""
    place_id: UUID | None
    """The distributor, venue or area that the role is about; the others have none."""
    county_code: str | None
    """The county that the role is about; analysts have one."""
    initials: str | None
    must_agree: bool
    induction: Induction
    induction_due_on: date | None

    @property
    def own_id(self) -> UUID:
        """Give the place's id, where the role has one.

        Raises:
            LookupError: It has none; no page asks that of an analyst or the national service.
        """
        if self.place_id is None:
            raise LookupError(f"{self.role} is no place")
        return self.place_id


class Only:
    """Lets in the named roles and nobody else."""

    def __init__(self, *roles: Role, agreed: bool = True) -> None:
        self.roles = frozenset(roles)
        self._agreed = agreed

    def __call__(self, request: Request, now: Now) -> Actor:
        """Give who is signed in.

        Raises:
            ConsoleSignInRequired, NotForThisRole, AgreementAsked.
        """
        actor = signed_in(request, now)
        if actor is None:
            raise ConsoleSignInRequired
        if actor.role not in self.roles:
            raise NotForThisRole
        if actor.must_agree and self._agreed:
            raise AgreementAsked
        return actor


def signed_in(request: Request, now: datetime) -> Actor | None:
    """Give who is signed in, if anybody; and remember that somebody is there.

    In a transaction of its own, over before that of the page begins.
    """
    told = request.cookies.get(COOKIE)
    if not told:
        return None
    sessions = cast("sessionmaker[Session]", request.app.state.sessions)
    with sessions() as db:
        db.connection(execution_options={READS: True})
        found = find_session(db, told, now=now)
    if found is None:
        return None
    if now - found.seen_at > TOUCHED_EVERY:
        with sessions.begin() as db:
            touch_session(db, told, now=now)
    language = texts_of(request).language
    request.state.actor = actor = _actor_of(found, now=now, language=language)
    request.state.initials = actor.initials  # for the audit log
    return actor


def _actor_of(session: ConsoleSession, *, now: datetime, language: str) -> Actor:
    access = session.access
    place = access.distributor or access.venue or access.area
    code = access.county_code
    county = "" if code is None else COUNTIES[code].name(language)
    return Actor(
        access_id=access.id,
        role=access.role,
        handle=access.handle,
        place=county if place is None else place.name,
        place_id=None if place is None else place.id,
        county_code=code,
        initials=session.initials,
        must_agree=must_agree(access),
        induction=induction_of(access, now),
        induction_due_on=access.induction_due_on,
    )


AsDistributor = Annotated[Actor, Depends(Only(Role.DISTRIBUTOR))]
AsVenue = Annotated[Actor, Depends(Only(Role.VENUE))]
AsCoordinator = Annotated[Actor, Depends(Only(Role.COORDINATOR))]
AsService = Annotated[Actor, Depends(Only(Role.SERVICE))]
AsAnybody = Annotated[Actor, Depends(Only(*Role, agreed=False))]
"""Also who has still to agree: for the agreement itself, and the way out."""
AsLocation = Annotated[Actor, Depends(Only(*LOCATIONS, agreed=False))]
