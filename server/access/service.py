"""Access: give it to a location, let it choose its password, sign it in, take it away."""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from server.access.duties import LOCATIONS, first_induction_due_on
from server.access.errors import (
    HandleTaken,
    InvitationRefused,
    MalformedHandle,
    MalformedInitials,
    OneTimeCodeUsed,
    SignInRefused,
    WrongOneTimeCode,
)
from server.access.models import INITIALS_MOST, Access, ConsoleSession, Invitation, Role
from server.access.secrets import (
    check_password_strength,
    hash_password,
    totp_key,
    totp_step_of,
)
from server.area.codes import County
from server.area.models import Area
from server.distributor.models import Distributor
from server.ids import new_id
from server.problems import Problem
from server.signin.codes import check_tries, hash_code, remember_wrong_try
from server.venue.models import Venue

INVITATION_LIFE = timedelta(days=7)
SESSION_LIFE = timedelta(hours=10)
"""A working day; after it the location signs in again."""
IDLE_LIFE = timedelta(hours=1)
"""A desk that was left alone so long asks again who is there."""

INITIALS_LENGTHS = range(2, INITIALS_MOST + 1)

Place = Area | County | Distributor | Venue | None
"""Where an access reaches: an area, a county, a location, or everywhere (the national service)."""

_HANDLE = re.compile(r"[a-z0-9][a-z0-9-]{1,58}[a-z0-9]")
_ROLES: dict[type[Area | County | Distributor | Venue], tuple[Role, str, str]] = {
    Area: (Role.COORDINATOR, "area_id", "id"),
    County: (Role.ANALYST, "county_code", "code"),
    Distributor: (Role.DISTRIBUTOR, "distributor_id", "id"),
    Venue: (Role.VENUE, "venue_id", "id"),
}
"""What a place makes of an access: the role, and the column that keeps what of the place."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody typed to sign in, and what the password check said of it.

    The check takes a tenth of a second, so it is made before the transaction is opened.
    """

    access_id: UUID | None
    password_matches: bool
    code: str
    client: str
    """Whom a wrong try counts against: this browser if it is known, else its address."""
    initials: str | None = None
    """Of who signs in, if the location wants them in the log."""


def grant_access(
    db: Session, place: Place, *, handle: str, secret: bytes, now: datetime
) -> tuple[Access, str]:
    """Give a place access by the name *handle*; give it with its invitation, told only here.

    Raises:
        MalformedHandle, HandleTaken.
    """
    for problem in problems_of_handle(db, handle):
        raise problem
    access = Access(id=new_id(now), handle=handle, role=Role.SERVICE, granted_at=now)
    if place is not None:
        access.role, column, kept = _ROLES[type(place)]
        setattr(access, column, getattr(place, kept))
    if access.role in LOCATIONS:
        access.induction_due_on = first_induction_due_on(now)
    db.add(access)
    db.flush()
    return access, invite(db, access, secret=secret, now=now)


def problems_of_handle(db: Session, handle: str) -> Iterator[Problem]:
    """Give what stands in the way of signing in by a name."""
    if not _HANDLE.fullmatch(handle):
        yield MalformedHandle()
    elif db.scalar(select(Access.id).where(Access.handle == handle)) is not None:
        yield HandleTaken()


def invite(db: Session, access: Access, *, secret: bytes, now: datetime) -> str:
    """Give a fresh invitation; from now on it is the only way in.

    Whoever lost the password or the authenticator may have lost them to somebody.
    """
    _close(db, access)
    code = secrets.token_urlsafe(32)
    db.add(
        Invitation(
            code_hash=hash_code(code, secret),
            access_id=access.id,
            usable_until=now + INVITATION_LIFE,
        )
    )
    access.withdrawn_at = None
    return code


def read_invitation(db: Session, code: str, *, secret: bytes, now: datetime) -> Invitation:
    """Find an invitation that still works, with its access.

    Raises:
        InvitationRefused.
    """
    found = None
    if code.isascii():
        found = db.scalar(
            select(Invitation)
            .where(Invitation.code_hash == hash_code(code, secret))
            .options(joinedload(Invitation.access))
            .with_for_update(of=Invitation)
        )
    if found is None or found.used_at is not None or found.usable_until <= now:
        raise InvitationRefused
    return found


