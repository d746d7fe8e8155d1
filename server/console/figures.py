"""Live figures of the own area, wellbeing county or country; who looks is written down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.access.models import Role
from server.area.codes import COUNTIES
from server.area.models import Area
from server.audit.service import Act, note_act
from server.clock import Now
from server.console.actors import Actor, Only
from server.console.bars import PLACES, Bar, bars_of
from server.console.headlines import headlines_of
from server.console.pages import page, texts_of
from server.db import NotedDb
from server.report.live.dashboard import LiveYear, live_year, live_years
from server.report.live.reach import Reach
from server.report.models import FigureKind
from server.report.percent import in_percent
from server.report.published.atlas import COUNTRY, Place, county_place
from server.report.published.beside import used_shares
from server.report.published.dictionary import DICTIONARY
from server.report.published.edition import published_years, read_figures
from server.report.rollup.cells import NATION, area_scope, county_scope, venue_scope
from server.report.rollup.upkeep import waiting
from server.texts import N_, Texts
from server.venue.models import Venue

router = APIRouter()

AsAnswerable = Annotated[Actor, Depends(Only(Role.COORDINATOR, Role.ANALYST, Role.SERVICE))]

PLACES_AT_ONCE = 12


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A line as a table with bars, and what its numbers mean.

    Attributes:
        others: More of a long line of places: those with less.
    """

    title: str
    bars: list[Bar]
    others: list[Bar]
    meaning: str


@router.get("/figures")
def show_figures(
    request: Request, actor: AsAnswerable, db: NotedDb, now: Now, year: str = ""
) -> HTMLResponse:
    """Show what happened in a year within the actor's reach."""
    t, reach = texts_of(request), reach_of(actor)
    years = live_years(db, reach)
    chosen = year if year in years else (years[0] if years else "")
    live = live_year(db, reach, chosen, now=now) if chosen else None
    published = [one.year for one in published_years(db)][::-1]
    note_act(db, Act.FIGURES_READ, access_id=actor.access_id, now=now, detail=chosen or None)
    return page(
        request,
        "figures.html",
        place_code=COUNTRY.code
        if actor.county_code is None
        else county_place(actor.county_code).code,
        place=actor.place or t("The whole country"),
        live=live,
        headlines=[] if live is None else headlines_of(t, live),
        lines=[] if live is None else _lines(db, t, actor, live),
        beside=_beside(db, t, actor),
        years={one: one for one in years},
        year=chosen,
        published=published,
        municipalities=_municipalities(db, reach, published),
        as_of=now,
        behind=waiting(db) > 0,
    )


def reach_of(actor: Actor) -> Reach:
    """Tell what somebody answers for."""
    return Reach(area_id=actor.place_id, county_code=actor.county_code)


_BY_CATEGORY = DICTIONARY[FigureKind.USES, "cat"]
_LINES: dict[str, tuple[str, str]] = {
    "month": (
        N_("Uses by month"),
        N_("When people came. The last month of a running year is not over."),
    ),
    "cat": (_BY_CATEGORY.name, _BY_CATEGORY.meaning),
    "from": (
        N_("Uses by where the card is from"),
        N_("Which area granted the card that was used here. Small ones are left out."),
    ),
    "elsewhere": (
        N_("Where cards of the area were used elsewhere"),
        N_("Uses of this area's cards at the venues of other areas. Small ones are left out."),
    ),
    "age": (
        N_("Holders by age group"),
        N_("Holders with a card from here who came anywhere; the age that they turn in the year of"
           " the grant, if it is known."),
    ),
    "gender": (
        N_("Holders by gender"),
        N_("Holders with a card from here who came anywhere, and who told their gender."),
    ),
    "life": (
        N_("Holders by life situation"),
        N_("Holders with a card from here who came anywhere, and who told their situation."),
    ),
    "first": (
        N_("How soon a granted card was used"),
        N_("Cards granted in this year, by the time from the grant to the first visit."),
    ),
}  # fmt: skip
_BY_PLACE: Mapping[Role, tuple[str, str]] = {
    Role.COORDINATOR: (N_("Uses by venue"), N_("Where in the area people came.")),
    Role.ANALYST: (N_("Uses by municipality"), N_("In which municipality people came.")),
    Role.SERVICE: (N_("Uses by county"), N_("In which wellbeing county people came.")),
}


def _lines(db: Session, t: Texts, actor: Actor, live: LiveYear) -> list[DrawnLine]:
    names = _names(db, t, reach_of(actor))
    titles = {"month": _LINES["month"], "place": _BY_PLACE[actor.role]} | _LINES
    drawn = []
    for of, (title, meaning) in titles.items():
        if of in live.lines and live.lines[of].parts:
            bars = bars_of(t, of, live.lines[of], names)
            most = PLACES_AT_ONCE if of in PLACES else len(bars)
            drawn.append(DrawnLine(title, bars[:most], bars[most:], meaning))
    return drawn


def _names(db: Session, t: Texts, reach: Reach) -> dict[str, str]:
    """Name every place that a line may tell of."""
    names = {county_scope(code): county.name(t.language) for code, county in COUNTIES.items()}
    for area_id, name in db.execute(select(Area.id, Area.name)):
        names[str(area_id)] = names[area_scope(area_id)] = name
    if reach.area_id is not None:
        venues = select(Venue.id, Venue.name).where(Venue.area_id == reach.area_id)
        names |= {venue_scope(venue_id): name for venue_id, name in db.execute(venues)}
    return names


@dataclass(frozen=True, slots=True)
class SharedBeside:
    """How the own place compares with those around it, in a year that is published."""

    year: str
    rows: list[tuple[str, str]]


def _beside(db: Session, t: Texts, actor: Actor) -> SharedBeside | None:
    area = None if actor.place_id is None else db.get(Area, actor.place_id)
    code = actor.county_code if area is None else area.county_code
    names = {} if area is None else {area_scope(area.id): area.name}
    if code is not None:
        names[county_scope(code)] = COUNTIES[code].name(t.language)
    names[NATION] = t("The whole country")
    told = used_shares(db, names)
    own = next(iter(names))
    if told is None or own not in told.shares:
        return None
    return SharedBeside(
        told.year,
        [(names[scope], t.percent(in_percent(share))) for scope, share in told.shares.items()],
    )


def _published_place(actor: Actor) -> Place:
    return COUNTRY if actor.county_code is None else county_place(actor.county_code)


def _municipalities(db: Session, reach: Reach, years: Sequence[str]) -> list[Area]:
    """List the municipalities within reach of which the newest published year tells more."""
    wanted = select(Area).order_by(Area.name)
    if reach.area_id is not None:
        wanted = wanted.where(Area.id == reach.area_id)
    elif reach.county_code is not None:
        wanted = wanted.where(Area.county_code == reach.county_code)
    if reach == Reach() or not years:
        return []
    areas = {area_scope(area.id): area for area in db.scalars(wanted)}
    told = {scope for _, scope, _ in read_figures(db, years[0], areas)}
    return [area for scope, area in areas.items() if scope in told]
