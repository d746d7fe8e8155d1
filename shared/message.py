"""Wire models of messages to many: from a venue to its followers, from an area to its people.

Nobody answers them, and nothing tells who has read them.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SentMessage:
    """One message. `venue_id` is null when it comes from the coordinator of the area."""

    message_id: UUID
    sender_name: str
    venue_id: UUID | None
    sent_at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class MessagePage:
    """Some messages, newest first; ask again with `next_cursor` until it is null."""

    messages: list[SentMessage]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class FollowedVenue:
    """A venue whose messages the holder wants."""

    venue_id: UUID
    venue_name: str


@dataclass(frozen=True, slots=True)
class FollowedVenues:
    """All of them, by name."""

    venues: list[FollowedVenue]
