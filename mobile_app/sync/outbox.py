"""What the server has not confirmed yet: scans, undone visits. Nothing leaves unconfirmed.

report ──▶ waiting ──▶ confirmed                      the record is deleted
               │  ├──▶ refused, or decided otherwise  a `Matter` for people to look at
               └──◀── no answer                       it waits; the same report again is harmless
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from itertools import islice
from uuid import UUID

from mobile_app.device.api import Api, Refused, ServerUnreachable
from mobile_app.device.clock import Clock
from mobile_app.device.store import Record, Store
from mobile_app.sync.record import as_record, from_record, readable
from shared.protocol import TOO_OLD
from shared.rules.admission import Reason
from shared.scan import ScanBatch, ScanOutcome, ScanReceipt, ScanRefusal, ScanReport
from shared.venue import ScannerLimits
from shared.visit import VoidRequest

MOST_AT_ONCE = 200
"""Reports in one request: at most 900 bytes each, well under the server's 512 kB."""

MOST_REST_S = 3600
"""Nobody makes a scanner keep its visits for longer, whatever an answer says."""

KEY_LOST, KEYS_AWAY = "key_lost", "keys_away"
"""Refusals of our own making: this device cannot prove who it is, for good or just now."""

ENROL_AGAIN = frozenset({"scanner_revoked", "unknown_device", KEY_LOST})
"""Refusals after which only a new pairing code helps."""

RESTING = "resting"

NOT_NOW = frozenset(
    {"sign_in_required", "nonce_refused", "forged_proof", RESTING, TOO_OLD, KEYS_AWAY}
)
"""Refusals of the way in, not of the report: it waits for a better moment."""

_REPORTS = "door/outbox/"
_VOIDINGS = "door/voiding/"
_MATTERS = "door/matter/"

_log = logging.getLogger(__name__)


class MatterKind(StrEnum):
    """Why somebody should look at a scan."""

    REFUSED = "refused"
    DIFFERS = "differs"
    QUARANTINED = "quarantined"
    UNDO_REFUSED = "undo_refused"
    OTHER_VENUE = "other_venue"


