"""Figures that coordinators read of their own area."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.area.models import Area
from server.audit.service import Act, note_act
from server.clock import Now
from server.console.actors import AsCoordinator
from server.console.bars import bars_of
from server.console.pages import page, texts_of
from server.db import NotedDb
from server.report.rollup import waiting
from server.report.service import AreaYear, area_year, area_years
from server.texts import N_

router = APIRouter()


@router.get("/figures")
def show_area_figures(
    request: Request, actor: AsCoordinator, db: NotedDb, now: Now, year: str = ""
) -> HTMLResponse:
    """Show what the own area did in a year; who looked is written down."""
    t = texts_of(request)
    years = area_years(db, actor.own_id)
    chosen = year if year in years else (years[0] if years else "")
    figures = area_year(db, actor.own_id, chosen, now=now) if chosen else None
    note_act(db, Act.FIGURES_READ, access_id=actor.access_id, now=now, detail=chosen or None)
    lines = []
    if figures is not None:
        names = _area_names(db, figures)
        for of, title in _LINES.items():
            if of in figures.lines:
                lines.append((title, bars_of(t, of, figures.lines[of], names)))
    return page(
        request,
        "figures.html",
        figures=figures,
        lines=lines,
        years={one: one for one in years},
        year=chosen,
        as_of=now,
        behind=waiting(db) > 0,
    )


_LINES = {
    "month": N_("Uses by month"),
    "cat": N_("Uses by category"),
    "from": N_("Uses by where the card is from"),
    "age": N_("Cards granted by age group"),
    "gender": N_("Cards granted by gender"),
    "life": N_("Cards granted by life situation"),
    "first": N_("How soon a granted card was used"),
}


def _area_names(db: Session, figures: AreaYear) -> dict[str, str]:
    line = figures.lines.get("from")
    if line is None:
        return {}
    named = db.execute(select(Area.id, Area.name))
    return {str(area_id): name for area_id, name in named if str(area_id) in line.parts}
