"""Wire models of what a holder tells a venue, and what the venue answers."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.wire import STRICT

STARS = range(1, 6)
"""How a visit was, the worst first; always shown with words."""

TELL_WITHIN = timedelta(days=90)
"""A season: later nobody at the venue remembers the visit."""


class Author(StrEnum):
    """Who wrote a post."""

    HOLDER = "holder"
    VENUE = "venue"


@dataclass(frozen=True, slots=True)
class NewFeedback:
    """Tell the venue of a visit how it was. The phone makes `post_id`: sent again, it is the same.

    Stars or words or both. Stars given again for the visit take the place of the earlier ones.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT

    post_id: UUID
    visit_id: UUID
    words: str
    stars: int | None = None


@dataclass(frozen=True, slots=True)
class NewReply:
    """Go on in a thread. The phone makes `post_id`: sent again, it is the same."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT

    post_id: UUID
    words: str


@dataclass(frozen=True, slots=True)
class FeedbackPost:
    """One post as it may be shown. `words` carry markers of `shared.rules.masking`.

    Of a post that a coordinator took away only this is told: `removed`, and no words.
    """

    post_id: UUID
    author: Author
    posted_at: datetime
    words: str
    removed: bool = False
    reported: bool = False


@dataclass(frozen=True, slots=True)
class FeedbackThread:
    """What a holder and a venue have said about a visit, oldest first."""

    thread_id: UUID
    venue_id: UUID
    venue_name: str
    visit_id: UUID
    stars: int | None
    latest_at: datetime
    closed: bool
    posts: list[FeedbackPost] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """Some threads, the last written in first; ask again with `next_cursor` until it is null."""

    threads: list[FeedbackThread]
    next_cursor: str | None
