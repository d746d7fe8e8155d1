"""The holder's visits: from the phone at once, from the server when it answers."""

import base64
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import uuid4

import flet as ft

from mobile_app.card.held import CARD, HISTORY, PRIVATE
from mobile_app.device.api import Refused, ServerUnreachable
from mobile_app.device.device import Device
from mobile_app.device.store import Record
from mobile_app.mood.mood import Mood
from mobile_app.ui.texts import HELSINKI
from mobile_app.visit.diary import Entry, entries_of
from mobile_app.visit.dispute import Said, said_so_far, say, send_disputes
from mobile_app.visit.own import (
    NOTE_MOST,
    NOTES,
    NOTHING,
    OWN,
    PHOTOS,
    Draft,
    Note,
    OwnVisit,
    Slips,
    check_draft,
    read_children,
    read_day,
)
from mobile_app.visit.shelf import History, kept_history, records_of
from shared.feedback import TELL_WITHIN
from shared.visit import HolderVisit, VisitPage

OLDER_AT_ONCE = 200
"""How many visits one question for older ones brings: the most that the server gives."""

OLDER_PAGES = 30
"""How many such questions follow each other, before the newest visits are asked for again."""

HIDDEN = f"{PRIVATE}hidden"
"""The name of the record that is there while the visits are hidden."""

_log = logging.getLogger(__name__)


