"""Reads the figures that reports show, from cells and publications; never from visits."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.report.cells import NATION
from server.report.models import ReportCell
from shared.scan import Category

YEAR_LENGTH = 4


@dataclass(frozen=True, slots=True)
class NationalRow:
    """A year of the whole country, as the national service has always published it.

    No figure of it is held back: it is of the whole country and the whole year, and its published
    precedent shows small ones. Everything finer goes through disclosure control.
    """

    year: str
    cards: int
    used: int
    adults: Mapping[Category, int]
    children: Mapping[Category, int]
    municipalities: int

    @property
    def uses(self) -> int:
        """All uses: the sum of the eight columns (R25)."""
        return sum(self.adults.values()) + sum(self.children.values())


def national_years(db: Session) -> list[NationalRow]:
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
                cell.scope.startswith("area:"),
                cell.slice.in_(["all", "home"]),
                (cell.adults > 0) | (cell.cards > 0),
            )
            .group_by(cell.period)
        ).all()
    )
    return [
        NationalRow(
            year=year,
            cards=row["home"].cards if "home" in row else 0,
            used=row["home"].cards_used if "home" in row else 0,
            adults={c: row[f"cat:{c}"].adults if f"cat:{c}" in row else 0 for c in Category},
            children={c: row[f"cat:{c}"].children if f"cat:{c}" in row else 0 for c in Category},
            municipalities=areas.get(year, 0),
        )
        for year, row in sorted(parts.items(), reverse=True)
    ]
