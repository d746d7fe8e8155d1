"""Pages of a venue: visits that were written on paper, typed or as a table (R21, R22)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session
from starlette.responses import Response

from server.actors import Keys, ServerSettings
from server.audit.service import Act, note_act
from server.clock import Now
from server.console.actors import Actor, AsVenue
from server.console.forms import Form, TypedForm
from server.console.pages import go_to, page, texts_of
from server.console.words import words_of_code
from server.console.work import called, with_progress
from server.db import Db
from server.paperform.errors import TableEmpty, TableTooLong, TableUnreadable
from server.paperform.listing import each_problem, list_lines, tally_of
from server.paperform.table import COLUMNS, count_lines, read_rows, read_table, write_table
from server.paperform.work import (
    SMALL,
    LookOn,
    RecordOn,
    ask_for_lines,
    ask_for_table,
    ask_to_record,
)
from server.problems import Problem
from server.texts import N_
from server.venue.models import Venue
from server.venue.words import CATEGORIES
from server.work.errors import TooMuchWork
from server.work.models import UNFINISHED, Work, WorkKind, WorkState
from server.work.runner import Chunk, do_at_once
from server.work.service import work_of
from shared.rules.admission import Reason
from shared.scan import ScanOutcome

router = APIRouter(prefix="/paper")


TYPED_ROWS = 8
ROWS = 100
OUTCOMES = {
    ScanOutcome.RECORDED: N_("A visit"),
    ScanOutcome.ALREADY_RECORDED: N_("Recorded before: once is enough"),
    ScanOutcome.NO_VISIT: N_("No visit: the same line just before"),
    ScanOutcome.QUARANTINED: N_("Older than 30 days: your coordinator decides"),
}
REMARKS = {
    Reason.ALREADY_IN: N_("the card has been here that day; counted once"),
    Reason.CODE_EXPIRED: N_("the card was not in force that day"),
    Reason.CODE_BLOCKED: N_("the card is blocked"),
    Reason.CHILDREN_CHANGED: N_("more children than the card has"),
    Reason.LOCAL_ONLY: N_("the card is of another area, and one of them is a local pilot"),
}


@router.get("")
def show_paper(request: Request, actor: AsVenue, db: Db) -> HTMLResponse:
    """Show the rows to type, and the place for a table."""
    return _paper_page(request, actor, db)


@router.post("/preview")
def preview(  # noqa: PLR0913, PLR0917 - dependencies
    request: Request,
    actor: AsVenue,
    form: TypedForm,
    db: Db,
    now: Now,
    ring: Keys,
    settings: ServerSettings,
) -> Response:
    """Look what would become of each line; nothing is recorded yet. Many lines take a while."""
    try:
        work = _ask(db, actor, form, now=now)
        if work.total <= SMALL:
            do_at_once(LookOn(ring, settings), Chunk(db, work, now))
    except (TableUnreadable, TableEmpty, TableTooLong, TooMuchWork) as refused:
        return _paper_page(request, actor, db, form=form, problem=refused)
    note_act(db, Act.PAPER_TRIED, access_id=actor.access_id, subject_id=work.id, now=now)
    return called(request, go_to(f"/paper/{work.id}"))


@router.get("/{work_id}")
def show_lines(  # noqa: PLR0913, PLR0917 - dependencies and filters
    request: Request, actor: AsVenue, work_id: UUID, db: Db, only: str = "", after: int = 0
) -> HTMLResponse:
    """Show what becomes of each line, or what has become of it."""
    work = work_of(db, actor.own_id, work_id)
    only_problems = only == "problems"
    rows = list_lines(db, work, only_problems=only_problems, after=after, limit=ROWS + 1)
    answer = page(
        request,
        "paper-lines.html",
        work=work,
        recording=work.kind is WorkKind.PAPER_RECORD,
        unfinished=work.state in UNFINISHED,
        tally=tally_of(db, work),
        outcomes=OUTCOMES,
        rows=[(row, _remarks(row.reasons or ())) for row in rows[:ROWS]],
        words_of_code=words_of_code,
        only_problems=only_problems,
        after=after,
        next_after=rows[ROWS - 1].number if len(rows) > ROWS else None,
    )
    return with_progress(answer)


@router.get("/{work_id}/problems.csv")
def download_problems(request: Request, actor: AsVenue, work_id: UUID, db: Db) -> Response:
    """Give the lines that cannot be recorded as a table, each with why: to correct and send."""
    work = work_of(db, actor.own_id, work_id)
    t = texts_of(request)
    lines = ((written, words_of_code(code, t)) for written, code in each_problem(db, work))
    table = write_table(lines, remarks=t("What is wrong"))
    headers = {"Content-Disposition": 'attachment; filename="korjattavat.csv"'}
    return Response(table.encode("utf-8-sig"), media_type="text/csv", headers=headers)


@router.post("/{work_id}/record")
def record(  # noqa: PLR0913, PLR0917 - dependencies
    request: Request,
    actor: AsVenue,
    work_id: UUID,
    db: Db,
    now: Now,
    ring: Keys,
    settings: ServerSettings,
) -> Response:
    """Record the lines that can be; pressed twice, it records them once."""
    work = work_of(db, actor.own_id, work_id, locked=True)
    if work.kind is WorkKind.PAPER_LOOK and work.state is WorkState.DONE:
        ask_to_record(db, work, now=now)
        note_act(db, Act.PAPER_RECORDED, access_id=actor.access_id, subject_id=work.id, now=now)
        if work.total <= SMALL:
            do_at_once(RecordOn(ring, settings), Chunk(db, work, now))
    return called(request, go_to(f"/paper/{work.id}"))


def _ask(db: Session, actor: Actor, form: Form, *, now: datetime) -> Work:
    venue = db.get_one(Venue, actor.own_id)
    own, access_id = venue.categories, actor.access_id
    content = form.files.get("file", b"").strip()
    if content:
        lines = read_table(content, own=own, now=now)
        if (count := count_lines(content)) > SMALL:
            return ask_for_table(
                db, content, lines=count, access_id=access_id, venue_id=venue.id, now=now
            )
    else:
        lines = read_rows(_typed(form), own=own, now=now)
    return ask_for_lines(db, list(lines), access_id=access_id, venue_id=venue.id, now=now)


def _typed(form: Form) -> Iterator[Mapping[str, str]]:
    for row in range(1, TYPED_ROWS + 1):
        yield {name: form.text(f"{name}-{row}") for name in COLUMNS}


def _paper_page(
    request: Request,
    actor: Actor,
    db: Session,
    *,
    form: Form | None = None,
    problem: Problem | None = None,
) -> HTMLResponse:
    venue = db.get_one(Venue, actor.own_id)
    return page(
        request,
        "paper.html",
        status=HTTPStatus.OK if problem is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        rows=range(1, TYPED_ROWS + 1),
        categories=CATEGORIES,
        own_categories=[c for c in CATEGORIES if c in venue.categories],
        typed={} if form is None else form.typed,
        problem=problem,
        beside_file=form is not None and bool(form.files.get("file")),
    )


def _remarks(reasons: Iterable[str]) -> list[str]:
    return [REMARKS[Reason(reason)] for reason in reasons if reason in REMARKS]
