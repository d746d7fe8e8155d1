"""The holder's visits: from the phone at once, from the server when it answers."""

import json
import logging
from dataclasses import dataclass, field
from datetime import datetime

import flet as ft

from mobile_app.card.held import CARD, HISTORY
from mobile_app.device.api import Refused, ServerUnreachable
from mobile_app.device.device import Device
from shared.visit import HolderVisit, VisitPage
from shared.wire import from_json, to_json

RECORD = f"{HISTORY}history"

_log = logging.getLogger(__name__)


@ft.observable
@dataclass
class Visits:
    """Newest first. `heard_at` is the age of what is shown; `offline` that no newer was to be had.

    `cursor` leads to visits older than the last one shown, if there are any.
    """

    device: Device
    rows: list[HolderVisit] = field(default_factory=list)
    heard_at: datetime | None = None
    cursor: str | None = None
    busy: bool = False
    offline: bool = False
    refusal: str | None = None

    async def load(self) -> None:
        """Show what the phone remembers."""
        record = await self.device.store.get(RECORD)
        if record is None:
            return
        try:
            page = from_json(VisitPage, json.dumps(record["page"]))
            self.heard_at = datetime.fromisoformat(record["heard_at"])
        except (ValueError, KeyError):
            _log.exception("the kept visits cannot be read")
            return
        self.rows, self.cursor = page.visits, page.next_cursor

    async def refresh(self) -> None:
        """Fetch the newest visits; harmless at any time."""
        page = await self._fetch(None)
        if page is None:
            return
        known = {visit.visit_id for visit in self.rows}
        if any(visit.visit_id in known for visit in page.visits) or not page.visits:
            self.rows = _merged(self.rows, page.visits)
        else:  # a gap between old and new would look like months without visits
            self.rows, self.cursor = page.visits, page.next_cursor
        await self._keep()

    async def ask(self) -> None:
        """Fetch the newest visits because somebody pressed the button."""
        self.busy = True
        try:
            await self.refresh()
        finally:
            self.busy = False

    async def older(self) -> None:
        """Fetch what came before the last visit shown."""
        if self.cursor is None or self.busy:
            return
        self.busy = True
        try:
            page = await self._fetch(self.cursor)
            if page is not None:
                self.rows, self.cursor = _merged(self.rows, page.visits), page.next_cursor
                await self._keep()
        finally:
            self.busy = False

    async def _fetch(self, cursor: str | None) -> VisitPage | None:
        try:
            page = await self.device.api.visits(cursor=cursor)
        except ServerUnreachable:
            self.offline = True
            return None
        except Refused as refused:
            self.offline, self.refusal = False, refused.code
            return None
        self.offline, self.refusal = False, None
        self.heard_at = self.device.clock.now()
        return page

    async def _keep(self) -> None:
        if self.heard_at is None or await self.device.store.get(CARD) is None:
            return  # signed out meanwhile: nothing of the card may come back
        page = VisitPage(visits=list(self.rows), next_cursor=self.cursor)
        record = {"page": json.loads(to_json(page)), "heard_at": self.heard_at.isoformat()}
        await self.device.store.put(RECORD, record)


def _merged(old: list[HolderVisit], new: list[HolderVisit]) -> list[HolderVisit]:
    """Put both together, newest first; of two tellings of one visit the new one counts."""
    visits = {visit.visit_id: visit for visit in [*old, *new]}
    return sorted(visits.values(), key=lambda visit: visit.visited_at, reverse=True)
