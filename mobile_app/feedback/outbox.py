"""What the holder wrote and the server has not confirmed. It waits on disk, and is sent again.

written ──▶ waiting ──▶ confirmed         the thread is kept in its place, in the same moment
               │  ├──▶ refused            it stays, with the reason, until the holder decides
               └──◀── no answer, not now  the same post again is harmless
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from mobile_app.card.held import CARD, PRIVATE
from mobile_app.device.api import Refused
from mobile_app.device.device import Device
from mobile_app.device.store import Record
from mobile_app.sync.record import as_record, readable
from shared.feedback import FeedbackThread, NewFeedback, NewReply

WAITING = f"{PRIVATE}feedback/waiting/"
THREADS = f"{PRIVATE}feedback/thread/"

FOR_GOOD = frozenset({
    "feedback_empty", "feedback_too_long", "stars_out_of_range", "no_recent_visit",
    "thread_unknown", "thread_closed", "post_id_taken", "malformed_request", "too_large",
})  # fmt: skip
"""Refusals of the post itself: sent again, it would be refused again. After any other it waits."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One post on its way: to a thread, or about a visit. `refused` is why it cannot be sent."""

    post_id: UUID
    written_at: datetime
    venue_name: str
    words: str
    stars: int | None = None
    visit_id: UUID | None = None
    thread_id: UUID | None = None
    refused: str | None = None


class Outbox:
    """The posts of this phone's holder, oldest first, on disk."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._sending = asyncio.Lock()

    async def put(self, post: Waiting) -> None:
        """Keep a post; durable when it returns."""
        await self._device.store.put(_name(post), as_record(post))

    async def drop(self, post: Waiting) -> None:
        """Forget a post that was never confirmed."""
        await self._device.store.put_all({_name(post): None})

    async def waiting(self) -> list[Waiting]:
        """Give what the server has not confirmed, oldest first."""
        return [post for _, post in readable(Waiting, await self._device.store.under(WAITING))]

    async def drain(self) -> None:
        """Send what waits, oldest first. Harmless at any time.

        Raises:
            ServerUnreachable: The rest waits.
            Refused: Not now; the rest waits.
        """
        async with self._sending:
            for post in await self.waiting():
                if post.refused is None:
                    await self._send(post)

    async def _send(self, post: Waiting) -> None:
        try:
            thread = await self._tell(post)
        except Refused as refused:
            if refused.code not in FOR_GOOD:
                raise
            await self._put_unless_gone(post, {_name(post): as_record(_refused(post, refused))})
        else:
            kept = {THREADS + str(thread.thread_id): as_record(thread)}
            await self._put_unless_gone(post, {_name(post): None} | kept)

    async def _tell(self, post: Waiting) -> FeedbackThread:
        api = self._device.api
        if post.thread_id is not None:
            path = f"feedback/threads/{post.thread_id}/posts"
            reply = NewReply(post.post_id, post.words)
            return await api.as_holder(FeedbackThread, "POST", path, body=reply)
        if post.visit_id is None:
            raise Refused("malformed_request")
        told = NewFeedback(post.post_id, post.visit_id, post.words, post.stars)
        return await api.as_holder(FeedbackThread, "POST", "feedback", body=told)

    async def _put_unless_gone(self, post: Waiting, records: dict[str, Record | None]) -> None:
        """Write, unless the card was removed meanwhile: nothing of its holder may come back."""
        store = self._device.store
        if await store.get(CARD) is not None and await store.get(_name(post)) is not None:
            await store.put_all(records)


def _refused(post: Waiting, refused: Refused) -> Waiting:
    return replace(post, refused=refused.code)


def _name(post: Waiting) -> str:
    return WAITING + str(post.post_id)
