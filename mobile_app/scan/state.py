"""The door: read, tell the colour, let staff decide, remember.

read ──▶ scan on disk ──▶ verdict ──▶ admit ──▶ visit, ledger row and report in one write
              │               └─────▶ decline, ten minutes, or red ──▶ report without a visit
              └── crash: asked again after the start, within the same ten minutes
"""

import asyncio
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import flet as ft

from mobile_app.device.decoder import PictureRefused, PictureTrouble
from mobile_app.device.device import Device
from mobile_app.device.store import StoreRefused
from mobile_app.scan.book import Book
from mobile_app.scan.doubt import Doubt
from mobile_app.scan.judge import Judge, Resting, ScannerGone
from mobile_app.scan.ledger import Ledger
from mobile_app.scan.places import with_own_visits
from mobile_app.scan.purpose import Purpose, keep_event, recall_event
from mobile_app.scan.record import DoneVisit, Scan
from mobile_app.scan.shown import Note, Shown, Stage
from mobile_app.sync.upkeep import Upkeep
from shared.event import VenueEvent
from shared.rules.admission import Colour, Door, Reason

_log = logging.getLogger(__name__)
_SMALL_NUMBER = re.compile("[0-9]{1,2}")
_LINE_ENDING = re.compile(r"(\r\n|\n|\r)\Z")


