"""Wire models of visits: the holder's history, and undoing at the door."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.scan import Category
from shared.wire import STRICT


class DisputeOutcome(StrEnum):
    """What became of a visit that its holder says is not theirs."""

    UNDONE = "undone"
    HAPPENED = "happened"


@dataclass(frozen=True, slots=True)
class ToldDispute:
    """The holder has said: this visit is not mine. No outcome: nobody has decided yet."""

    dispute_id: UUID
    visit_id: UUID
    told_at: datetime
    outcome: DisputeOutcome | None


@dataclass(frozen=True, slots=True)
class DisputeReport:
    """Say that a visit is not one's own. `dispute_id` makes it happen once."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT

    dispute_id: UUID
    visit_id: UUID


@dataclass(frozen=True, slots=True)
class HolderVisit:
    """One line of the holder's history.

    `counted` is false for a visit that was undone, and for one at an event where the card had come
    in before: kept, but not counted twice.
    """

    visit_id: UUID
    venue_name: str
    category: Category
    visited_at: datetime
    children: int
    assistant: bool
    voided_at: datetime | None
    counted: bool = True
    event_name: str | None = None
    dispute: ToldDispute | None = None


@dataclass(frozen=True, slots=True)
class VisitPage:
    """Some visits, newest first; ask again with `next_cursor` until it is null."""

    visits: list[HolderVisit]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class VoidRequest:
    """Undo the visit that this scan made."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT

    scan_id: UUID


@dataclass(frozen=True, slots=True)
class VoidReceipt:
    """The visit is undone; nothing was deleted."""

    visit_id: UUID
    voided_at: datetime
