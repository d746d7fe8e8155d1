"""Reads the figures that reports show, from cells and publications; never from visits."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.area.models import Area
from server.report.models import ReportCell
from server.report.rollup.cells import NATION, area_scope
from server.report.years import NationalYear
from shared.scan import Category

YEAR_LENGTH = 4

Figures = Mapping[tuple[str, str, str], int | None]
"""What is published, by kind, scope and slice; None where it is hidden."""


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


@dataclass(frozen=True, slots=True)
class Line:
    """Parts of one sum, in order; a part of None is hidden, an absent one is nothing that can be.

    Attributes:
        parts: Slice or month, and its figure.
    """

    parts: Mapping[str, int | None]

    @property
    def most(self) -> int:
        """The largest figure that is shown: how long the longest bar is."""
        return max((n for n in self.parts.values() if n is not None), default=0)
