"""Visits as a table to download: of the own area for coordinators, of all for Kaikukeskus."""

from collections.abc import Generator, Sequence
from contextlib import closing
from datetime import date, datetime
from http import HTTPStatus
from typing import cast
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session, sessionmaker
from starlette.responses import Response

from server.audit.service import Act, note_act
from server.clock import Now, day_of
from server.console.actors import AsCoordinator, AsService
from server.console.area_visits import asked_visits, visits_page
from server.console.pages import page, texts_of
from server.console.streamed import StreamedTable
from server.console.visit_filter import AskedVisits, read_asked
from server.db import NotedDb
from server.paperform.table import harmless
from server.scan.stream import StreamedVisit, stream_visits
from server.texts import Texts
from server.venue.words import CATEGORIES

router = APIRouter()


@router.get("/area-visits.csv")
def download_of_area(request: Request, actor: AsCoordinator, db: NotedDb, now: Now) -> Response:
    """Give the visits of the area's venues, chosen as in the list, as a table."""
    asked = asked_visits(request, now=now)
    if asked.form.errors:
        return visits_page(request, actor, db, asked)
    note_act(db, Act.VISITS_DOWNLOADED, access_id=actor.access_id, now=now, detail=_said(asked))
    return _table(request, asked, name="kaynnit", area_id=actor.own_id)


@router.get("/visit-table")
def show_download(request: Request, _actor: AsService, now: Now) -> HTMLResponse:
    """Ask which days of the whole network's visits are wanted."""
    return _download_page(request, _asked_of_all(request, now=now))


@router.get("/visits.csv")
def download_of_all(request: Request, actor: AsService, db: NotedDb, now: Now) -> Response:
    """Give the visits of the whole network in a period as a table."""
    asked = _asked_of_all(request, now=now)
    if asked.form.errors:
        return _download_page(request, asked)
    note_act(db, Act.VISITS_DOWNLOADED, access_id=actor.access_id, now=now, detail=_said(asked))
    return _table(request, asked, name="kaynnit-koko-maa")


def _asked_of_all(request: Request, *, now: datetime) -> AskedVisits:
    year = day_of(now).year
    return read_asked(request.query_params, since=date(year, 1, 1))


def _download_page(request: Request, asked: AskedVisits) -> HTMLResponse:
    return page(
        request,
        "visit-table.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if asked.form.errors else HTTPStatus.OK,
        typed=asked.form.typed,
        errors=asked.form.errors,
        categories=CATEGORIES,
    )


def _said(asked: AskedVisits) -> str:
    """Say what was asked for, for the log."""
    typed = asked.form.typed
    others = (typed[name] for name in ("category", "venue", "only"))
    return ", ".join([f"{typed['first_on']} - {typed['last_on']}", *(one for one in others if one)])


def _table(
    request: Request, asked: AskedVisits, *, name: str, area_id: UUID | None = None
) -> StreamedTable:
    sessions = cast("sessionmaker[Session]", request.app.state.sessions)
    visits = stream_visits(sessions, asked.wanted, area_id=area_id)
    return StreamedTable(_rows(texts_of(request), visits), name=name)


def _rows(
    t: Texts, visits: Generator[StreamedVisit, None, None]
) -> Generator[Sequence[str], None, None]:
    yield (
        t("Day"), t("Month"), t("Venue"), t("Area"), t("For"), t("Children"),
        t("Recorded after a day or later"), t("Undone"), t("Counted"),
    )  # fmt: skip
    categories = {category: t(name) for category, name in CATEGORIES.items()}
    said = {True: t("Yes"), False: t("No")}
    with closing(visits):
        for visit in visits:
            on = visit.visited_on
            yield (
                t.day(on), f"{on:%Y-%m}", harmless(visit.venue), harmless(visit.area),
                categories[visit.category], str(visit.children), said[visit.late],
                said[visit.undone], said[visit.counted],
            )  # fmt: skip
