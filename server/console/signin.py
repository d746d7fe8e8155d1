"""Pages: sign in and out, take an invitation, choose language and text size."""

import hmac
import secrets
from datetime import datetime
from http import HTTPStatus
from threading import BoundedSemaphore
from typing import Annotated, Any, cast

import pyotp
from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from starlette.responses import Response

from server.access.errors import (
    MalformedInitials,
    OneTimeCodeUsed,
    PasswordTooWeak,
    SignInRefused,
    WrongOneTimeCode,
)
from server.access.models import Access
from server.access.secrets import is_password, totp_key, totp_link
from server.access.service import (
    SESSION_LIFE,
    Claim,
    accept_invitation,
    end_session,
    read_initials,
    read_invitation,
    sign_in,
)
from server.actors import Client, ServerSettings
from server.audit.service import Act, note_act
from server.clock import Now, seconds
from server.console.actors import COOKIE, AsAnybody
from server.console.forms import Form, TypedForm
from server.console.kept import go_on, own_path
from server.console.pages import (
    BASE,
    LANGUAGE_COOKIE,
    LANGUAGES,
    MENUS,
    SIZE_COOKIE,
    SIZES,
    go_to,
    page,
)
from server.console.pictures import qr_picture
from server.db import READS, Db
from server.settings import Settings
from server.signin.codes import check_tries, slow_down
from server.signin.errors import TooManyTries
from server.texts import N_

router = APIRouter()

DEVICE_COOKIE = "kaiku_device"
YEAR_S = 365 * 86_400
_SIGNED_IN_AGAIN = N_("You are signed in again")
_AT_ONCE = BoundedSemaphore(4)
"""Each check of a password takes 19 MiB and a core; doors are waiting too."""


def sign_in_page(
    request: Request,
    *,
    now_s: int,
    status: int = HTTPStatus.OK,
    then: str = "",
    kept: str = "",
    **values: Any,
) -> HTMLResponse:
    """Draw the sign-in form; *then* is where it leads, *kept* another form that waits meanwhile."""
    settings = cast("Settings", request.app.state.settings)
    demo = _demo_codes(request, settings, now_s=now_s) if settings.demo else []
    return page(request, "sign-in.html", status=status, then=then, kept=kept, demo=demo, **values)


@router.get("/sign-in")
def show_sign_in(request: Request, now: Now) -> HTMLResponse:
    """Show the sign-in form."""
    return sign_in_page(request, now_s=seconds(now))


def _claim(
    request: Request, form: TypedForm, client: Client, now: Now, settings: ServerSettings
) -> Claim:
    """Check the password before the transaction begins: it takes a tenth of a second.

    Who has no try left is not worth that: sign_in says so. Neither is a form with a mistake in it.
    """
    sessions = cast("sessionmaker[Session]", request.app.state.sessions)
    initials = _initials(form)
    handle = form.text("handle").lower()
    at_address = hmac.new(settings.secret, f"console {client}".encode(), "sha256").hexdigest()
    asker = _known_device(request, handle, settings) or at_address
    if form.errors:
        return Claim(None, password_matches=False, code="", client=asker)
    with sessions() as db:
        db.connection(execution_options={READS: True})
        try:
            check_tries(db, asker, now=now)
        except TooManyTries:
            return Claim(None, password_matches=False, code="", client=asker)
        found = db.execute(
            select(Access.id, Access.password_hash).where(Access.handle == handle)
        ).one_or_none()
    access_id, password_hash = found or (None, None)
    with _AT_ONCE:
        matches = is_password(form.typed.get("password", ""), password_hash)
    return Claim(
        access_id=access_id,
        password_matches=matches,
        code=form.text("code"),
        client=asker,
        initials=initials,
    )


def _initials(form: Form) -> str | None:
    try:
        return read_initials(form.text("initials"))
    except MalformedInitials as refused:
        form.refuse([refused], {refused.code: "initials"})
        return None


@router.post("/sign-in", dependencies=[Depends(slow_down)])
def do_sign_in(  # noqa: PLR0913, PLR0917 - dependencies
    request: Request,
    form: TypedForm,
    claim: Annotated[Claim, Depends(_claim)],
    db: Db,
    now: Now,
    settings: ServerSettings,
) -> Response:
    """Sign in; go to the page that was asked for, or on with the form that waited."""
    then, kept = form.text("then"), form.text("kept")
    typed = {name: form.text(name) for name in ("handle", "initials")}
    if form.errors:
        return sign_in_page(
            request, now_s=seconds(now), status=HTTPStatus.UNPROCESSABLE_ENTITY, then=then,
            kept=kept, typed=typed, errors=form.errors,
        )  # fmt: skip
    try:
        access, told = sign_in(db, claim, secret=settings.secret, now=now)
    except (SignInRefused, OneTimeCodeUsed, TooManyTries) as refused:
        return sign_in_page(
            request, now_s=seconds(now), status=refused.status, then=then, kept=kept,
            typed=typed, errors={"": refused},
        )  # fmt: skip
    if (left_open := request.cookies.get(COOKIE)) is not None:
        end_session(db, left_open)
    request.state.initials = claim.initials
    note_act(db, Act.SIGNED_IN, access_id=access.id, now=now)
    answer = go_on(request, then=then, kept=kept, access_id=access.id, heading=_SIGNED_IN_AGAIN)
    secure = settings.base_url.startswith("https:")
    answer.set_cookie(
        COOKIE, told, max_age=int(SESSION_LIFE.total_seconds()), path=BASE,
        secure=secure, httponly=True, samesite="lax",
    )  # fmt: skip
    answer.set_cookie(
        DEVICE_COOKIE, _device_of(access.handle, secrets.token_hex(16), settings),
        max_age=YEAR_S, path=BASE, secure=secure, httponly=True, samesite="lax",
    )  # fmt: skip
    return answer


