"""Messages from followed venues and the own area; and which venues are followed."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import flet as ft

from mobile_app.card.held import CARD, PRIVATE
from mobile_app.device.api import Refused, ServerUnreachable
from mobile_app.device.device import Device
from mobile_app.sync.record import as_record, readable
from shared.message import FollowedVenue, FollowedVenues, MessagePage, SentMessage

T = TypeVar("T")

KEPT = f"{PRIVATE}message/kept"
FOLLOWED = f"{PRIVATE}message/followed"
SEEN = f"{PRIVATE}message/seen"
"""What was read is known to this phone alone."""

AT_ONCE = 100
"""How many messages the phone keeps: nobody looks further back."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The inbox as the server told it last."""

    page: MessagePage
    heard_at: datetime


@ft.observable
@dataclass
class Inbox:
    """Messages, newest first. `seen_at` is when the newest one that was read had been sent."""

    device: Device
    messages: tuple[SentMessage, ...] = ()
    followed: tuple[FollowedVenue, ...] = ()
    heard_at: datetime | None = None
    seen_at: datetime | None = None
    offline: bool = False
    refusal: str | None = None

    async def open(self) -> None:
        """Begin to read: what was read before is new no more."""
        seen = await self.device.store.get(SEEN)
        self.seen_at = None if seen is None else datetime.fromisoformat(seen["at"])
        await self.load()

    async def load(self) -> None:
        """Show what the phone remembers, and nothing else."""
        heard, followed = await self._kept(Heard, KEPT), await self._kept(FollowedVenues, FOLLOWED)
        messages = () if heard is None else tuple(heard.page.messages)
        if messages != self.messages:
            self.messages = messages
        self.heard_at = None if heard is None else heard.heard_at
        venues = () if followed is None else tuple(followed.venues)
        if venues != self.followed:
            self.followed = venues

    async def refresh(self) -> None:
        """Fetch the newest messages and who is followed; harmless at any time."""
        api = self.device.api
        query = {"limit": str(AT_ONCE)}
        try:
            page = await api.as_holder(MessagePage, "GET", "messages", query=query)
            followed = await api.as_holder(FollowedVenues, "GET", "followed-venues")
        except (ServerUnreachable, Refused) as failed:
            self._note(failed)
            return
        self.offline, self.refusal = False, None
        heard = Heard(replace(page, next_cursor=None), self.device.clock.now())
        if await self.device.store.get(CARD) is not None:  # else signed out while we asked
            records = {KEPT: as_record(heard), FOLLOWED: as_record(followed)}
            await self.device.store.put_all(records)
        await self.load()

    async def follow(self, venue_id: UUID, *, wanted: bool) -> bool:
        """Follow a venue or stop it; tells whether the server heard it."""
        method, path = "PUT" if wanted else "DELETE", f"followed-venues/{venue_id}"
        try:
            followed = await self.device.api.as_holder(FollowedVenues, method, path)
        except (ServerUnreachable, Refused) as failed:
            self._note(failed)
            return False
        self.offline, self.refusal = False, None
        if await self.device.store.get(CARD) is not None:
            await self.device.store.put(FOLLOWED, as_record(followed))
        await self.load()
        return True

    def follows(self, venue_id: UUID) -> bool:
        """Tell whether a venue is followed, as far as this phone knows."""
        return any(venue.venue_id == venue_id for venue in self.followed)

    def is_new(self, message: SentMessage) -> bool:
        """Tell whether a message was not on this screen yet."""
        return self.seen_at is None or message.sent_at > self.seen_at

    async def see(self) -> None:
        """Remember that all that is here was read; what was new stays marked until `open`."""
        if self.messages and self.is_new(self.messages[0]):
            await self.device.store.put(SEEN, {"at": self.messages[0].sent_at.isoformat()})

    async def wipe(self) -> None:
        """Delete all of it from this phone; the messages can be fetched again."""
        await self.device.store.put_all(dict.fromkeys((KEPT, FOLLOWED, SEEN)))
        await self.load()

    async def _kept(self, kind: type[T], key: str) -> T | None:
        return next((one for _, one in readable(kind, await self.device.store.under(key))), None)

    def _note(self, failed: ServerUnreachable | Refused) -> None:
        self.offline = isinstance(failed, ServerUnreachable)
        self.refusal = failed.code if isinstance(failed, Refused) else None
