"""Figures: those that everybody may read, and what coordinators read of their own area."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.area.codes import COUNTIES
from server.area.models import Area
from server.audit.service import Act, note_act
from server.clock import Now
from server.console.actors import AsCoordinator, signed_in
from server.console.pages import page, texts_of
from server.console.venue import CATEGORIES
from server.db import Db, NotedDb
from server.grant.classes import GENDERS, LIFE_SITUATIONS
from server.report.cells import NATION, NEVER, OLDEST, area_scope, county_scope, months_of
from server.report.models import FigureKind
from server.report.rollup import waiting
from server.report.service import (
    AreaYear,
    Figures,
    Line,
    area_year,
    area_years,
    national_years,
    publications,
    published_year,
)
from server.report.tables import CLASSES, UNTOLD, WHOLE
from server.texts import N_, Texts
from shared.scan import Category

router = APIRouter()

Year = Annotated[str, Path(pattern=r"^\d{4}$")]

MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"),
    N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip
FIRSTS = {
    "7": N_("Within a week"),
    "30": N_("Within a month"),
    "90": N_("Within three months"),
    "365": N_("Within a year"),
    NEVER: N_("Not yet"),
}
NOT_TOLD = N_("Not told")
_NAMES: Mapping[str, Mapping[str, str]] = {
    "cat": {category.value: name for category, name in CATEGORIES.items()},
    "gender": GENDERS, "life": LIFE_SITUATIONS, "first": FIRSTS, "age": {},
}  # fmt: skip
OLDEST_WORDS = N_("65 and over")


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a line, with the length of its bar, 0 to 100; None where it is hidden."""

    name: str
    n: int | None
    length: int


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
    lines = [(N_("Uses by month"), _bars(t, "month", Line(months)))]
    for of, title in (
        ("age", N_("Used cards by age group")),
        ("gender", N_("Used cards by gender")),
        ("life", N_("Used cards by life situation")),
    ):
        parts = {
            name: figures.get((FigureKind.USED, NATION, f"{of}:{name}")) for name in CLASSES[of]
        }
        lines.append((title, _bars(t, of, Line(parts))))
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
                lines.append((title, _bars(t, of, figures.lines[of], names)))
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


def _bars(t: Texts, of: str, line: Line, names: Mapping[str, str] | None = None) -> list[Bar]:
    most = line.most or 1
    order = list(FIRSTS) if of == "first" else list(line.parts)
    if of == "from":
        order.sort(key=lambda part: -(line.parts[part] or 0))
    return [
        Bar(
            _name(t, of, part, names or {}),
            line.parts[part],
            round(100 * (line.parts[part] or 0) / most),
        )
        for part in order
        if part in line.parts
    ]


def _name(t: Texts, of: str, part: str, areas: Mapping[str, str]) -> str:
    if of == "month":
        return t(MONTHS[int(part[-2:]) - 1])
    if of == "from":
        return areas[part]
    if of == "age" and part != UNTOLD:
        return t(OLDEST_WORDS) if part == OLDEST else part
    return t(_NAMES[of].get(part, NOT_TOLD))


def _area_names(db: Session, figures: AreaYear) -> dict[str, str]:
    line = figures.lines.get("from")
    if line is None:
        return {}
    named = db.execute(select(Area.id, Area.name))
    return {str(area_id): name for area_id, name in named if str(area_id) in line.parts}


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
