"""Pages of a distributor: print the sheets of many cards in one file."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session
from starlette.responses import Response

from server.actors import ServerSettings
from server.audit.service import Act, note_act
from server.card.service import card_state
from server.clock import Now
from server.console.actors import Actor, AsDistributor
from server.console.cards import SHEET_LANGUAGES, STATES, pdf_answer
from server.console.forms import Form, TypedForm
from server.console.pages import go_to, page, texts_of
from server.console.work import STATES as WORK_STATES
from server.console.work import called, with_progress
from server.db import Db, NotedDb
from server.problems import Problem
from server.sheet.choice import (
    SHEETS_MOST,
    Choice,
    cards_to_print,
    chosen_cards,
    count_to_print,
)
from server.sheet.errors import NoCardChosen, SheetsGone
from server.sheet.work import ask_for_sheets, count_printed, take_sheets
from server.texts import N_, Language
from server.work.errors import TooMuchWork
from server.work.models import UNFINISHED
from server.work.service import has_file, work_of

router = APIRouter(prefix="/sheets")

ROWS = 50
CHOICES = {
    Choice.UNPRINTED: N_("Not printed yet"),
    Choice.TODAY: N_("Granted today"),
    Choice.EXPIRING: N_("Over within 60 days"),
    Choice.ALL: N_("All in force"),
}


@router.get("")
def show_choice(
    request: Request,
    actor: AsDistributor,
    db: NotedDb,
    now: Now,
    choice: Annotated[str, Query()] = "",
) -> HTMLResponse:
    """Show the cards that could be printed; who looks is written down."""
    return _choice_page(request, actor, db, Form({"choice": choice}), now=now)


@router.post("")
def print_many(
    request: Request, actor: AsDistributor, form: TypedForm, db: Db, now: Now
) -> Response:
    """Put down that the ticked cards, or all that were shown, are to be printed."""
    if form.text("which") == "all":
        cards = cards_to_print(db, actor.own_id, _choice(form), now=now)
    else:
        ticked = [name.removeprefix("card-") for name in form.typed if name.startswith("card-")]
        ids = [one for one in (Form({"id": name}).id("id") for name in ticked) if one is not None]
        cards = chosen_cards(db, actor.own_id, ids)
    language = form.text("language")
    known = language in SHEET_LANGUAGES
    try:
        work = ask_for_sheets(
            db, cards, language=Language(language) if known else texts_of(request).language,
            access_id=actor.access_id, distributor_id=actor.own_id, now=now,
        )  # fmt: skip
    except (NoCardChosen, TooMuchWork) as refused:
        return _choice_page(request, actor, db, form, now=now, problem=refused)
    return called(request, go_to(f"/sheets/{work.id}"))


@router.get("/{work_id}")
def show_sheets(request: Request, actor: AsDistributor, work_id: UUID, db: Db) -> HTMLResponse:
    """Show how far the sheets are, and the way to the file."""
    return _sheets_page(request, actor, work_id, db)


@router.post("/{work_id}/file")
def download(  # noqa: PLR0913, PLR0917 - dependencies
    request: Request,
    actor: AsDistributor,
    work_id: UUID,
    db: Db,
    now: Now,
    settings: ServerSettings,
) -> Response:
    """Give the file, once."""
    work = work_of(db, actor.own_id, work_id, locked=True)
    try:
        pdf = take_sheets(db, work, secret=settings.secret)
    except SheetsGone as gone:
        return _sheets_page(request, actor, work_id, db, problem=gone)
    note_act(db, Act.SHEETS_DOWNLOADED, access_id=actor.access_id, subject_id=work.id, now=now)
    return pdf_answer(pdf, 'attachment; filename="kaikukortti-arkit.pdf"')


def _choice(form: Form) -> Choice:
    written = form.text("choice")
    return Choice(written) if written in CHOICES else Choice.UNPRINTED


def _choice_page(  # noqa: PLR0913 - all by keyword
    request: Request,
    actor: Actor,
    db: Session,
    form: Form,
    *,
    now: Now,
    problem: Problem | None = None,
) -> HTMLResponse:
    choice = _choice(form)
    cards = cards_to_print(db, actor.own_id, choice, now=now, limit=ROWS)
    note_act(db, Act.CARDS_LISTED, access_id=actor.access_id, now=now)
    return page(
        request,
        "sheets.html",
        status=HTTPStatus.OK if problem is None else problem.status,
        problem=problem,
        choice=choice,
        choices=CHOICES,
        typed=form.typed,
        rows=[(card, STATES[card_state(card, now)]) for card in cards],
        all=min(count_to_print(db, actor.own_id, choice, now=now), SHEETS_MOST),
        most=SHEETS_MOST,
        sheet_languages=SHEET_LANGUAGES,
    )


def _sheets_page(
    request: Request,
    actor: Actor,
    work_id: UUID,
    db: Session,
    *,
    problem: Problem | None = None,
) -> HTMLResponse:
    work = work_of(db, actor.own_id, work_id)
    printed = count_printed(db, work)
    answer = page(
        request,
        "sheets-work.html",
        status=HTTPStatus.OK if problem is None else problem.status,
        problem=problem,
        work=work,
        states=WORK_STATES,
        unfinished=work.state in UNFINISHED,
        printed=printed,
        left_out=work.done - printed,
        has_file=has_file(db, work),
    )
    return with_progress(answer)
