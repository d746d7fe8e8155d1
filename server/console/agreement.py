"""Pages of a distributor or a venue: the agreement that it follows, and its yearly induction."""

from http import HTTPStatus
from typing import cast

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from server.access.duties import AGREEMENT, LOCATIONS, agree, confirm_induction
from server.access.models import Access
from server.audit.service import Act, note_act
from server.clock import Now
from server.console.actors import AsAnybody, AsLocation
from server.console.forms import TypedForm
from server.console.kept import go_on
from server.console.pages import go_to, page, texts_of
from server.db import Db
from server.info.layout import read_agreement
from server.info.words import CONTROLLER_MISSING
from server.settings import Settings
from server.texts import N_

router = APIRouter(prefix="/agreement")

THANKS = N_("Thank you")


@router.get("")
def show_agreement(request: Request, actor: AsAnybody, db: Db) -> HTMLResponse:
    """Show the agreement to whoever reads it again, and where the location stands with it."""
    access = db.get_one(Access, actor.access_id)
    done = bool(request.query_params.get("done"))
    own = access if actor.role in LOCATIONS and not actor.must_agree else None
    return agreement_page(request, access=own, done=done)


@router.post("")
def acknowledge(request: Request, actor: AsLocation, form: TypedForm, db: Db, now: Now) -> Response:
    """Acknowledge the newest agreement, and go on with what was being done."""
    then, kept = form.text("then"), form.text("kept")
    if form.number("version") != AGREEMENT:  # a newer one came while this was being read
        return agreement_page(request, then=then, kept=kept)
    if actor.must_agree:
        access = db.get_one(Access, actor.access_id, with_for_update=True)
        agree(access, now=now)
        note_act(db, Act.AGREEMENT_ACKNOWLEDGED, access_id=access.id, now=now)
    return go_on(request, then=then, kept=kept, access_id=actor.access_id, heading=THANKS)


@router.post("/induction")
def confirm(actor: AsLocation, db: Db, now: Now) -> Response:
    """Confirm that everybody here has gone through the induction."""
    access = db.get_one(Access, actor.access_id, with_for_update=True)
    confirm_induction(access, now=now)
    note_act(db, Act.INDUCTION_CONFIRMED, access_id=access.id, now=now)
    return go_to("/agreement?done=1")


def agreement_page(  # noqa: PLR0913 - all by keyword
    request: Request,
    *,
    status: int = HTTPStatus.OK,
    access: Access | None = None,
    done: bool = False,
    then: str = "",
    kept: str = "",
) -> HTMLResponse:
    """Draw the agreement; *access* is whose standing is told, *then* and *kept* what waits."""
    t = texts_of(request)
    settings = cast("Settings", request.app.state.settings)
    controller = " ".join(settings.controller.split()) or t(CONTROLLER_MISSING)
    return page(
        request,
        "agreement.html",
        status=status,
        sections=read_agreement(t.language, AGREEMENT, controller=controller),
        version=AGREEMENT,
        access=access,
        done=done,
        then=then,
        kept=kept,
    )
