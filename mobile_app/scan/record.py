"""What this scanner writes down about a scan, before and after staff have decided."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from mobile_app.scan.judge import Medium, Reading, identity_of
from mobile_app.scan.purpose import Purpose
from shared.ids import uuid7
from shared.rules.admission import SCAN_WAITS_S, Colour, Door, LedgerRow, Reason
from shared.scan import Category, ScanReport
from shared.token.credential import COUNT_MOST

UNDO_WITHIN = timedelta(minutes=15)
"""A visit can be undone this long by the venue itself (R20)."""

WAITS = timedelta(seconds=SCAN_WAITS_S)

_RANDOM_BYTES = 10


@dataclass(frozen=True, slots=True)
class Scan:
    """One reading, on disk before anybody sees its colour.

    `most` is how many may come along; `None` when only the register could know. `before_at` is when
    the same card came in here last, to the same event.
    """

    scan_id: UUID
    text: str | None
    reasons: list[Reason]
    medium: Medium
    category: Category
    event: str
    scanned_at: datetime
    most: int | None
    community: bool
    sub: str | None
    shown_at_s: int | None
    before_at: datetime | None = None
    event_id: UUID | None = None

    @classmethod
    def of(cls, reading: Reading, door: Door, *, purpose: Purpose, scanned_at: datetime) -> "Scan":
        """Write down what was read at a door."""
        unix_ms = int(scanned_at.timestamp() * 1000)
        return cls(
            scan_id=uuid7(unix_ms=unix_ms, random=secrets.token_bytes(_RANDOM_BYTES)),
            text=reading.text,
            reasons=list(reading.reasons),
            medium=reading.medium,
            category=purpose.category,
            event=door.event,
            scanned_at=scanned_at,
            most=reading.most,
            community=reading.community,
            sub=reading.sub,
            shown_at_s=reading.shown_at_s,
            before_at=reading.before_at,
            event_id=purpose.event_id,
        )

    @property
    def reason(self) -> Reason:
        """The reason that people are shown."""
        return self.reasons[0]

    @property
    def colour(self) -> Colour:
        """The verdict."""
        return self.reason.colour

    @property
    def end(self) -> int:
        """The end of the stepper; where nobody knows, what a card can say at all."""
        return COUNT_MOST if self.most is None else self.most

    def is_of(self, text: str) -> bool:
        """Tell whether *text* is what was read, if perhaps written otherwise."""
        return text == self.text or (self.sub, self.shown_at_s) == identity_of(text)

    def is_over(self, now: datetime) -> bool:
        """Tell whether it has waited too long for an answer."""
        return now - self.scanned_at >= WAITS

    def close(
        self, *, at: datetime, admitted: bool, children: int = 0, assistant: bool = False
    ) -> ScanReport:
        """Make the report; one that nobody answered in time closes when its time was over."""
        return ScanReport(
            scan_id=self.scan_id,
            text=self.text,
            category=self.category,
            scanned_at=self.scanned_at,
            closed_at=min(at, self.scanned_at + WAITS),
            admitted=admitted,
            children=children,
            assistant=assistant,
            reasons=list(self.reasons),
            event_id=self.event_id,
        )

    def row(self, *, at: datetime, venue: str, device: str) -> LedgerRow | None:
        """Make the ledger row of a visit; a scan without a card has none."""
        if self.sub is None:
            return None
        return LedgerRow(
            sub=self.sub,
            shown_at_s=self.shown_at_s,
            event=self.event,
            venue=venue,
            device=device,
            at_s=int(at.timestamp()),
        )


@dataclass(frozen=True, slots=True)
class DoneVisit:
    """A visit that this scanner made, and where its ledger row stands."""

    report: ScanReport
    community: bool
    ledger_name: str | None
    undone_at: datetime | None = None

    @property
    def scan_id(self) -> UUID:
        """Which scan made it."""
        return self.report.scan_id

    def can_be_undone(self, now: datetime) -> bool:
        """Tell whether the venue itself may still undo it."""
        return self.undone_at is None and now - self.report.closed_at < UNDO_WITHIN
