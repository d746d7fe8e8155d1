"""The filters above a list of visits: days, category, venue, and what is worth a look."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from server.console.forms import Form
from server.paperform.errors import MalformedDay
from server.paperform.table import read_day
from server.report.errors import PeriodEndsTooSoon
from server.scan.listing import Remark, VisitFilter
from server.texts import N_
from shared.scan import Category

OLDEST = "oldest"
REMARKS = {
    Remark.UNDONE: N_("Undone"),
    Remark.LATE: N_("Recorded after a day or later"),
    Remark.DIFFERS: N_("The register says otherwise than the door"),
}
ORDERS = {OLDEST: N_("Oldest first")}
"""Beside the newest first."""
_FIELDS = ("first_on", "last_on", "category", "venue", "only", "order")


@dataclass(frozen=True, slots=True)
class AskedVisits:
    """Which visits a page was asked for, and how the same page is asked for again."""

    form: Form
    wanted: VisitFilter
    cursor: str | None

    @property
    def filters(self) -> str:
        """The filters as the query of a link."""
        return urlencode({name: self.form.typed[name] for name in _FIELDS})

    @property
    def query(self) -> str:
        """The filters and the place in the list, as the query of a link."""
        return self.filters + (f"&{urlencode({'cursor': self.cursor})}" if self.cursor else "")


def read_asked(query: Mapping[str, str], *, since: date | None = None) -> AskedVisits:
    """Read the query of a list of visits; one that says no first day begins at *since*."""
    typed = {name: query.get(name, "").strip() for name in _FIELDS}
    if "first_on" not in query and since is not None:
        typed["first_on"] = f"{since.day}.{since.month}.{since.year}"
    form = Form(typed)
    category, only = typed["category"], typed["only"]
    wanted = VisitFilter(
        first_on=_day(form, "first_on"),
        last_on=_day(form, "last_on"),
        category=Category(category) if category in [*Category] else None,
        venue_id=form.id("venue"),
        only=Remark(only) if only in [*Remark] else None,
        oldest_first=typed["order"] == OLDEST,
    )
    first_on, last_on = wanted.first_on, wanted.last_on
    if first_on is not None and last_on is not None and last_on < first_on:
        form.refuse([PeriodEndsTooSoon()], {PeriodEndsTooSoon.code: "last_on"})
    return AskedVisits(form, wanted, query.get("cursor"))


def _day(form: Form, name: str) -> date | None:
    if not form.text(name):
        return None
    try:
        return read_day(form.text(name))
    except MalformedDay as refused:
        form.refuse([refused], {refused.code: name})
        return None
