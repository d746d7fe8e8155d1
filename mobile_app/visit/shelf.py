"""How the visits are kept: a record for each month, so that news rewrites one month at most."""

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from mobile_app.card.held import HISTORY
from mobile_app.device.store import Record, Store
from mobile_app.ui.texts import HELSINKI
from shared.visit import HolderVisit, VisitPage
from shared.wire import from_json, to_json

MONTHS = f"{HISTORY}month/"
HEARD = f"{HISTORY}heard"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class History:
    """The visits that the server told of, newest first, and when; `cursor` leads to older ones."""

    rows: list[HolderVisit] = field(default_factory=list)
    heard_at: datetime | None = None
    cursor: str | None = None


async def kept_history(store: Store) -> History:
    """Take the history out of the Store; a month that cannot be read is asked for again."""
    heard = await store.get(HEARD)
    if heard is None:
        return History()
    try:
        heard_at, cursor = datetime.fromisoformat(heard["heard_at"]), heard["cursor"]
        rows = [
            visit
            for _, record in reversed(await store.under(MONTHS))
            for visit in from_json(VisitPage, json.dumps(record)).visits
        ]
    except (ValueError, KeyError, TypeError):
        _log.exception("the kept visits cannot be read")
        return History()
    return History(rows, heard_at, cursor)


def records_of(before: list[HolderVisit], after: History) -> dict[str, Record | None]:
    """Give the records that change when the history was *before* and is *after* now."""
    heard_at = None if after.heard_at is None else after.heard_at.isoformat()
    records: dict[str, Record | None] = {HEARD: {"heard_at": heard_at, "cursor": after.cursor}}
    if before == after.rows:
        return records
    old, new = _by_month(before), _by_month(after.rows)
    for month in old.keys() | new.keys():
        if old.get(month) != new.get(month):
            records[MONTHS + month] = _written(new[month]) if month in new else None
    return records


def month_of(at: datetime) -> tuple[int, int]:
    """Give year and month, as the calendar on the wall has them."""
    local = at.astimezone(HELSINKI)
    return local.year, local.month


def _by_month(visits: Iterable[HolderVisit]) -> dict[str, list[HolderVisit]]:
    months: dict[str, list[HolderVisit]] = {}
    for visit in visits:
        year, month = month_of(visit.visited_at)
        months.setdefault(f"{year:04}-{month:02}", []).append(visit)
    return months


def _written(visits: list[HolderVisit]) -> Record:
    record: Record = json.loads(to_json(VisitPage(visits=visits, next_cursor=None)))
    return record