@router.post("/sign-out")
def sign_out(request: Request, _actor: AsAnybody, db: Db) -> Response:
    """End this session."""
    end_session(db, request.cookies[COOKIE])
    answer = go_to("/sign-in")
    answer.delete_cookie(COOKIE, path=BASE)
    return answer


@router.get("/")
def start(actor: AsAnybody) -> RedirectResponse:
    """Go to the first thing that this role does."""
    return go_to(MENUS[actor.role][0][0])


@router.get("/invitation/{code}")
def show_invitation(
    request: Request, code: str, db: Db, now: Now, settings: ServerSettings
) -> HTMLResponse:
    """Let the location choose a password and set up its authenticator."""
    return _invitation_page(request, code, db, now=now, settings=settings)


@router.post("/invitation/{code}", dependencies=[Depends(slow_down)])
def take_invitation(  # noqa: PLR0913, PLR0917 - dependencies
    request: Request, code: str, form: TypedForm, db: Db, now: Now, settings: ServerSettings
) -> Response:
    """Take the invitation; it works once."""
    invitation = read_invitation(db, code, secret=settings.secret, now=now)
    try:
        accept_invitation(
            db,
            invitation,
            password=form.typed.get("password", ""),
            one_time_code=form.text("code"),
            secret=settings.secret,
            now=now,
        )
    except (PasswordTooWeak, WrongOneTimeCode) as refused:
        form.refuse([refused], {"password_too_weak": "password", "wrong_one_time_code": "code"})
        return _invitation_page(request, code, db, now=now, settings=settings, form=form)
    return page(request, "invitation-taken.html", handle=invitation.access.handle)


@router.get("/look")
def choose_look(
    request: Request, language: str = "", size: str = "", back: str = ""
) -> RedirectResponse:
    """Keep the chosen language and text size in this browser, and go back."""
    answer = go_to(own_path(back.removeprefix(BASE)))
    secure = request.app.state.settings.base_url.startswith("https:")
    for name, value, known in (
        (LANGUAGE_COOKIE, language, LANGUAGES),
        (SIZE_COOKIE, size, SIZES),
    ):
        if value in known:
            answer.set_cookie(name, value, max_age=YEAR_S, path=BASE, secure=secure, samesite="lax")
    return answer


def _invitation_page(  # noqa: PLR0913 - all by keyword
    request: Request,
    code: str,
    db: Session,
    *,
    now: datetime,
    settings: Settings,
    form: Form | None = None,
) -> HTMLResponse:
    invitation = read_invitation(db, code, secret=settings.secret, now=now)
    key = totp_key(invitation.code_hash, settings.secret)
    handle = invitation.access.handle
    return page(
        request,
        "invitation.html",
        status=HTTPStatus.OK if form is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        handle=handle,
        key=" ".join(key[at : at + 4] for at in range(0, len(key), 4)),
        picture=qr_picture(totp_link(key, handle)),
        errors={} if form is None else form.errors,
    )


def _device_of(handle: str, nonce: str, settings: Settings) -> str:
    signed = hmac.new(settings.secret, f"device {nonce} {handle}".encode(), "sha256")
    return f"{nonce}.{signed.hexdigest()}"


def _known_device(request: Request, handle: str, settings: Settings) -> str | None:
    """Name the browser, if this location signed in with it before."""
    told = request.cookies.get(DEVICE_COOKIE, "")
    expected = _device_of(handle, told.partition(".")[0], settings)
    if not hmac.compare_digest(expected.encode(), told.encode()):
        return None
    return hmac.new(settings.secret, told.encode(), "sha256").hexdigest()


def _demo_codes(request: Request, settings: Settings, *, now_s: int) -> list[tuple[str, str]]:
    """Give the six digits of this moment for each location; the demo has no secrets."""
    sessions = cast("sessionmaker[Session]", request.app.state.sessions)
    with sessions() as db:
        db.connection(execution_options={READS: True})
        found = db.execute(
            select(Access.handle, Access.totp_salt)
            .where(Access.totp_salt.is_not(None), Access.withdrawn_at.is_(None))
            .order_by(Access.handle)
            .limit(8)
        ).all()
    return [
        (handle, pyotp.TOTP(totp_key(salt, settings.secret)).at(now_s))
        for handle, salt in found
        if salt is not None
    ]
