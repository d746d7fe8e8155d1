"""Keeping a scanner good: send what waits, fetch what is old, say how things stand."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

import flet as ft

from mobile_app.device.api import Refused, ServerUnreachable
from mobile_app.device.clock import CLOCK
from mobile_app.device.device import Device
from mobile_app.sync.outbox import ENROL_AGAIN, Matter, Outbox
from mobile_app.sync.record import as_record, readable
from mobile_app.sync.refresh import Ages, Refresh
from shared.event import VenueEvent
from shared.venue import EnrolledScanner, ScannerSnapshot

REFRESH_EVERY_S = 30
LOOK_UP_EVERY_S = 600
"""How often the scanner asks who it is: so it learns the time, its venue's name, its own end."""

REMEMBER_CLOCK_EVERY_S = 60
"""A clock that was turned back while the app was closed is noticed to within this."""


_EVENTS = "door/events/"


@dataclass(frozen=True, slots=True)
class _Events:
    """The venue's events as the server told them last: they are needed without network, too."""

    events: list[VenueEvent]
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Readiness:
    """How good the scanner's knowledge is, and how much the server has not confirmed."""

    ages: Ages
    waiting: int
    refused: str | None
    clock_sure: bool
    unreadable: int = 0
    lasting: bool = True


async def _ignore(_: EnrolledScanner) -> None:
    pass


@ft.observable
@dataclass(eq=False)
class Upkeep:
    """What goes on behind the door.

    Args:
        device: The ports.
        scanner: Who this scanner is.
        on_gone: Told the code when the server does not know this scanner any more.
        on_known: Told what the server says about this scanner now.
    """

    device: Device
    scanner: EnrolledScanner
    on_gone: Callable[[str], Awaitable[None]]
    on_known: Callable[[EnrolledScanner], Awaitable[None]] = _ignore
    readiness: Readiness | None = None
    matters: list[Matter] = field(default_factory=list)
    events: list[VenueEvent] = field(default_factory=list)
    events_told_at: datetime | None = None

    def __post_init__(self) -> None:
        self._refresh = Refresh(self.device)
        self._outbox = Outbox(
            self.device.store,
            self.device.api,
            venue_id=self.scanner.venue_id,
            clock=self.device.clock,
            on_gone=self.on_gone,
        )
        self._unreadable = 0
        self._done_at: dict[str, datetime] = {}
        self._errands: set[asyncio.Task[None]] = set()
        self._learnt: ScannerSnapshot | None = None

    @property
    def refresh(self) -> Refresh:
        """The signed documents."""
        return self._refresh

    @property
    def outbox(self) -> Outbox:
        """What the server has not confirmed."""
        return self._outbox

    async def load(self) -> None:
        """Take up what an earlier run of the app left."""
        await self._refresh.load()
        kept = await self.device.store.under(self._events_name())
        for _, known in readable(_Events, kept):
            self.events, self.events_told_at = known.events, known.told_at
        self._unreadable = await self._outbox.unreadable()
        await self.tell()

    async def beat(self) -> None:
        """Send what waits and fetch what is old. Harmless at any time."""
        await self._outbox.drain()
        if self._is_due("refresh", REFRESH_EVERY_S):
            await self._refresh.fetch(waiting=await self._outbox.waiting())
            await self._learn_from_snapshot()
        if self._is_due("look up", LOOK_UP_EVERY_S):
            await self._look_up()
        if self._is_due("clock", REMEMBER_CLOCK_EVERY_S):
            await self.device.store.put(CLOCK, self.device.clock.record())
        await self.tell()

    def send_soon(self) -> None:
        """Send what waits, without keeping anybody waiting."""
        task = asyncio.create_task(self._send())
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    async def settle(self) -> None:
        """Wait for what is being sent."""
        while self._errands:
            await asyncio.gather(*self._errands)

    async def settle_matter(self, matter: Matter, *, again: bool = False) -> None:
        """Take a matter off the list; `again` puts its report back among the waiting ones."""
        if again:
            await self._outbox.send_again(matter)
            self.send_soon()
        else:
            await self._outbox.settle_matter(matter.scan_id)
        await self.tell()

    async def tell(self) -> None:
        """Bring what is on the screen up to what is on disk."""
        self.matters = await self._outbox.matters()
        self.readiness = Readiness(
            ages=self._refresh.ages(self.device.clock.now()),
            waiting=await self._outbox.waiting(),
            refused=self._refresh.refused,
            clock_sure=self.device.clock.is_sure() or self.device.clock.is_likely(),
            unreadable=self._unreadable,
            lasting=await self.device.store.is_lasting(),
        )

    async def _send(self) -> None:
        await self._outbox.drain()
        await self.tell()

    async def _look_up(self) -> None:
        try:
            scanner = await self.device.api.scanner()
        except ServerUnreachable:
            self._done_at.pop("look up", None)  # the next beat tries again
        except Refused as refused:
            if refused.code in ENROL_AGAIN:
                await self.on_gone(refused.code)
        else:
            await self.on_known(scanner)

    async def _learn_from_snapshot(self) -> None:
        snapshot = self._refresh.snapshot
        if snapshot is None or snapshot is self._learnt:
            return
        self._learnt = snapshot
        self._done_at["look up"] = self.device.clock.now()
        self._outbox.keep_to(snapshot.limits)
        if snapshot.events != self.events:
            self.events, self.events_told_at = snapshot.events, snapshot.server_time
            known = _Events(self.events, self.events_told_at)
            await self.device.store.put(self._events_name(), as_record(known))
        await self.on_known(snapshot.scanner)

    def _events_name(self) -> str:
        return f"{_EVENTS}{self.scanner.venue_id}"

    def _is_due(self, what: str, every_s: int) -> bool:
        now, last = self.device.clock.now(), self._done_at.get(what)
        # A clock that was set back must not stop the rhythm, so both directions count.
        due = last is None or abs((now - last).total_seconds()) >= every_s
        if due:
            self._done_at[what] = now
        return due
