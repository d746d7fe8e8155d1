"""Pages of a venue: visits that were written on paper, typed or as a table (R21, R22)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session
from starlette.responses import Response

from server.actors import Keys, ServerSettings
from server.audit.service import Act, note_act
from server.clock import Now
from server.console.actors import Actor, AsVenue
from server.console.forms import Form, TypedForm
from server.console.pages import page
from server.console.venue import CATEGORIES
from server.db import Db
from server.paperform.errors import TableEmpty, TableTooLong, TableUnreadable
from server.paperform.service import PaperOutcome, record_paper, try_paper
from server.paperform.table import COLUMNS, PaperLine, read_rows, read_table, write_table
from server.problems import Problem
from server.texts import N_
from server.venue.models import Venue
from shared.rules.admission import Reason
from shared.scan import ScanOutcome

router = APIRouter(prefix="/paper")


TYPED_ROWS = 8
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
    """Show what would become of each line; nothing is recorded yet."""
    venue = db.get_one(Venue, actor.own_id, with_for_update=True)
    try:
        lines = _lines(form, venue, now=now)
    except (TableUnreadable, TableEmpty, TableTooLong) as refused:
        return _paper_page(request, actor, db, form=form, problem=refused)
    outcomes = try_paper(db, venue, lines, ring=ring, settings=settings, now=now)
    note_act(db, Act.PAPER_TRIED, access_id=actor.access_id, now=now)
    return _outcome_page(request, outcomes, recorded=False)


@router.post("")
def record(  # noqa: PLR0913, PLR0917 - dependencies
    request: Request,
    actor: AsVenue,
    form: TypedForm,
    db: Db,
    now: Now,
    ring: Keys,
    settings: ServerSettings,
) -> Response:
    """Record the lines that the preview carried; sending them twice records them once."""
    venue = db.get_one(Venue, actor.own_id, with_for_update=True)
    table = form.typed.get("table", "").encode()
    try:
        lines = read_table(table, own=venue.categories, now=now)
    except (TableUnreadable, TableEmpty, TableTooLong) as refused:
        return _paper_page(request, actor, db, problem=refused)
    outcomes = record_paper(db, venue, lines, ring=ring, settings=settings, now=now)
    note_act(db, Act.PAPER_RECORDED, access_id=actor.access_id, now=now)
    return _outcome_page(request, outcomes, recorded=True)


def _lines(form: Form, venue: Venue, *, now: datetime) -> list[PaperLine]:
    if content := form.files.get("file", b"").strip():
        return read_table(content, own=venue.categories, now=now)
    return read_rows(_typed(form), own=venue.categories, now=now)


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
    )


def _outcome_page(
    request: Request, outcomes: Sequence[PaperOutcome], *, recorded: bool
) -> HTMLResponse:
    good = [one.line for one in outcomes if not isinstance(one.answer, Problem)]
    return page(
        request,
        "paper-outcome.html",
        recorded=recorded,
        outcomes=[
            (
                one,
                None if isinstance(one.answer, Problem) else OUTCOMES[one.answer.outcome],
                [] if isinstance(one.answer, Problem) else _remarks(one.answer.reasons),
            )
            for one in outcomes
        ],
        good=len(good),
        bad=len(outcomes) - len(good),
        table=write_table(good) if good and not recorded else "",
    )


def _remarks(reasons: Sequence[Reason]) -> list[str]:
    return [REMARKS[reason] for reason in reasons if reason in REMARKS]
