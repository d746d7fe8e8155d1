"""HTTP: published figures, as open data. Everybody may read them, without saying who they are."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request, Response
from sqlalchemy.orm import Session

from server.actors import ServerSettings
from server.clock import Now
from server.db import Db
from server.problems import refusals
from server.report.errors import NO_PLACE, NotPublished
from server.report.published.edition import published_years
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

SAID_AGAIN = timedelta(minutes=10)
"""So long one process says the same of whole years, unless one more is published."""

JSON = "application/json"
CSV = "text/csv"
NOTHING_CHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "Nothing has changed."}}

Held = Annotated[str | None, Header(max_length=200)]
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


@dataclass(frozen=True, slots=True)
class _Said:
    """What was told a moment ago, of these years."""

    at: datetime
    years: tuple[str, ...]
    body: str


@router.get("/years", response_model=PublishedYears, responses=refusals() | NOTHING_CHANGED)
def show_years(db: Db, settings: ServerSettings, if_none_match: Held = None) -> Response:
    """List the years that are published, and who may use their figures."""
    return _answer(to_json(tell_years(db, base_url=settings.base_url)), if_none_match, settings)


@router.get("/dictionary", response_model=DataDictionary, responses=refusals() | NOTHING_CHANGED)
def show_dictionary(settings: ServerSettings, if_none_match: Held = None) -> Response:
    """Read what every figure is called, what it counts, what it means and what it does not."""
    return _answer(to_json(tell_dictionary(base_url=settings.base_url)), if_none_match, settings)


@router.get("/open-data.json", response_model=OpenData, responses=refusals() | NOTHING_CHANGED)
def give_open_data(
    request: Request, db: Db, now: Now, settings: ServerSettings, if_none_match: Held = None
) -> Response:
    """Take all published figures of all years, rounded: counts to 5, means to the half."""
    body = _say_again(
        request, db, lambda: to_json(tell_open_data(db, base_url=settings.base_url)), now=now
    )
    return _answer(body, if_none_match, settings)


@router.get("/open-data.csv", response_class=TableAnswer, responses=refusals() | NOTHING_CHANGED)
def give_open_table(
    request: Request, db: Db, now: Now, settings: ServerSettings, if_none_match: Held = None
) -> Response:
    """Take the same as a table (CSV); the licence and the method are named in `Link`."""
    body = _say_again(request, db, lambda: write_open_data(db), now=now)
    answer = _answer(body, if_none_match, settings, media_type=CSV)
    answer.headers["Content-Disposition"] = 'inline; filename="kaikukortti-open-data.csv"'
    return answer


@router.get(
    "/{year}",
    response_model=ReportYear,
    responses=refusals(NotPublished, *NO_PLACE) | NOTHING_CHANGED,
)
def show_year(  # noqa: PLR0913, PLR0917 - dependencies
    request: Request,
    year: Year,
    db: Db,
    now: Now,
    settings: ServerSettings,
    place: PlaceCode = None,
    if_none_match: Held = None,
) -> Response:
    """Read all published figures of a year, or those of one place.

    A hidden figure has no value and the status `..`; it is not zero.
    """

    def tell() -> str:
        return to_json(tell_year(db, year, place, base_url=settings.base_url))

    body = tell() if place is not None else _say_again(request, db, tell, now=now)
    return _answer(body, if_none_match, settings)


def _say_again(request: Request, db: Session, tell: Callable[[], str], *, now: datetime) -> str:
    """Say what was said a moment ago: everybody may ask, and years take a while to gather."""
    held: dict[str, _Said] = request.app.state.report_said
    years = tuple(one.year for one in published_years(db))
    said = held.get(request.url.path)
    if said is None or said.years != years or not said.at <= now < said.at + SAID_AGAIN:
        said = held[request.url.path] = _Said(now, years, tell())
    return said.body


def _answer(body: str, held: str | None, settings: Settings, *, media_type: str = JSON) -> Response:
    version = hashlib.sha256(body.encode()).hexdigest()[:32]
    terms = terms_of_use(settings.base_url)
    headers = {
        "ETag": f'"{version}"',
        "Cache-Control": FRESH,
        "Access-Control-Allow-Origin": "*",
        "Link": f'<{terms.licence_url}>; rel="license", <{terms.method}>; rel="describedby"',
    }
    if held is not None and held.removeprefix("W/").strip('"') == version:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, media_type=media_type, headers=headers)
