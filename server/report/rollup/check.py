"""Tells which cells are wrong, by counting all of them a second time."""

from collections.abc import Iterator
from typing import cast

from sqlalchemy import Column, Table, and_, func, or_, select
from sqlalchemy.orm import Session

from server.report.rollup.cells import CellKey, Measure
from server.report.rollup.recount import count_all
from server.report.rollup.scratch import KEPT, SCRATCH, Count

NAMES = [measure.name.lower() for measure in Measure]


def _like(table: Table) -> Table:
    columns = [Column(one.name, one.type, primary_key=one.primary_key) for one in table.columns]
    return Table(f"true_{table.name}", SCRATCH, *columns, prefixes=["TEMPORARY"])


_TRUE = Count(*map(_like, KEPT))


def differing_cells(db: Session) -> Iterator[tuple[CellKey, list[int], list[int]]]:
    """Give each cell that is wrong: its key, what it says, and what the register says."""
    SCRATCH.create_all(db.connection(), tables=list(_TRUE))
    count_all(db, _TRUE)
    yield from _unlike(db, KEPT.cells, _TRUE.cells)
    for key, true, said in _unlike(db, _TRUE.cells, KEPT.cells, only_missing=True):
        yield key, said, true
    SCRATCH.drop_all(db.connection(), tables=list(_TRUE))


def _unlike(
    db: Session, one: Table, other: Table, *, only_missing: bool = False
) -> Iterator[tuple[CellKey, list[int], list[int]]]:
    """Give the cells of *one* that *other* counts otherwise; one that is not there is zeros."""
    same = and_(*(one.c[key] == other.c[key] for key in ("period", "scope", "slice")))
    there = [func.coalesce(other.c[name], 0) for name in NAMES]
    here = [one.c[name] for name in NAMES]
    key = [one.c.period, one.c.scope, one.c.slice]
    wanted = (
        select(*key, *here, *there)
        .outerjoin(other, same)
        .where(or_(*(a != b for a, b in zip(here, there, strict=True))))
        .order_by(*key)
    )
    if only_missing:
        wanted = wanted.where(other.c.period.is_(None))
    for period, scope, part, *numbers in db.execute(wanted):
        yield cast("CellKey", (period, scope, part)), numbers[: len(NAMES)], numbers[len(NAMES) :]