@ft.observable
@dataclass
class Visits:
    """Newest first. `heard_at` is the age of what is shown; `offline` that no newer was to be had.

    `cursor` leads to visits older than the last one known, if there are any. `rows` are the
    register's; `entries` are these and the holder's own, each with its note. `said` is what the
    server has not taken of the word that a visit is not the holder's.
    """

    device: Device
    rows: list[HolderVisit] = field(default_factory=list)
    heard_at: datetime | None = None
    cursor: str | None = None
    busy: bool = False
    offline: bool = False
    refusal: str | None = None
    entries: tuple[Entry, ...] = ()
    hidden: bool = False
    said: Mapping[str, Said] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._own: dict[str, OwnVisit] = {}
        self._notes: dict[str, Note] = {}

    async def load(self) -> None:
        """Show what the phone remembers, and nothing else."""
        store = self.device.store
        self.hidden = await store.get(HIDDEN) is not None
        self.said = dict(await said_so_far(store))
        self._own = {}
        for key, record in await store.under(OWN):
            try:
                visit = OwnVisit.from_record(key.removeprefix(OWN), record)
            except (ValueError, KeyError, TypeError):
                _log.warning("a visit of the holder's own cannot be read")
            else:
                self._own[visit.name] = visit
        notes = await store.under(NOTES)
        self._notes = {key.removeprefix(NOTES): Note.from_record(record) for key, record in notes}
        self._take(await kept_history(store))
        self._arrange()

    async def refresh(self) -> None:
        """Say what waits to be said, then fetch the newest visits; harmless at any time."""
        if self.said:
            await send_disputes(self.device)
            self.said = dict(await said_so_far(self.device.store))
        page = await self._fetch(None)
        if page is None:
            return
        known = {visit.visit_id for visit in self.rows}
        if any(visit.visit_id in known for visit in page.visits) or not page.visits:
            await self._keep(_merged(self.rows, page.visits), self.cursor)
        else:  # a gap between old and new would look like months without visits
            await self._keep(page.visits, page.next_cursor)

    async def ask(self) -> None:
        """Fetch the newest visits because somebody pressed the button."""
        self.busy = True
        try:
            await self.refresh()
        finally:
            self.busy = False

    async def older(self) -> None:
        """Fetch what came before the last visit known."""
        if self.cursor is None or self.busy:
            return
        self.busy = True
        try:
            page = await self._fetch(self.cursor, limit=OLDER_AT_ONCE)
            if page is not None:
                await self._keep(_merged(self.rows, page.visits), page.next_cursor)
        finally:
            self.busy = False

    async def complete(self) -> None:
        """Fetch older visits until all are here, as far as the server goes along."""
        for _ in range(OLDER_PAGES):
            before = self.cursor
            await self.older()
            if self.cursor is None or self.cursor == before:
                return

    def entry(self, name: str) -> Entry | None:
        """Find one line of the diary."""
        return next((entry for entry in self.entries if entry.name == name), None)

    def can_be_told(self, entry: Entry) -> bool:
        """Tell whether the venue of a visit can be written to: the register knows of it, lately."""
        lately = self.device.clock.now() - entry.at < TELL_WITHIN
        return lately and not entry.own and not entry.undone

    def today(self) -> date:
        """Give the day by the phone's clock."""
        return self.device.clock.now().astimezone(HELSINKI).date()

    async def add_own(self, draft: Draft) -> Slips:
        """Keep a visit that no venue recorded; gives what must be mended first, if anything."""
        today = self.today()
        slips = check_draft(draft, today=today)
        if slips.any():
            return slips
        visit = OwnVisit(
            visit_id=uuid4(),
            day=read_day(draft.day, today=today) or today,
            place=draft.place.strip(),
            category=draft.category,
            children=read_children(draft.children) or 0,
        )
        await self.device.store.put(OWN + visit.name, visit.to_record())
        self._own[visit.name] = visit
        self._arrange()
        return slips

    async def dispute(self, name: str) -> None:
        """Say that a visit is not one's own; it waits here until the server has heard it."""
        await say(self.device.store, name)
        self.said = dict(await said_so_far(self.device.store))
        await self.refresh()

    async def write_note(self, name: str, text: str) -> bool:
        """Keep the words of a note; tells whether they were few enough."""
        if len(text) > NOTE_MOST:
            return False
        await self._put_note(name, replace(self._notes.get(name, NOTHING), text=text.strip()))
        return True

    async def choose_mood(self, name: str, mood: Mood | None) -> None:
        """Keep how a visit felt."""
        await self._put_note(name, replace(self._notes.get(name, NOTHING), mood=mood))

    async def hide(self) -> None:
        """Show no visits until `show`, also after a restart: somebody looks over the shoulder."""
        self.hidden = True
        await self.device.store.put(HIDDEN, {"hidden": True})

    async def show(self) -> None:
        """Show the visits again."""
        self.hidden = False
        await self.device.store.put_all({HIDDEN: None})

    async def photo(self, name: str) -> bytes | None:
        """Give the photo of a visit as JPEG, if it has one that can be read."""
        record = await self.device.store.get(PHOTOS + name)
        try:
            return None if record is None else base64.b64decode(record["jpeg"], validate=True)
        except (KeyError, ValueError, TypeError):
            _log.warning("a photo cannot be read")
            return None

    async def keep_photo(self, name: str, small: bytes) -> None:
        """Keep a small photo with a visit; it takes the place of one before it.

        Raises:
            StoreRefused: The phone has no room.
        """
        note = replace(self._notes.get(name, NOTHING), has_photo=True)
        picture = {"jpeg": base64.b64encode(small).decode()}
        await self._put_note(name, note, {PHOTOS + name: picture})

    async def drop_photo(self, name: str) -> None:
        """Delete the photo of a visit."""
        note = replace(self._notes.get(name, NOTHING), has_photo=False)
        await self._put_note(name, note, {PHOTOS + name: None})

    async def remove(self, name: str) -> None:
        """Delete what the holder added: a visit of their own as a whole, else note and mood."""
        await self.device.store.put_all(dict.fromkeys(part + name for part in (OWN, NOTES, PHOTOS)))
        self._own.pop(name, None)
        self._notes.pop(name, None)
        self._arrange()

    async def wipe(self) -> None:
        """Delete all of it from this phone; the register's visits can be fetched again."""
        store = self.device.store
        kept = [pair for part in (HISTORY, OWN, NOTES, PHOTOS) for pair in await store.under(part)]
        await store.put_all(dict.fromkeys(key for key, _ in kept))
        self._own, self._notes, self.said = {}, {}, {}
        self._take(History())
        self._arrange()

    async def _put_note(
        self, name: str, note: Note, records: Mapping[str, Record | None] | None = None
    ) -> None:
        record = None if note == NOTHING else note.to_record()
        await self.device.store.put_all({NOTES + name: record} | dict(records or {}))
        self._notes[name] = note
        self._arrange()

    async def _fetch(self, cursor: str | None, **limit: int) -> VisitPage | None:
        try:
            page = await self.device.api.visits(cursor=cursor, **limit)
        except ServerUnreachable:
            self.offline = True
            return None
        except Refused as refused:
            self.offline, self.refusal = False, refused.code
            return None
        self.offline, self.refusal = False, None
        return page

    async def _keep(self, rows: list[HolderVisit], cursor: str | None) -> None:
        before, after = list(self.rows), History(rows, self.device.clock.now(), cursor)
        self._take(after)
        records: Mapping[str, Record | None] = records_of(before, after)
        if await self.device.store.get(CARD) is not None:
            await self.device.store.put_all(records)
        # Signed out meanwhile: nothing of the card may come back.

    def _take(self, history: History) -> None:
        self.heard_at, self.cursor = history.heard_at, history.cursor
        if list(self.rows) != history.rows:
            self.rows = history.rows
            self._arrange()

    def _arrange(self) -> None:
        entries = entries_of(self.rows, self._own.values(), self._notes)
        if entries != self.entries:
            self.entries = entries


def _merged(old: list[HolderVisit], new: list[HolderVisit]) -> list[HolderVisit]:
    """Put both together, newest first; of two tellings of one visit the new one counts."""
    visits = {visit.visit_id: visit for visit in [*old, *new]}
    return sorted(visits.values(), key=lambda visit: visit.visited_at, reverse=True)