@ft.observable
@dataclass(eq=False)
class ScannerState:
    """One scanner at one door.

    Args:
        device: The ports.
        upkeep: What goes on behind this door.
        purpose: What visits are for, from now on.
    """

    device: Device
    upkeep: Upkeep
    purpose: Purpose
    shown: Shown | None = None
    children: int = 0
    assistant: bool = False
    busy: bool = False
    note: Note | None = None
    unreadable: bool = False
    visits: list[DoneVisit] = field(default_factory=list)

    def __post_init__(self) -> None:
        ledger = Ledger(self.device.store)
        self._judge = Judge(self.device, self.upkeep.refresh, ledger)
        self._book = Book(self.device.store, ledger, self.upkeep.outbox)
        self._left_waiting: list[Scan] = []
        self._doubt = Doubt(self.device.clock)
        self._turn = asyncio.Lock()  # one thing at a time happens to the verdict
        self._loaded = asyncio.Event()  # a card held up early waits for what we know

    @property
    def events(self) -> list[VenueEvent]:
        """The venue's events, with the places that are left as far as this scanner knows."""
        upkeep = self.upkeep
        return with_own_visits(upkeep.events, self.visits, told_at=upkeep.events_told_at)

    async def load(self) -> None:
        """Take up what an earlier run left: knowledge, visits, an unanswered scan."""
        await self.upkeep.load()
        with self._noting_refusal():
            await self._book.forget_old(now=self._now())
        async with self._turn:
            self._left_waiting = await self._book.waiting()
            await self._recall_event()
            with self._noting_refusal():
                await self._leave()
        await self._tell()
        self._loaded.set()

    async def choose(self, purpose: Purpose) -> None:
        """Have visits count for *purpose* from now on; an event is remembered until it is over."""
        self.purpose = purpose
        with self._noting_refusal():
            await keep_event(self.device.store, self.upkeep.scanner.venue_id, purpose.event)

    async def beat(self) -> None:
        """Close what waited too long; then see to what goes on behind. Harmless at any time."""
        if not self._loaded.is_set():
            return
        await self.expire()
        await self.upkeep.beat()

    async def read(self, text: str) -> None:
        """Judge what was read; the scan is on disk before the verdict is told."""
        await self._loaded.wait()
        async with self._turn:
            if (asked := self._asked()) is not None:
                if not asked.is_of(text):
                    self.note = Note.FINISH_FIRST
                return
            self.busy, self.note, self.unreadable = True, None, False
            try:
                with self._noting_refusal():
                    await self._read(text)
            finally:
                self.busy = False

    async def read_typed(self, text: str) -> None:
        """Read what a keyboard or a hand-held reader typed.

        Enter alone means "go on"; a small number under a verdict, so many children.
        """
        text = _LINE_ENDING.sub("", text)
        if not text:
            await self.go_on()
        elif self._asked() is not None and _SMALL_NUMBER.fullmatch(text):
            self.set_children(int(text))
        else:
            await self.read(text)

    async def read_photo(self, image: bytes) -> None:
        """Read the code in a photo."""
        try:
            texts = await self.device.decoder.decode(image)
        except PictureRefused as refused:
            too_big = refused.trouble is PictureTrouble.TOO_BIG
            self.note = Note.PHOTO_TOO_BIG if too_big else Note.NOT_A_PHOTO
            return
        if texts:
            await self.read(texts[0])
        else:
            self.note = Note.NO_CODE_IN_PHOTO

    async def go_on(self) -> None:
        """Do what Enter means now: confirm a green verdict, leave a finished one."""
        asked = self._asked()
        if asked is None:
            await self.next()
        elif asked.colour is Colour.GREEN:
            await self.admit()
        else:
            self.note = Note.CHOOSE_ONE

    async def admit(self) -> None:
        """Let them in: this makes the visit."""
        await self.expire()
        async with self._turn:
            scan = self._asked()
            if scan is None:
                return
            with self._noting_refusal():
                await self._admit(scan)
        self.upkeep.send_soon()
        await self._tell()

    async def decline(self) -> None:
        """Do not let them in on this code: no visit."""
        async with self._turn:
            if (scan := self._asked()) is not None:
                with self._noting_refusal():
                    await self._close(scan)
                    await self._leave(Note.NOT_ADMITTED)

    async def expire(self) -> None:
        """Close a scan that nobody answered for ten minutes."""
        async with self._turn:
            scan = self._asked()
            if scan is not None and scan.is_over(self._now()):
                await self._close(scan)
                await self._leave(Note.TOO_LATE)

    async def next(self) -> None:
        """Leave a finished verdict."""
        async with self._turn:
            if self._asked() is None:
                await self._leave()

    def set_children(self, children: int) -> None:
        """Say how many come along, within what the card allows."""
        if (scan := self._asked()) is not None:
            self.children = max(0, min(children, scan.end))

    def set_assistant(self, assistant: bool) -> None:  # noqa: FBT001 - a switch has one value
        """Say whether an assistant or interpreter comes along."""
        if self._asked() is not None:
            self.assistant = assistant

    async def undo(self, scan_id: UUID) -> None:
        """Undo a visit of this scanner, within a quarter of an hour."""
        try:
            undone = await self._book.undo(scan_id, at=self._now())
        except StoreRefused:
            self.note = Note.NOT_STORED
            return
        if not undone:
            self.note = Note.TOO_LATE_TO_UNDO
            return
        if self.shown is not None and self.shown.scan.scan_id == scan_id:
            await self.next()
        self.note = Note.UNDONE
        self.upkeep.send_soon()
        await self._tell()

    def find_unreadable(self) -> None:
        """Take note that nothing could be read for a while."""
        self.unreadable = self.shown is None

    async def _read(self, text: str) -> None:
        scanned_at = self._now()
        self.purpose = purpose = self.purpose.at(scanned_at, self.events)
        try:
            reading = await self._judge.judge(text, door=self._door(), purpose=purpose)
        except Resting:
            self.note = Note.RESTING
            return
        except ScannerGone as gone:
            await self.upkeep.on_gone(gone.code)
            return
        scan = Scan.of(reading, self._door(), purpose=purpose, scanned_at=scanned_at)
        if scan.reason is Reason.SAME_SCAN:
            self._show(scan, Stage.REPEATED)
        elif scan.colour is Colour.RED:
            self._show(scan, Stage.CLOSED)
            await self._close(scan)
        else:
            await self._book.keep(scan)
            self._show(scan, Stage.ASKED)
        self.note = self._doubt.note_on(scan) or self.note

    async def _admit(self, scan: Scan) -> None:
        await self._book.admit(
            scan,
            at=self._now(),
            children=self.children,
            assistant=self.assistant,
            door=self._door(),
        )
        if scan.colour is Colour.GREEN and scan.end == 0:
            await self._leave(Note.VISIT_STORED)
        else:
            self.shown, self.note = Shown(scan, Stage.VISITED), None

    def _show(self, scan: Scan, stage: Stage) -> None:
        self.children, self.assistant, self.note = 0, False, None
        self.shown = Shown(scan, stage)

    async def _leave(self, note: Note | None = None) -> None:
        """Go back to the camera, or to a scan from before the restart."""
        self.shown, self.note, self.children, self.assistant = None, note, 0, False
        while self._left_waiting:
            scan = self._left_waiting.pop(0)
            if not scan.is_over(self._now()):
                self._show(scan, Stage.ASKED)
                return
            await self._close(scan)

    async def _close(self, scan: Scan) -> None:
        await self._book.close(scan, at=self._now())
        self.upkeep.send_soon()

    async def _recall_event(self) -> None:
        event = await recall_event(self.device.store, self.upkeep.scanner.venue_id)
        if event is not None:
            self.purpose = Purpose.of_event(event).at(self._now(), self.events)

    async def _tell(self) -> None:
        """Bring what is on the screen up to what is on disk."""
        self.visits = await self._book.visits()
        await self.upkeep.tell()

    @contextmanager
    def _noting_refusal(self) -> Iterator[None]:
        """Say what the device could not store; nobody is let in by something that is nowhere."""
        try:
            yield
        except StoreRefused:
            _log.exception("the device stores nothing")
            self.note = Note.NOT_STORED

    def _asked(self) -> Scan | None:
        if self.shown is None or self.shown.stage is not Stage.ASKED:
            return None
        return self.shown.scan

    def _door(self) -> Door:
        venue = str(self.upkeep.scanner.venue_id)
        event = self.purpose.event_at(venue, self._now())
        return Door(event=event, venue=venue, device=str(self.upkeep.scanner.scanner_id))

    def _now(self) -> datetime:
        return self.device.clock.now()
