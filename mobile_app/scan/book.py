"""The scanner's book: unanswered scans, visits, ledger, reports; changed together or not at all."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from mobile_app.device.store import Record, Store
from mobile_app.scan.ledger import KEPT_S, Ledger
from mobile_app.scan.record import DoneVisit, Scan
from mobile_app.sync.outbox import Outbox
from mobile_app.sync.record import as_record, from_record, readable
from shared.rules.admission import Door

_SCANS = "door/scan/"
_VISITS = "door/visit/"


class Book:
    """What must survive a crash between any two steps at the door."""

    def __init__(self, store: Store, ledger: Ledger, outbox: Outbox) -> None:
        self._store = store
        self._ledger = ledger
        self._outbox = outbox

    async def keep(self, scan: Scan) -> None:
        """Write down a scan that waits for an answer."""
        await self._store.put(_scan_name(scan.scan_id), as_record(scan))

    async def waiting(self) -> list[Scan]:
        """Give the scans that nobody has answered, oldest first."""
        return [scan for _, scan in readable(Scan, await self._store.under(_SCANS))]

    async def close(self, scan: Scan, *, at: datetime) -> None:
        """Finish *scan* without a visit."""
        report = scan.close(at=at, admitted=False)
        await self._store.put_all({_scan_name(scan.scan_id): None} | self._outbox.entry(report))

    async def admit(
        self, scan: Scan, *, at: datetime, children: int, assistant: bool, door: Door
    ) -> None:
        """Finish *scan* with a visit: report, ledger row and visit in one write."""
        report = scan.close(at=at, admitted=True, children=children, assistant=assistant)
        records = {_scan_name(scan.scan_id): None} | self._outbox.entry(report)
        ledger_name = None
        row = scan.row(at=at, venue=door.venue, device=door.device)
        if row is not None:
            ledger_name, entry = await self._ledger.entry(row, scan.scan_id)
            records |= entry
        visit = DoneVisit(report, scan.community, ledger_name)
        await self._store.put_all(records | {_visit_name(scan.scan_id): as_record(visit)})

    async def undo(self, scan_id: UUID, *, at: datetime) -> bool:
        """Undo a visit, and let the card in again; tells whether it was early enough."""
        record = await self._store.get(_visit_name(scan_id))
        visit = None if record is None else from_record(DoneVisit, record)
        if visit is None or not visit.can_be_undone(at):
            return False
        undone = replace(visit, undone_at=at, ledger_name=None)
        records: dict[str, Record | None] = {_visit_name(scan_id): as_record(undone)}
        if visit.ledger_name is not None:
            records[visit.ledger_name] = None
        await self._outbox.undo(visit.report, records)
        return True

    async def visits(self) -> list[DoneVisit]:
        """Give the visits of the last 48 hours, newest first."""
        records = await self._store.under(_VISITS)
        return [visit for _, visit in readable(DoneVisit, reversed(records))]

    async def forget_old(self, *, now: datetime) -> None:
        """Throw away visits and ledger rows of more than 48 hours ago."""
        old = [
            visit.scan_id
            for visit in await self.visits()
            if (now - visit.report.closed_at).total_seconds() > KEPT_S
        ]
        if old:
            await self._store.put_all({_visit_name(scan_id): None for scan_id in old})
        await self._ledger.forget_old(now_s=int(now.timestamp()))


def _scan_name(scan_id: UUID) -> str:
    return f"{_SCANS}{scan_id}"


def _visit_name(scan_id: UUID) -> str:
    return f"{_VISITS}{scan_id}"
