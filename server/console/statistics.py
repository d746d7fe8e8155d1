"""Statistics: the figures that everybody may read, year by year and place by place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from server.clock import Now
from server.console.actors import signed_in
from server.console.bars import Bar
from server.console.pages import page, texts_of
from server.db import Db
from server.problems import Problem
from server.report.errors import NO_PLACE, PlaceMergedAway, PlaceMiswritten
from server.report.models import FigureKind
from server.report.published.atlas import Place, PlaceKind, read_atlas
from server.report.published.edition import (
    Figures,
    Told,
    publication_of,
    published_years,
    read_figures,
    told,
)
from server.report.published.place_year import place_year
from server.report.published.slices import in_order, part_of, part_words
from server.report.publishing.tables import WHOLE
from server.report.rollup.cells import NATION
from server.report.rollup.upkeep import waiting
from server.report.routes import Year
from server.report.service import national_years
from server.report.years import NationalYear
from server.texts import N_, Texts
from server.venue.words import CATEGORIES
from shared.scan import Category

router = APIRouter()

_SHORT = (" hyvinvointialue", " välfärdsområde", " wellbeing services county")
"""What a county's name does without in the head of a column."""


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """What was published of a county or a municipality."""

    place: Place
    name: str
    uses: int | None
    by_category: list[int | None]
    cards: int | None
    used: int | None

    @property
    def is_large(self) -> bool:
        """Tell the country and counties from municipalities."""
        return self.place.kind is not PlaceKind.MUNICIPALITY

    @property
    def has_page(self) -> bool:
        """Tell whether a page of its own tells more; the country's is the year's."""
        return self.place.kind is not PlaceKind.COUNTRY


@dataclass(frozen=True, slots=True)
class Exchange:
    """Cards of which county were used in which: a row for each place of the uses."""

    columns: list[str]
    rows: list[tuple[str, list[Told | None]]]


def _greet(request: Request, now: Now) -> None:
    """Keep the menu of whoever is signed in around the page; let everybody else in too."""
    signed_in(request, now)


Greeted = Depends(_greet)


@router.get("/statistics", dependencies=[Greeted])
def show_statistics(request: Request, db: Db, now: Now) -> HTMLResponse:
    """Show the national yearly table, and which years are published in detail."""
    years = national_years(db)
    return page(
        request,
        "statistics.html",
        years=years,
        by_year=(N_("Uses by year"), _bars_by_year(years)),
        published=published_years(db)[::-1],
        categories=CATEGORIES,
        as_of=now,
        behind=waiting(db) > 0,
    )


@router.get("/statistics/{year}", dependencies=[Greeted])
def show_published(request: Request, year: Year, db: Db) -> HTMLResponse:
    """Show the published figures of a year: each place's in a row, then the whole country's."""
    t = texts_of(request)
    publication = publication_of(db, year)
    places = read_atlas(db)
    figures = read_figures(db, year, [one.scope for one in _areas_and_above(places)])
    return page(
        request,
        "statistics-year.html",
        publication=publication,
        rows=list(place_rows(t, places, figures)),
        categories=CATEGORIES,
        exchange=_exchange(t, places, figures),
        country=place_year(db, t, year, NATION),
    )


@router.get("/statistics/{year}/{place}", dependencies=[Greeted])
def show_place(request: Request, year: Year, place: str, db: Db) -> HTMLResponse:
    """Show a place's year beside the year before, its county and the country."""
    t = texts_of(request)
    try:
        found = place_year(db, t, year, place)
    except NO_PLACE as problem:
        return page(
            request,
            "statistics-missing.html",
            status=problem.status,
            problem=problem,
            year=year,
            meant=_meant(problem),
        )
    inside: list[PlaceRow] = []
    if found.place.kind is PlaceKind.COUNTY:
        within = {
            scope: one for scope, one in read_atlas(db).items() if one.within == found.place.code
        }
        inside = list(place_rows(t, within, read_figures(db, year, within)))
    return page(request, "statistics-place.html", told=found, rows=inside, categories=CATEGORIES)


def place_rows(t: Texts, places: Mapping[str, Place], figures: Figures) -> Iterator[PlaceRow]:
    """Give the country, then each county followed by its municipalities, if they are in it."""
    for place in _areas_and_above(places):
        if (FigureKind.USES, place.scope, WHOLE) in figures:
            yield _place_row(t, place, figures)


def _areas_and_above(places: Mapping[str, Place]) -> list[Place]:
    return [place for place in places.values() if place.kind is not PlaceKind.VENUE]


def _place_row(t: Texts, place: Place, figures: Figures) -> PlaceRow:
    uses, scope = FigureKind.USES, place.scope
    return PlaceRow(
        place=place,
        name=place.name(t.language),
        uses=figures.get((uses, scope, WHOLE)),
        by_category=[figures.get((uses, scope, f"cat:{category}")) for category in Category],
        cards=figures.get((FigureKind.CARDS, scope, WHOLE)),
        used=figures.get((FigureKind.USED, scope, WHOLE)),
    )


def _bars_by_year(years: list[NationalYear]) -> list[Bar]:
    most = max((row.uses for row in years), default=0) or 1
    return [Bar(str(row.year), row.uses, round(100 * row.uses / most)) for row in years[::-1]]


def _exchange(t: Texts, places: Mapping[str, Place], figures: Figures) -> Exchange | None:
    """Tell which county's cards were used where, if that is published."""
    homes = {part for _, _, part in figures if part.startswith("home:")}
    if not homes:
        return None
    columns = in_order(homes)
    large = [
        place for place in _areas_and_above(places) if place.kind is not PlaceKind.MUNICIPALITY
    ]
    rows = [
        (
            place.name(t.language),
            [told(figures, FigureKind.USES, place.scope, column) for column in columns],
        )
        for place in large
    ]
    return Exchange(
        [_short_name(t, part_of(column)) for column in columns],
        [(name, cells) for name, cells in rows if any(cell is not None for cell in cells)],
    )


def _short_name(t: Texts, code: str) -> str:
    name = part_words(t, "home", code)
    for end in _SHORT:
        name = name.removesuffix(end)
    return name


def _meant(problem: Problem) -> tuple[str, str] | None:
    """Give code and name of the place that was meant, or that it is part of now."""
    if not isinstance(problem, PlaceMiswritten | PlaceMergedAway) or problem.detail is None:
        return None
    code, _, name = problem.detail.partition(" ")
    return code, name.partition(",")[0]
