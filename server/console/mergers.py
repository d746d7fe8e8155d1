"""The page of Kaikukeskus on which one municipality becomes a part of another."""

from datetime import date
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from server.area.mergers import Merger, find_area, merge_areas, next_months, problems_of_merger
from server.area.models import Area
from server.audit.service import Act, note_act
from server.clock import Now, day_of
from server.console.actors import AsService
from server.console.forms import Form, TypedForm
from server.console.pages import go_to, page, texts_of
from server.db import Db
from server.texts import Texts

router = APIRouter(prefix="/areas/merge")


@router.get("")
def show_merger(request: Request, _actor: AsService, db: Db, now: Now) -> HTMLResponse:
    """Show the form."""
    return _merger_page(request, db, today=day_of(now))


@router.post("")
def merge(request: Request, actor: AsService, form: TypedForm, db: Db, now: Now) -> Response:
    """Let an area become a part of another, once whoever asked has said that they are sure."""
    today = day_of(now)
    former, into, since_on = form.text("former"), form.text("into"), _day(form.text("since"))
    for beside, problem in problems_of_merger(
        db, former=former, into=into, since_on=since_on, today=today
    ):
        form.errors.setdefault(beside, problem)
    if form.errors or since_on is None:
        return _merger_page(request, db, today=today, form=form)
    merger = Merger(find_area(db, former), find_area(db, into), since_on)
    merge_areas(db, merger)
    told = f"{merger.former.name} → {merger.area.name} {Texts().day(since_on)}"
    by, former_id = actor.access_id, merger.former.id
    note_act(db, Act.AREA_MERGED, access_id=by, subject_id=former_id, detail=told, now=now)
    return go_to("/areas?merged=1")


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _merger_page(
    request: Request, db: Session, *, today: date, form: Form | None = None
) -> HTMLResponse:
    t = texts_of(request)
    days = {day.isoformat(): t.day(day) for day in next_months(today)}
    new_year = next(day for day in days if day.endswith("-01-01"))
    return page(
        request,
        "merger.html",
        status=HTTPStatus.OK if form is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        areas=db.scalars(select(Area).order_by(Area.municipality_code)).all(),
        days=days,
        typed={"since": new_year} if form is None else form.typed,
        errors={} if form is None else form.errors,
    )
