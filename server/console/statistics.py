"""Statistics: the figures that everybody may read."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.area.codes import COUNTIES
from server.area.models import Area
from server.clock import Now
from server.console.actors import signed_in
from server.console.bars import bars_of
from server.console.pages import page, texts_of
from server.console.venue import CATEGORIES
from server.db import Db
from server.report.cells import NATION, area_scope, county_scope, months_of
from server.report.models import FigureKind
from server.report.publication import CLASSES, WHOLE
from server.report.rollup import waiting
from server.report.service import Figures, Line, national_years, publications, published_year
from server.texts import N_, Texts
from shared.scan import Category

router = APIRouter()

Year = Annotated[str, Path(pattern=r"^\d{4}$")]


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """What was published of a county or an area."""

    name: str
    is_county: bool
    uses: int | None
    by_category: list[int | None]
    cards: int | None
    used: int | None


def _greet(request: Request, now: Now) -> None:
    """Keep the menu of whoever is signed in around the page; let everybody else in too."""
    signed_in(request, now)


@router.get("/statistics", dependencies=[Depends(_greet)])
def show_statistics(request: Request, db: Db, now: Now) -> HTMLResponse:
    """Show the national yearly table, and which years are published in detail."""
    return page(
        request,
        "statistics.html",
        years=national_years(db),
        published=publications(db),
        categories=CATEGORIES,
        as_of=now,
        behind=waiting(db) > 0,
    )


@router.get("/statistics/{year}", dependencies=[Depends(_greet)])
def show_published(request: Request, year: Year, db: Db) -> HTMLResponse:
    """Show the published figures of a year."""
    t = texts_of(request)
    publication, figures = published_year(db, year)
    months = {month: figures.get((FigureKind.USES, NATION, month)) for month in months_of(year)}
    lines = [(N_("Uses by month"), bars_of(t, "month", Line(months)))]
    for of, title in (
        ("age", N_("Used cards by age group")),
        ("gender", N_("Used cards by gender")),
        ("life", N_("Used cards by life situation")),
    ):
        parts = {
            name: figures.get((FigureKind.USED, NATION, f"{of}:{name}")) for name in CLASSES[of]
        }
        lines.append((title, bars_of(t, of, Line(parts))))
    return page(
        request,
        "statistics-year.html",
        publication=publication,
        rows=list(_place_rows(db, t, figures)),
        categories=CATEGORIES,
        lines=lines,
    )


@router.get("/statistics/{year}/table.csv")
def download_published(request: Request, year: Year, db: Db) -> Response:
    """Give the published figures of a year as a table; a hidden one is `..`."""
    t = texts_of(request)
    _, figures = published_year(db, year)
    out = io.StringIO()
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    categories = [t(CATEGORIES[category]) for category in Category]
    table.writerow([t("Place"), t("Uses"), *categories, t("Cards granted"), t("Of them used")])
    for row in _place_rows(db, t, figures):
        told = [row.uses, *row.by_category, row.cards, row.used]
        table.writerow([row.name, *(".." if n is None else n for n in told)])
    headers = {"Content-Disposition": f'attachment; filename="kaikukortti-{year}.csv"'}
    return Response(out.getvalue().encode("utf-8-sig"), media_type="text/csv", headers=headers)


def _place_rows(db: Session, t: Texts, figures: Figures) -> Iterator[PlaceRow]:
    """Give the country, then each county followed by its areas."""
    yield _place_row(t("The whole country"), NATION, figures, is_county=True)
    areas = db.scalars(select(Area).order_by(Area.county_code, Area.name)).all()
    last: str | None = None
    for area in areas:
        code = area.county_code
        if code is not None and code != last:
            name = COUNTIES[code].name(t.language)
            yield _place_row(name, county_scope(code), figures, is_county=True)
        last = code
        if (FigureKind.USES, area_scope(area.id), WHOLE) in figures:
            yield _place_row(area.name, area_scope(area.id), figures, is_county=False)


def _place_row(name: str, scope: str, figures: Figures, *, is_county: bool) -> PlaceRow:
    uses = FigureKind.USES
    return PlaceRow(
        name=name,
        is_county=is_county,
        uses=figures.get((uses, scope, WHOLE)),
        by_category=[figures.get((uses, scope, f"cat:{category}")) for category in Category],
        cards=figures.get((FigureKind.CARDS, scope, WHOLE)),
        used=figures.get((FigureKind.USED, scope, WHOLE)),
    )
