"""Visits made up for tests, and a server that tells of them."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from mobile_app.device.api import Api
from mobile_app.visit.state import Visits
from shared.scan import Category
from shared.visit import HolderVisit, VisitPage
from tests.factories import NOON
from tests.mobile_app.phones import HolderPhone


def visit(number: int = 1, **over) -> HolderVisit:
    given = {
        "visit_id": UUID(int=number),
        "venue_name": f"Teatteri {number}",
        "category": Category.CULTURE,
        "visited_at": NOON - timedelta(days=number),
        "children": 0,
        "assistant": False,
        "voided_at": None,
    }
    return HolderVisit(**(given | over))


class PagedApi(Api):
    """Answers visits from a list, a few at a time; everything else as it is."""

    def __init__(self, holder: HolderPhone, *visits: HolderVisit) -> None:
        super().__init__(holder.network, holder.clock)
        self.all = list(visits)

    async def visits(self, *, cursor: str | None = None, limit: int = 50) -> VisitPage:
        del limit
        start = int(cursor or 0)
        end = start + 3
        return VisitPage(self.all[start:end], str(end) if end < len(self.all) else None)


def visits_from(holder: HolderPhone, *visits: HolderVisit) -> tuple[Visits, PagedApi]:
    api = PagedApi(holder, *visits)
    holder.device = replace(holder.device, api=api)
    return Visits(holder.device), api


def numbers(visits: Visits) -> list[int]:
    return [row.visit_id.int for row in visits.rows]
