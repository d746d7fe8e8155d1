"""Tables of a count of everything: what it makes, and what it needs on the way."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Column, Integer, MetaData, SmallInteger, String, Table, Uuid

from server.report.models import ReportCard, ReportCell, ReportUse


def table_of(of: type[Any]) -> Table:
    """Give the table of a model."""
    return cast("Table", of.__table__)


@dataclass(frozen=True, slots=True)
class Count:
    """The tables of a count."""

    uses: Table
    cards: Table
    cells: Table

    def __iter__(self) -> Iterator[Table]:
        """Give them one by one."""
        return iter((self.uses, self.cards, self.cells))


KEPT = Count(table_of(ReportUse), table_of(ReportCard), table_of(ReportCell))
"""What pages read."""

SCRATCH = MetaData()
"""Tables that only the counting connection sees."""


def _scratch(name: str, *columns: Column[Any]) -> Table:
    return Table(f"counted_{name}", SCRATCH, *columns, prefixes=["TEMPORARY"])


VISITS = _scratch(
    "visit",
    Column("holder_id", Uuid), Column("card_id", Uuid), Column("venue_id", Uuid),
    Column("day", String(10)), Column("category", String(20)),
    Column("children", SmallInteger), Column("late", Integer),
)  # fmt: skip
SCOPES = _scratch("scope", Column("n", Integer), Column("name", String(43)))
AT = _scratch(
    "at",
    Column("place_id", Uuid), Column("since", String(7)), Column("until", String(7)),
    Column("venue", Integer), Column("area", Integer), Column("county", Integer),
)  # fmt: skip
FROM = _scratch(
    "from",
    Column("place_id", Uuid), Column("since", String(7)), Column("until", String(7)),
    Column("area", Integer), Column("county", Integer),
)  # fmt: skip
HELPERS = [VISITS, SCOPES, AT, FROM]
