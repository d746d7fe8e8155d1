"""Cells of reports as a year of many visits would leave them, without the visits."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.area.models import Area
from server.report.live.lines import months_begun
from server.report.models import ReportCell
from server.report.rollup.cells import AGE_GROUPS, FIRSTS, NEVER, area_scope, months_of, venue_scope
from server.venue.models import Venue
from tests.browser.town import THEATRE, Town

FAR_AWAY = ("091", "Helsinki")


def let_have_been_counted(town: Town, *, now: datetime) -> None:
    """Let this year and the last one be full of visits in Tampere, its county and the country."""
    with town.sessions.begin() as db:
        tampere = db.scalars(select(Area).where(Area.municipality_code == "837")).one()
        theatre = db.scalars(select(Venue).where(Venue.name == THEATRE)).one()
        scopes = ["fi", "county:08", area_scope(tampere.id)]
        for year, n in ((now.year, 1), (now.year - 1, 2)):
            months = [
                month for month in months_of(str(year)) if month in months_begun(month[:4], now)
            ]
            for scope in (*scopes, venue_scope(theatre.id)):
                for period in (str(year), *months):
                    many = 120 * n * (len(months) if len(period) == len("2026") else 1)
                    _cell(db, period, scope, "all", adults=many, children=many // 4, holders=40 * n)
                    _cell(db, period, scope, "cat:culture", adults=many, holders=40 * n)
                    _cell(db, period, scope, "home", cards=50, cards_used=20, holders=40 * n)
            for scope in scopes:
                for place, part in enumerate(_classes(tampere)):
                    _cell(db, str(year), scope, part, adults=60, holders=3 + place, cards=9 + place)


def _classes(tampere: Area) -> list[str]:
    soon = [f"first:{name}" for name in (*(name for _, name in FIRSTS), NEVER)]
    return [
        *(f"age:{group}" for group in AGE_GROUPS), "gender:woman", "gender:man", "gender:other",
        "life:retired", "life:unemployed", f"from:{tampere.id}", *soon,
    ]  # fmt: skip


def _cell(db: Session, period: str, scope: str, part: str, **numbers: int) -> None:
    given = dict.fromkeys(("adults", "children", "late", "holders", "cards", "cards_used"), 0)
    found = db.get(ReportCell, (period, scope, part))
    if found is not None:  # what was really counted stands below
        db.delete(found)
        db.flush()
    given |= {"late": numbers.get("adults", 0) // 10} | numbers
    db.add(ReportCell(period=period, scope=scope, slice=part, **given))
