"""Wire models of sharing wellbeing: what goes into group figures, by explicit consent."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.wire import STRICT

MONTHS_MOST = 120


class Meter(StrEnum):
    """What can be shared, each by a consent of its own."""

    MOOD = "mood"
    """The mean of the month's moods as one of the five faces, 1 to 5."""
    WHO5 = "who5"
    """The last score of the month, 0 to 100."""


@dataclass(frozen=True, slots=True)
class SharedMonth:
    """One number for a month, named by its first day. No day, no answers, no note."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT

    month: date
    points: int


@dataclass(frozen=True, slots=True)
class Sharing:
    """All that is shared of a meter; it takes the place of what was shared of it before."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT

    meter: Meter
    months: list[SharedMonth]


@dataclass(frozen=True, slots=True)
class SharingReceipt:
    """What the register has of a sharing now; `stopped_at` once there is nothing any more."""

    sharing_id: UUID
    meter: Meter | None
    months: int
    stopped_at: datetime | None
