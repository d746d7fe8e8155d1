"""Wire models of a venue's scanner."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shared.event import VenueEvent
from shared.scan import Category


@dataclass(frozen=True, slots=True)
class EnrolledScanner:
    """What a scanner learns about itself when it is paired with a venue."""

    scanner_id: UUID
    scanner_name: str
    venue_id: UUID
    venue_name: str
    categories: list[Category]
    server_time: datetime


@dataclass(frozen=True, slots=True)
class ScannerLimits:
    """Numbers that the server keeps to; a scanner that asks for more is refused."""

    most_children: int
    undo_within_s: int
    batch_most: int
    body_most_bytes: int


@dataclass(frozen=True, slots=True)
class ScannerSnapshot:
    """All that a scanner refreshes, in one answer.

    `key_set` and the `status_lists`, by number, are signed documents in base64url; what they say is
    believed for their signatures, not for the way they came. `version` names what is said here
    whoever asks when: sent back as `If-None-Match`, it is answered 304 until something changes, and
    a quarter of an hour at most, so that unchanged lists do not grow old. `events` are the venue's
    of now and the next days, the soonest first. `ask_first`: limits hold here that only the
    register can count, so that a scanner with network asks about each card before it is admitted.
    """

    version: str
    scanner: EnrolledScanner
    key_set: str
    status_lists: dict[int, str]
    limits: ScannerLimits
    events: list[VenueEvent] = field(default_factory=list)
    ask_first: bool = False

    @property
    def server_time(self) -> datetime:
        """When the server said so."""
        return self.scanner.server_time
