"""Reads the national yearly table, from cells; never from visits."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.area.models import Area
from server.report.models import ReportCell
from server.report.rollup.cells import NATION, YEAR_LENGTH, area_scope
from server.report.years import NationalYear
from shared.scan import Category


def national_years(db: Session) -> list[NationalYear]:
    """Read the national yearly table, the newest year first."""
    cell = ReportCell
    yearly = func.length(cell.period) == YEAR_LENGTH
    parts: dict[str, dict[str, ReportCell]] = {}
    wanted = ["home", *(f"cat:{category}" for category in Category)]
    for row in db.scalars(select(cell).where(cell.scope == NATION, cell.slice.in_(wanted), yearly)):
        parts.setdefault(row.period, {})[row.slice] = row
    areas = dict(
        db.execute(
            select(cell.period, func.count(cell.scope.distinct()))
            .where(
                yearly,
                cell.scope.in_([area_scope(area_id) for area_id in db.scalars(select(Area.id))]),
                cell.slice.in_(["all", "home"]),
                (cell.adults > 0) | (cell.cards > 0),
            )
            .group_by(cell.period)
        ).all()
    )
    return [
        NationalYear(
            year=int(year),
            cards=row["home"].cards if "home" in row else 0,
            used=row["home"].cards_used if "home" in row else 0,
            adults={c: row[f"cat:{c}"].adults if f"cat:{c}" in row else 0 for c in Category},
            children={c: row[f"cat:{c}"].children if f"cat:{c}" in row else 0 for c in Category},
            municipalities=areas.get(year, 0),
        )
        for year, row in sorted(parts.items(), reverse=True)
    ]
