"""What the holder and venues write to each other: from the phone at once, sent when it can be."""

import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

import flet as ft

from mobile_app.card.held import CARD, PRIVATE
from mobile_app.device.api import Refused, ServerUnreachable
from mobile_app.device.device import Device
from mobile_app.device.store import Record
from mobile_app.feedback.outbox import THREADS, WAITING, Outbox, Waiting
from mobile_app.sync.record import as_record, readable
from shared.feedback import Author, FeedbackThread, ThreadPage
from shared.ids import uuid7
from shared.rules.masking import WORDS_MOST, clean

SEEN = f"{PRIVATE}feedback/seen/"
"""What was read is known to this phone alone."""

HEARD = f"{PRIVATE}feedback/heard"
PAGES_MOST = 20
NOTHING: Record = {}
TOO_MANY = "too_many_posts"


@ft.observable
@dataclass
class Feedback:
    """Threads, the last written in first. `waiting` is what the server has not confirmed.

    `offline` that nothing newer was to be had, `refusal` why the server told nothing.
    """

    device: Device
    threads: tuple[FeedbackThread, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    seen: dict[str, datetime] = field(default_factory=dict)
    heard_at: datetime | None = None
    offline: bool = False
    refusal: str | None = None
    busy: bool = False

    def __post_init__(self) -> None:
        self._outbox = Outbox(self.device)

    async def load(self) -> None:
        """Show what the phone remembers, and nothing else."""
        store = self.device.store
        kept = [one for _, one in readable(FeedbackThread, await store.under(THREADS))]
        self._show(kept, await self._outbox.waiting())
        self.seen = {
            key.removeprefix(SEEN): datetime.fromisoformat(record["at"])
            for key, record in await store.under(SEEN)
        }
        heard = await store.get(HEARD)
        self.heard_at = None if heard is None else datetime.fromisoformat(heard["at"])

    async def refresh(self) -> None:
        """Send what waits and fetch what is new; harmless at any time."""
        self.busy = True
        try:
            await self._ask(self._fetch)
        finally:
            self.busy = False

    async def tell(self, visit_id: UUID, venue_name: str, words: str, stars: int | None) -> bool:
        """Write to a venue about a visit; kept when this returns, and sent if it can be.

        Tells whether there was anything to send that is not too long.
        """
        words = clean(words)
        if len(words) > WORDS_MOST or not (words or stars):
            return False
        await self._write(replace(self._new(venue_name, words), visit_id=visit_id, stars=stars))
        return True

    async def reply(self, thread: FeedbackThread, words: str) -> bool:
        """Go on in a thread; kept when this returns, and sent if it can be."""
        words = clean(words)
        if not words or len(words) > WORDS_MOST:
            return False
        post = self._new(thread.venue_name, words)
        await self._write(replace(post, thread_id=thread.thread_id))
        return True

    async def send_again(self, post: Waiting) -> None:
        """Try once more what was refused."""
        await self._write(replace(post, refused=None))

    async def drop(self, post: Waiting) -> None:
        """Forget what was never sent."""
        await self._outbox.drop(post)
        await self.load()

    async def report(self, post_id: UUID) -> bool:
        """Let a coordinator look at what a venue wrote; tells whether the server heard it."""

        async def ask() -> None:
            path = f"feedback/posts/{post_id}/report"
            thread = await self.device.api.as_holder(FeedbackThread, "POST", path)
            await self._keep({THREADS + str(thread.thread_id): as_record(thread)})

        return await self._ask(ask)

    def thread(self, thread_id: str) -> FeedbackThread | None:
        """Find a thread."""
        return next((one for one in self.threads if str(one.thread_id) == thread_id), None)

    def of_visit(self, name: str) -> FeedbackThread | None:
        """Find the thread about a visit."""
        return next((one for one in self.threads if str(one.visit_id) == name), None)

    def is_new(self, thread: FeedbackThread) -> bool:
        """Tell whether the venue wrote something that was not on this screen yet."""
        seen_at = self.seen.get(str(thread.thread_id))
        return any(
            post.author is Author.VENUE and (seen_at is None or post.posted_at > seen_at)
            for post in thread.posts
        )

    async def see(self, thread: FeedbackThread) -> None:
        """Remember that a thread was read as far as it goes."""
        if not self.is_new(thread):
            return
        name = str(thread.thread_id)
        await self.device.store.put(SEEN + name, {"at": thread.latest_at.isoformat()})
        self.seen = {**self.seen, name: thread.latest_at}

    async def wipe(self) -> None:
        """Delete all of it from this phone, also what waits; the threads can be fetched again."""
        store = self.device.store
        kept = [pair for part in (THREADS, WAITING, SEEN) for pair in await store.under(part)]
        await store.put_all({HEARD: None} | dict.fromkeys(key for key, _ in kept))
        await self.load()

    async def _write(self, post: Waiting) -> None:
        await self._outbox.put(post)
        self._show(self.threads, await self._outbox.waiting())
        await self._ask(self._outbox.drain)

    def _new(self, venue_name: str, words: str) -> Waiting:
        now = self.device.clock.now()
        made = uuid7(unix_ms=int(now.timestamp() * 1000), random=secrets.token_bytes(10))
        return Waiting(made, now, venue_name, words)

    async def _ask(self, ask: Callable[[], Awaitable[None]]) -> bool:
        """Ask the server, then show what the phone knows; what failed is told beside it."""
        try:
            await ask()
        except ServerUnreachable:
            self.offline = True
        except Refused as refused:
            self.offline, self.refusal = False, refused.code
        else:
            self.offline, self.refusal = False, None
        await self.load()
        return not self.offline and self.refusal is None

    async def _fetch(self) -> None:
        await self._send_first()
        kept = dict(await self.device.store.under(THREADS))
        found: dict[str, FeedbackThread] = {}
        cursor: str | None = None
        for _ in range(PAGES_MOST):
            query = {} if cursor is None else {"cursor": cursor}
            page = await self.device.api.as_holder(
                ThreadPage, "GET", "feedback/threads", query=query
            )
            found |= {THREADS + str(thread.thread_id): thread for thread in page.threads}
            cursor = page.next_cursor
            if cursor is None:
                break
        records: dict[str, Record | None] = {
            HEARD: {"at": self.device.clock.now().isoformat()},
            **{key: as_record(thread) for key, thread in found.items()},
        }
        if cursor is None:
            records |= dict.fromkeys(kept.keys() - found.keys())
        await self._keep(
            {key: record for key, record in records.items() if record != kept.get(key, NOTHING)}
        )

    async def _send_first(self) -> None:
        try:
            await self._outbox.drain()
        except Refused as refused:
            if refused.code != TOO_MANY:  # answers can be read all the same
                raise

    async def _keep(self, records: dict[str, Record | None]) -> None:
        if await self.device.store.get(CARD) is not None:  # else signed out while we asked
            await self.device.store.put_all(records)

    def _show(self, threads: Iterable[FeedbackThread], waiting: list[Waiting]) -> None:
        newest_first = tuple(
            sorted(threads, key=lambda one: (one.latest_at, one.thread_id), reverse=True)
        )
        if newest_first != self.threads:
            self.threads = newest_first
        if tuple(waiting) != self.waiting:
            self.waiting = tuple(waiting)
