"""Files of the published figures: tables (CSV, XLSX), and a place's year on paper (PDF)."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import Response

from server.actors import ServerSettings
from server.console.pages import texts_of
from server.console.statistics import Greeted, place_rows
from server.console.streamed import StreamedTable
from server.db import Db
from server.report.gathered import Gathered
from server.report.models import Publication
from server.report.published.atlas import Place, read_atlas
from server.report.published.edition import HIDDEN, Figures, publication_of, read_figures
from server.report.published.long_tables import (
    Table,
    csv_rows,
    long_table,
    notes_table,
    table_of_place,
)
from server.report.published.place_year import PlaceYear, place_year
from server.report.routes import Year
from server.settings import Settings
from server.texts import Texts
from server.venue.words import CATEGORIES
from shared.scan import Category

router = APIRouter(prefix="/statistics/{year}", dependencies=[Greeted])

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/table.csv")
def download_year(request: Request, year: Year, db: Db) -> Response:
    """Give a row for each place of a year; a hidden figure is `..`."""
    t = texts_of(request)
    publication_of(db, year)
    table = _table_of_year(t, read_atlas(db), read_figures(db, year))
    return _csv(table, t, f"kaikukortti-{year}")


@router.get("/table.xlsx")
def download_workbook(
    request: Request, year: Year, db: Db, settings: ServerSettings, gathered: Gathered
) -> Response:
    """Give all published figures of a year, with what they mean."""
    t = texts_of(request)
    publication, name = publication_of(db, year), f"kaikukortti-{year}"

    def gather() -> bytes:
        places, figures = read_atlas(db), read_figures(db, year)
        first = _table_of_year(t, places, figures)
        return _workbook(t, publication, first, places, figures, settings, name)

    return _sheets(gathered(("workbook", year, t.language), gather), name)


@router.get("/{place}/table.csv")
def download_place(request: Request, year: Year, place: str, db: Db) -> Response:
    """Give a place's figures beside the year before, its county and the country."""
    t = texts_of(request)
    told = place_year(db, t, year, place)
    return _csv(table_of_place(t, told), t, _file_name(told))


@router.get("/{place}/table.xlsx")
def download_place_workbook(
    request: Request, year: Year, place: str, db: Db, settings: ServerSettings
) -> Response:
    """Give the same as a workbook: one figure below the other, too, and what they mean."""
    t = texts_of(request)
    told = place_year(db, t, year, place)
    places = {one.scope: one for one in (told.place, *told.venues)}
    name = _file_name(told)
    book = _workbook(
        t, publication_of(db, year), table_of_place(t, told), places,
        read_figures(db, year, places), settings, name,
    )  # fmt: skip
    return _sheets(book, name)


@router.get("/{place}/report.pdf")
def download_report(
    request: Request, year: Year, place: str, db: Db, settings: ServerSettings
) -> Response:
    """Give a place's year on paper, for its wellbeing report."""
    from server.report.published.paper import draw_report  # noqa: PLC0415 - charts: few servers draw any

    t = texts_of(request)
    told = place_year(db, t, year, place)
    pdf = draw_report(told, t, base_url=settings.base_url)
    return _file(pdf, "application/pdf", f"{_file_name(told)}.pdf")


def _table_of_year(t: Texts, places: Mapping[str, Place], figures: Figures) -> Table:
    categories = [t(CATEGORIES[category]) for category in Category]
    head = [
        t("Place"), t("Uses"), *categories, t("Cards granted"), t("Of them used"), t("Place code")
    ]  # fmt: skip
    rows = (
        [
            row.name,
            *(
                HIDDEN if n is None else n
                for n in (row.uses, *row.by_category, row.cards, row.used)
            ),
            row.place.code,
        ]
        for row in place_rows(t, places, figures)
    )
    return Table(t("Figures"), head, rows, (36, *([14] * (len(head) - 1))))


def _workbook(  # noqa: PLR0913, PLR0917 - what a workbook is made of
    t: Texts,
    publication: Publication,
    first: Table,
    places: Mapping[str, Place],
    figures: Figures,
    settings: Settings,
    name: str,
) -> bytes:
    from server.report.published.workbook import write_workbook  # noqa: PLC0415 - few write any

    tables = [
        first,
        long_table(t, figures, publication.year, places),
        notes_table(t, made_at=publication.made_at, base_url=settings.base_url),
    ]
    return write_workbook(tables, title=name)


def _sheets(book: bytes, name: str) -> Response:
    return _file(book, XLSX, f"{name}.xlsx")


def _csv(table: Table, t: Texts, name: str) -> Response:
    return StreamedTable(csv_rows(table, decimal=t.decimal), name=name)


def _file(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)


def _file_name(told: PlaceYear) -> str:
    return f"kaikukortti-{told.year}-{told.place.code}"