@dataclass(frozen=True, slots=True)
class Matter:
    """Something about a scan that staff should know. It stays until they say that they do."""

    kind: MatterKind
    report: ScanReport
    code: str | None = None
    reasons: list[Reason] = field(default_factory=list)

    @property
    def scan_id(self) -> UUID:
        """Which scan it is about."""
        return self.report.scan_id


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A report on its way. `tried`: it was sent, so the server may have it already."""

    venue_id: UUID
    report: ScanReport
    tried: bool = False


@dataclass(frozen=True, slots=True)
class _Voiding:
    """An undone visit on its way; it goes after its own report."""

    report: ScanReport


class Outbox:
    """Reports of one scanner, oldest first, on disk.

    Args:
        store: Where they wait.
        api: Where they go.
        venue_id: Whose visits these are; a scanner paired anew may belong to another venue.
        clock: How long a server that asked for a rest has had it.
        on_gone: Told the code when the server does not know this scanner any more.
    """

    def __init__(
        self,
        store: Store,
        api: Api,
        *,
        venue_id: UUID,
        clock: Clock,
        on_gone: Callable[[str], Awaitable[None]],
    ) -> None:
        self._store = store
        self._api = api
        self._clock = clock
        self._most = MOST_AT_ONCE
        self._rests_from, self._rests_for = clock.now(), timedelta()
        self._venue_id = venue_id
        self._on_gone = on_gone
        self._sending = asyncio.Lock()
        self._writing = asyncio.Lock()  # held for a moment only, never across the network

    def entry(self, report: ScanReport) -> dict[str, Record | None]:
        """Give what to write, together with whatever must be true at the same moment."""
        return {_name(_REPORTS, report.scan_id): as_record(_Waiting(self._venue_id, report))}

    async def waiting(self) -> int:
        """Count what the server has not confirmed."""
        return await count_waiting(self._store)

    async def unreadable(self) -> int:
        """Count what waits and cannot be read: spoilt on this device, and never sent."""
        reports, voidings = [await self._store.under(folder) for folder in (_REPORTS, _VOIDINGS)]
        read = [*readable(_Waiting, reports), *readable(_Voiding, voidings)]
        return len(reports) + len(voidings) - len(read)

    async def matters(self) -> list[Matter]:
        """Give what people should look at, oldest first."""
        return [matter for _, matter in readable(Matter, await self._store.under(_MATTERS))]

    async def settle_matter(self, scan_id: UUID) -> None:
        """Forget a matter: somebody has seen it."""
        await self._store.put_all({_name(_MATTERS, scan_id): None})

    async def send_again(self, matter: Matter) -> None:
        """Put a refused report back among the waiting ones."""
        await self._store.put_all(
            {_name(_MATTERS, matter.scan_id): None} | self.entry(matter.report)
        )

    async def undo(self, report: ScanReport, also: Mapping[str, Record | None]) -> None:
        """Undo the visit of *report*, and write *also* in the same moment.

        A report that never left becomes one of a holder who did not come in; any other is
        followed by a voiding, because the server may have made the visit already.
        """
        name = _name(_REPORTS, report.scan_id)
        async with self._writing:
            record = await self._store.get(name)
            if record is not None and not from_record(_Waiting, record).tried:
                nobody = replace(report, admitted=False, children=0, assistant=False)
                await self._store.put_all(self.entry(nobody) | dict(also))
                return
            voiding = as_record(_Voiding(report))
            await self._store.put_all({_name(_VOIDINGS, report.scan_id): voiding, **also})

    async def drain(self) -> None:
        """Send what waits, oldest first; stop at the first silence. Harmless at any time."""
        async with self._sending:
            if self._is_resting():
                return
            try:
                while batch := await self._next_batch():
                    await self._send(batch)
                await self._send_voidings()
            except ServerUnreachable:
                return
            except Refused as refused:
                if refused.code in ENROL_AGAIN:
                    await self._on_gone(refused.code)
                self._rest(refused)

    def keep_to(self, limits: ScannerLimits) -> None:
        """Send no more at once than the server takes."""
        self._most = max(1, min(MOST_AT_ONCE, limits.batch_most))

    def _rest(self, refused: Refused) -> None:
        """Ask for nothing as long as the server wants; without a time, the next beat tries again.

        Only a scanner that named too many unknown card codes goes on: tokens are welcome.
        """
        if refused.retry_after_s is not None and refused.code != RESTING:
            wait_s = max(0, min(refused.retry_after_s, MOST_REST_S))
            self._rests_from, self._rests_for = self._clock.now(), timedelta(seconds=wait_s)

    def _is_resting(self) -> bool:
        # A clock that was set back must not make the rest longer, so both directions count.
        return abs(self._clock.now() - self._rests_from) < self._rests_for

    async def _next_batch(self) -> list[ScanReport]:
        """Choose what to send, and remember first that it was sent."""
        async with self._writing:
            kept = readable(_Waiting, await self._store.under(_REPORTS))
            changed: dict[str, Record | None] = {}
            batch = []
            for name, waiting in islice(kept, self._most):
                if waiting.venue_id != self._venue_id:
                    changed[name] = None
                    changed |= _matter(Matter(MatterKind.OTHER_VENUE, waiting.report))
                    continue
                batch.append(waiting.report)
                if not waiting.tried:
                    changed[name] = as_record(replace(waiting, tried=True))
            if changed:
                await self._store.put_all(changed)
            return batch

    async def _send(self, batch: Sequence[ScanReport]) -> None:
        try:
            receipts = await self._report(batch)
        except Refused as refused:
            if _is_about_the_way_in(refused):
                raise
            if len(batch) > 1:
                # Too long for the server, or one of them is nothing it can read: half as many, and
                # that one ends up alone, and holds back nobody.
                middle = len(batch) // 2
                await self._send(batch[:middle])
                await self._send(batch[middle:])
                return
            receipts = [ScanRefusal(batch[0].scan_id, refused.code)]
        await self._settle_all(batch, receipts)

    async def _report(self, batch: Sequence[ScanReport]) -> Sequence[ScanReceipt | ScanRefusal]:
        if len(batch) == 1:
            return [await self._api.report_scan(batch[0])]
        return (await self._api.report_scans(ScanBatch(list(batch)))).receipts

    async def _settle_all(
        self, batch: Sequence[ScanReport], receipts: Sequence[ScanReceipt | ScanRefusal]
    ) -> None:
        reports = {report.scan_id: report for report in batch}
        changed: dict[str, Record | None] = {}
        for receipt in receipts:
            if isinstance(receipt, ScanRefusal) and receipt.code in NOT_NOW:
                continue
            report = reports.pop(receipt.scan_id, None)
            if report is None:
                continue
            changed[_name(_REPORTS, report.scan_id)] = None
            if (matter := _matter_of(report, receipt)) is not None:
                changed |= _matter(matter)
        await self._store.put_all(changed)
        if reports:
            # Not an answer to all that was asked, or "not now": asking on at once would turn in
            # circles.
            raise ServerUnreachable

    async def _send_voidings(self) -> None:
        for name, voiding in readable(_Voiding, await self._store.under(_VOIDINGS)):
            report = voiding.report
            changed: dict[str, Record | None] = {name: None}
            try:
                await self._api.void_visit(VoidRequest(report.scan_id))
            except Refused as refused:
                if _is_about_the_way_in(refused):
                    raise
                changed |= _matter(Matter(MatterKind.UNDO_REFUSED, report, refused.code))
            await self._store.put_all(changed)


async def count_waiting(store: Store) -> int:
    """Count what the server has not confirmed, also while this device is nobody's scanner."""
    return len(await store.under(_REPORTS)) + len(await store.under(_VOIDINGS))


def _matter_of(report: ScanReport, receipt: ScanReceipt | ScanRefusal) -> Matter | None:
    if isinstance(receipt, ScanRefusal):
        _log.warning("a report was refused: %s", receipt.code)
        return Matter(MatterKind.REFUSED, report, receipt.code)
    if receipt.outcome is ScanOutcome.QUARANTINED:
        return Matter(MatterKind.QUARANTINED, report, reasons=list(receipt.reasons))
    if receipt.differs:
        return Matter(MatterKind.DIFFERS, report, reasons=list(receipt.reasons))
    return None


def _is_about_the_way_in(refused: Refused) -> bool:
    return refused.code in ENROL_AGAIN | NOT_NOW or refused.retry_after_s is not None


def _matter(matter: Matter) -> dict[str, Record | None]:
    return {_name(_MATTERS, matter.scan_id): as_record(matter)}


def _name(prefix: str, scan_id: UUID) -> str:
    return f"{prefix}{scan_id}"
