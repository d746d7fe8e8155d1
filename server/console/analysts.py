"""Pages of Kaikukeskus: which wellbeing counties have access to their figures."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session
from starlette.responses import Response

from server.access.listing import analyst_access, list_analysts
from server.access.models import Access
from server.access.service import problems_of_handle
from server.area.codes import COUNTIES
from server.console.actors import AsService
from server.console.errors import CountyMissing, NotHere
from server.console.forms import Form, TypedForm
from server.console.inviting import Invitations
from server.console.pages import go_to, page, texts_of
from server.db import Db

router = APIRouter(prefix="/analysts")

MOST = 500
"""More than there will be: a few for each of 23 counties."""
_BESIDE = {
    "county_missing": "county",
    "malformed_handle": "handle",
    "handle_taken": "handle",
}


@router.get("")
def show_analysts(request: Request, _actor: AsService, db: Db) -> HTMLResponse:
    """List the analysts, with the form for another."""
    return _analysts_page(request, db)


@router.post("")
def add_analyst(
    request: Request,
    actor: AsService,
    form: TypedForm,
    db: Db,
    invitations: Invitations,
) -> Response:
    """Give a wellbeing county access, and show its invitation."""
    county = COUNTIES.get(form.text("county"))
    handle = form.text("handle").lower()
    if county is None:
        form.refuse([CountyMissing()], _BESIDE)
    form.refuse(problems_of_handle(db, handle), _BESIDE)
    if county is None or form.errors:
        return _analysts_page(request, db, form=form)
    name = county.name(texts_of(request).language)
    return invitations.give(actor, county, handle=handle, name=name)


@router.post("/{access_id}/invite")
def invite_again(actor: AsService, access_id: UUID, db: Db, invitations: Invitations) -> Response:
    """Give an analyst another invitation; the old password and authenticator end."""
    return invitations.again(actor, _analyst(db, access_id))


@router.post("/{access_id}/withdraw")
def withdraw(actor: AsService, access_id: UUID, db: Db, invitations: Invitations) -> Response:
    """Take an analyst's access away, at once."""
    invitations.withdraw(actor, _analyst(db, access_id))
    return go_to("/analysts?done=1")


def _analyst(db: Session, access_id: UUID) -> Access:
    access = analyst_access(db, access_id)
    if access is None:
        raise NotHere
    return access


def _analysts_page(request: Request, db: Session, *, form: Form | None = None) -> HTMLResponse:
    language = texts_of(request).language
    return page(
        request,
        "analysts.html",
        status=HTTPStatus.OK if form is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        rows=list_analysts(db, limit=MOST),
        counties={code: one.name(language) for code, one in COUNTIES.items()},
        done=bool(request.query_params.get("done")),
        typed={} if form is None else form.typed,
        errors={} if form is None else form.errors,
    )
