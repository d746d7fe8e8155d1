"""HTTP: published figures, as open data. Everybody may read them, without saying who they are."""

import hashlib
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from server.actors import ServerSettings
from server.db import Db
from server.held import NOTHING_CHANGED, Held, HeldVersions, answer_unless_held
from server.problems import refusals
from server.report.errors import NO_PLACE, NotPublished
from server.report.gathered import Gathered
from server.report.published.open_data import (
    tell_dictionary,
    tell_open_data,
    tell_year,
    tell_years,
    terms_of_use,
    write_open_data,
)
from server.report.published.wire import DataDictionary, OpenData, PublishedYears, ReportYear
from server.settings import Settings
from shared.wire import to_json

router = APIRouter(prefix="/report", tags=["report"])

FRESH = "public, max-age=600"
"""So long anything between here and a reader may answer for us: what is published stays."""

JSON = "application/json"
CSV = "text/csv"

Year = Annotated[str, Path(pattern=r"^[0-9]{4}$", examples=["2026"])]
PlaceCode = Annotated[
    str | None,
    Query(
        max_length=60,
        examples=["837", "county-08", "fi"],
        description="Only the figures of this place: `fi`, `county-08`, a municipality's code of"
        " three digits, or `venue-` and an id.",
    ),
]


class TableAnswer(Response):
    """A table for machines: commas, UTF-8."""

    media_type = CSV


@router.get("/years", response_model=PublishedYears, responses=refusals() | NOTHING_CHANGED)
def show_years(db: Db, settings: ServerSettings, held: Held) -> Response:
    """List the years that are published, and who may use their figures."""
    return _answer(to_json(tell_years(db, base_url=settings.base_url)), held, settings)


@router.get("/dictionary", response_model=DataDictionary, responses=refusals() | NOTHING_CHANGED)
def show_dictionary(settings: ServerSettings, held: Held) -> Response:
    """Read what every figure is called, what it counts, what it means and what it does not."""
    return _answer(to_json(tell_dictionary(base_url=settings.base_url)), held, settings)


@router.get("/open-data.json", response_model=OpenData, responses=refusals() | NOTHING_CHANGED)
def give_open_data(db: Db, settings: ServerSettings, held: Held, gathered: Gathered) -> Response:
    """Take all published figures of all years, rounded: counts to 5, means to the half."""
    body = gathered(
        "open-data.json", lambda: to_json(tell_open_data(db, base_url=settings.base_url))
    )
    return _answer(body, held, settings)


@router.get("/open-data.csv", response_class=TableAnswer, responses=refusals() | NOTHING_CHANGED)
def give_open_table(db: Db, settings: ServerSettings, held: Held, gathered: Gathered) -> Response:
    """Take the same as a table (CSV); the licence and the method are named in `Link`."""
    body = gathered("open-data.csv", lambda: write_open_data(db))
    answer = _answer(body, held, settings, media_type=CSV)
    answer.headers["Content-Disposition"] = 'inline; filename="kaikukortti-open-data.csv"'
    return answer


@router.get(
    "/{year}",
    response_model=ReportYear,
    responses=refusals(NotPublished, *NO_PLACE) | NOTHING_CHANGED,
)
def show_year(  # noqa: PLR0913, PLR0917 - dependencies
    year: Year,
    db: Db,
    settings: ServerSettings,
    held: Held,
    gathered: Gathered,
    place: PlaceCode = None,
) -> Response:
    """Read all published figures of a year, or those of one place.

    A hidden figure has no value and the status `..`; it is not zero.
    """

    def tell() -> str:
        return to_json(tell_year(db, year, place, base_url=settings.base_url))

    body = tell() if place is not None else gathered(("year", year), tell)
    return _answer(body, held, settings)


def _answer(
    body: str, held: HeldVersions, settings: Settings, *, media_type: str = JSON
) -> Response:
    version = hashlib.sha256(body.encode()).hexdigest()[:32]
    terms = terms_of_use(settings.base_url)
    headers = {
        "Cache-Control": FRESH,
        "Access-Control-Allow-Origin": "*",
        "Link": f'<{terms.licence_url}>; rel="license", <{terms.method}>; rel="describedby"',
    }
    return answer_unless_held(held, version, body, headers=headers, media_type=media_type)
