"""What reports keep, read and brought up to date."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.report.models import ReportCard, ReportCell, ReportUse
from server.report.rollup.check import differing_cells
from server.report.rollup.upkeep import catch_up


def settle(db: Session) -> None:
    """Bring the cells up to date."""
    db.flush()
    while catch_up(db, most=3):
        pass
    db.expire_all()


def cell(db: Session, period: str, scope: str, part: str = "all") -> dict[str, int]:
    row = db.get(ReportCell, (period, scope, part))
    names = ("adults", "children", "late", "holders", "cards", "cards_used")
    return {} if row is None else {name: n for name in names if (n := getattr(row, name))}


def kept(db: Session) -> list[list[tuple[object, ...]]]:
    """Read all that reports keep, but for cells that are all zeros."""
    tables = (ReportUse, ReportCard, ReportCell)
    rows = [sorted(db.execute(select(*of.__table__.columns)).all(), key=str) for of in tables]
    return [*rows[:2], [row for row in rows[2] if any(row[3:])]]


def wrong(db: Session) -> list[object]:
    return list(differing_cells(db))
