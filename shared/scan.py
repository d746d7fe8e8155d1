"""Wire models of a scan: what a venue's scanner reports, and what it hears back."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.rules.admission import Colour, Reason
from shared.wire import STRICT


class Category(StrEnum):
    """What a visit is for; statistics count by it (R25)."""

    CULTURE = "culture"
    EDUCATION = "education"
    SCIENCE = "science"
    SPORT = "sport"


@dataclass(frozen=True, slots=True)
class ScanReport:
    """One finished scan: confirmed by staff (`admitted`), or closed without a visit.

    `text` is what was read: a token, a card code, or null when it was none of ours (a stranger's
    QR code is nobody's business). `scanned_at` is the reading, `closed_at` the confirmation, which
    becomes the time of the visit. `reasons` is everything the scanner found, worst first.
    `event_id` is the venue's event that staff had chosen; without one the visit is of the day.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT

    scan_id: UUID
    text: str | None
    category: Category
    scanned_at: datetime
    closed_at: datetime
    admitted: bool
    children: int
    assistant: bool
    reasons: list[Reason]
    event_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ScanBatch:
    """Up to 500 reports; each gets its own answer."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT

    scans: list[ScanReport]


class ScanOutcome(StrEnum):
    """What became of a report."""

    RECORDED = "recorded"
    ALREADY_RECORDED = "already_recorded"
    NO_VISIT = "no_visit"
    QUARANTINED = "quarantined"


def known_reasons(told: Iterable[str]) -> list[Reason]:
    """Read reasons, without those that came into use after this version."""
    known = set(Reason)
    return [Reason(one) for one in told if one in known]


@dataclass(frozen=True, slots=True)
class ScanReceipt:
    """The server's answer to one report, decided again by the register at the time of the scan.

    `differs` is true when the register's colour is worse than the scanner's. A phone passes over
    reasons that are newer than itself: the receipt says first of all that the report has arrived.
    """

    scan_id: UUID
    outcome: ScanOutcome
    visit_id: UUID | None
    colour: Colour
    reasons: list[Reason] = field(metadata={"deserialize": known_reasons})
    differs: bool


@dataclass(frozen=True, slots=True)
class ScanRefusal:
    """One report of a batch that was refused, with the code that a single report would get."""

    scan_id: UUID
    code: str


@dataclass(frozen=True, slots=True)
class BatchReceipt:
    """One answer per report, in the order of the batch."""

    receipts: list[ScanReceipt | ScanRefusal]


@dataclass(frozen=True, slots=True)
class CardQuestion:
    """Ask the register before admitting: about a card code, which only it can judge, or a token."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT

    text: str
    category: Category
    event_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class CardAnswer:
    """The register's verdict; `children` is the most that may come along."""

    colour: Colour
    reasons: list[Reason]
    children: int
    community: bool