def accept_invitation(  # noqa: PLR0913 - all by keyword
    db: Session,
    invitation: Invitation,
    *,
    password: str,
    one_time_code: str,
    secret: bytes,
    now: datetime,
) -> None:
    """Set the location's password and authenticator, and end whatever was signed in before.

    Raises:
        PasswordTooWeak, WrongOneTimeCode: Nothing is changed; the invitation works still.
    """
    access = invitation.access
    check_password_strength(password, access.handle)
    key = totp_key(invitation.code_hash, secret)
    step = totp_step_of(one_time_code, key, now=now)
    if step is None:
        raise WrongOneTimeCode
    access.password_hash = hash_password(password)
    access.totp_salt, access.totp_step = invitation.code_hash, step
    invitation.used_at = now
    end_sessions(db, access.id)


def sign_in(db: Session, claim: Claim, *, secret: bytes, now: datetime) -> tuple[Access, str]:
    """Start a session; give whose it is, and what its cookie says.

    Whoever knows no password can lock out nobody but himself: wrong tries count against the browser
    that signed in here before, or else against the address. Who knows it and guesses the six digits
    has five tries an hour from everywhere.

    Raises:
        TooManyTries, SignInRefused, OneTimeCodeUsed.
    """
    check_tries(db, claim.client, now=now)
    access = None
    if claim.access_id is not None and claim.password_matches:
        access = db.get(Access, claim.access_id, with_for_update=True)
    if access is None or access.withdrawn_at is not None or access.totp_salt is None:
        remember_wrong_try(db, claim.client, now=now)
        raise SignInRefused
    of_codes = hash_code(f"totp {access.id}", secret).hex()
    check_tries(db, of_codes, now=now)
    step = totp_step_of(claim.code, totp_key(access.totp_salt, secret), now=now)
    if step is None:
        remember_wrong_try(db, claim.client, now=now)
        remember_wrong_try(db, of_codes, now=now)
        raise SignInRefused
    if access.totp_step is not None and step <= access.totp_step:
        raise OneTimeCodeUsed  # a colleague signed in this half minute: no wrong try
    access.totp_step = step
    return access, start_session(db, access, now=now, initials=claim.initials)


def read_initials(typed: str) -> str | None:
    """Read initials as they are kept, in capitals; none if none were typed.

    Raises:
        MalformedInitials.
    """
    initials = unicodedata.normalize("NFC", typed).replace(".", "").strip().upper()
    if not initials:
        return None
    if len(initials) not in INITIALS_LENGTHS or not initials.isalpha():
        raise MalformedInitials
    return initials


def start_session(
    db: Session, access: Access, *, now: datetime, initials: str | None = None
) -> str:
    """Start a session for *access*; sweep out those that are over."""
    db.execute(delete(ConsoleSession).where(ConsoleSession.usable_until <= now))
    told = secrets.token_urlsafe(32)
    db.add(
        ConsoleSession(
            session_hash=session_hash(told),
            access_id=access.id,
            started_at=now,
            seen_at=now,
            usable_until=now + SESSION_LIFE,
            initials=initials,
        )
    )
    return told


def find_session(db: Session, told: str, *, now: datetime) -> ConsoleSession | None:
    """Find a session that goes on, with its access and the place that it is for."""
    return db.scalar(
        select(ConsoleSession)
        .join(ConsoleSession.access)
        .where(
            ConsoleSession.session_hash == session_hash(told),
            ConsoleSession.usable_until > now,
            ConsoleSession.seen_at > now - IDLE_LIFE,
            Access.withdrawn_at.is_(None),
        )
        .options(
            joinedload(ConsoleSession.access).options(
                joinedload(Access.area), joinedload(Access.distributor), joinedload(Access.venue)
            )
        )
    )


def touch_session(db: Session, told: str, *, now: datetime) -> None:
    """Remember that somebody is there."""
    db.execute(
        update(ConsoleSession)
        .where(ConsoleSession.session_hash == session_hash(told))
        .values(seen_at=now)
    )


def end_session(db: Session, told: str) -> None:
    """Sign out this one browser."""
    db.execute(delete(ConsoleSession).where(ConsoleSession.session_hash == session_hash(told)))


def end_sessions(db: Session, access_id: UUID) -> None:
    """Sign out every browser of a location."""
    db.execute(delete(ConsoleSession).where(ConsoleSession.access_id == access_id))


def withdraw_access(db: Session, access: Access, *, now: datetime) -> None:
    """Take a location's access away, at once also from whoever is signed in."""
    access.withdrawn_at = now
    _close(db, access)


def _close(db: Session, access: Access) -> None:
    access.password_hash = access.totp_salt = access.totp_step = None
    db.execute(delete(Invitation).where(Invitation.access_id == access.id))
    end_sessions(db, access.id)


def session_hash(told: str) -> bytes:
    """Give what the database keeps of a session's cookie."""
    return hashlib.sha256(told.encode()).digest()
