"""What crosses the network between a ticket broker and the register."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from shared.scan import Category
from shared.wire import STRICT


@dataclass(frozen=True, slots=True)
class OrderedUse:
    """One card and who comes with its holder; `use_id` is the broker's, unique for ever."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT

    use_id: UUID
    card_code: str
    children: int = 0
    assistant: bool = False


@dataclass(frozen=True, slots=True)
class UseOrder:
    """Uses for one event of a venue, or without an event for a category of today.

    All of them are recorded, or none is (R20).
    """

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT

    venue_id: UUID
    uses: list[OrderedUse]
    event_id: UUID | None = None
    category: Category | None = None


@dataclass(frozen=True, slots=True)
class RecordedUse:
    """A use that is in the register; `already` when an earlier order had recorded it."""

    use_id: UUID
    visit_id: UUID
    already: bool


@dataclass(frozen=True, slots=True)
class OrderReceipt:
    """The register's answer to an order, in its order. `pays_cents` is what each holder pays."""

    uses: list[RecordedUse]
    pays_cents: int


@dataclass(frozen=True, slots=True)
class UseRefusal:
    """Why one use cannot be recorded; `text` is for its holder, by language tag."""

    use_id: UUID
    code: str
    text: dict[str, str]


@dataclass(frozen=True, slots=True)
class OrderCheck:
    """What would become of an order now; without refusals it would be recorded."""

    refusals: list[UseRefusal]
    pays_cents: int


@dataclass(frozen=True, slots=True)
class UndoneUse:
    """Undo one use, within 15 minutes of its recording (R20)."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT

    use_id: UUID


@dataclass(frozen=True, slots=True)
class BrokerVenueFacts:
    """A venue that lets this broker record uses."""

    venue_id: UUID
    name: str
    categories: list[Category]


@dataclass(frozen=True, slots=True)
class BrokerFacts:
    """What a broker learns about itself."""

    broker_id: UUID
    name: str
    venues: list[BrokerVenueFacts]


@dataclass(frozen=True, slots=True)
class BrokerEvent:
    """An event that is not over. `places_left` is None where there is no number of places."""

    event_id: UUID
    name: str
    category: Category
    starts_at: datetime
    ends_at: datetime
    course: bool
    places_left: int | None
    fee_cents: int | None
    pays_cents: int
    accessibility: list[str] = field(default_factory=list)
