"""What one report becomes: a row of a scan, perhaps one of a visit, and a receipt."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from server.conflict.service import CardAtEvent
from server.ids import new_id
from server.scan.register import Finding, Reading
from shared.rules.admission import Reason, verdict_of
from shared.scan import ScanOutcome, ScanReceipt, ScanReport

FUTURE_WITHIN = timedelta(minutes=5)
"""How far ahead of the server a scanner's clock may be (R22)."""
QUARANTINE_AFTER = timedelta(days=30)
"""Older scans wait for a coordinator (R22)."""
CONFIRMED_WITHIN = timedelta(hours=1)
"""A confirmation further from its scan than this is dated by the scan: some clock was moved."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one report adds to the register, and what its scanner hears of it."""

    receipt: ScanReceipt
    scan: dict[str, Any]
    visit: dict[str, Any] | None = None
    conflict: CardAtEvent | None = None


def what_becomes_of(
    report: ScanReport, reading: Reading, finding: Finding, *, now: datetime
) -> Recorded:
    """Write *report* and what the register found of it as rows, and as the scanner's receipt."""
    outcome = _outcome(finding, report, now=now)
    scan = _scan_row(report, reading, finding, outcome, now=now)
    visit = None
    if outcome is ScanOutcome.RECORDED:
        visit = _visit_row(report, reading, finding, now=now)
    receipt = ScanReceipt(
        scan_id=report.scan_id,
        outcome=outcome,
        visit_id=None if visit is None else visit["id"],
        colour=finding.verdict.colour,
        reasons=list(finding.verdict.reasons),
        differs=scan["differs"],
    )
    conflict = None
    if visit is not None and finding.elsewhere_too:
        conflict = CardAtEvent(visit["card_id"], visit["event"])
    return Recorded(receipt, scan, visit, conflict)


def _outcome(finding: Finding, report: ScanReport, *, now: datetime) -> ScanOutcome:
    if not report.admitted or finding.card is None or finding.verdict.reason is Reason.SAME_SCAN:
        return ScanOutcome.NO_VISIT
    if now - report.scanned_at > QUARANTINE_AFTER:
        return ScanOutcome.QUARANTINED
    return ScanOutcome.RECORDED


def _scan_row(
    report: ScanReport, reading: Reading, finding: Finding, outcome: ScanOutcome, *, now: datetime
) -> dict[str, Any]:
    said = verdict_of(report.reasons, otherwise=Reason.NOT_A_CARD).colour
    return {
        "id": report.scan_id,
        "scanner_id": reading.scanner.id,
        "venue_id": reading.scanner.venue_id,
        "event": reading.door.event,
        "card_id": None if finding.card is None else finding.card.id,
        "sub": finding.sub,
        "shown_at_s": finding.shown_at_s,
        "category": report.category,
        "scanned_at": report.scanned_at,
        "closed_at": report.closed_at,
        "received_at": now,
        "admitted": report.admitted,
        "children": report.children,
        "assistant": report.assistant,
        "scanner_reasons": list(dict.fromkeys(report.reasons)),
        "register_reasons": list(finding.verdict.reasons),
        "register_colour": finding.verdict.colour,
        "outcome": outcome,
        "differs": finding.verdict.colour.severity > said.severity,
    }


def _visit_row(
    report: ScanReport, reading: Reading, finding: Finding, *, now: datetime
) -> dict[str, Any]:
    if finding.card is None or finding.sub is None:
        raise LookupError("a visit has a card")
    return {
        "id": new_id(now),
        "scan_id": report.scan_id,
        "holder_id": finding.card.holder_id,
        "card_id": finding.card.id,
        "venue_id": reading.scanner.venue_id,
        "scanner_id": reading.scanner.id,
        "event": reading.door.event,
        "event_id": reading.event_id,
        "sub": finding.sub,
        "shown_at_s": finding.shown_at_s,
        "category": reading.category,
        "visited_at": visited_at(report.scanned_at, report.closed_at, now=now),
        "recorded_at": now,
        "children": report.children,
        "assistant": report.assistant,
        "again": finding.again,
        "door_knew": Reason.ALREADY_IN in report.reasons,
    }


def visited_at(scanned_at: datetime, closed_at: datetime, *, now: datetime) -> datetime:
    """Give the time of the visit: the confirmation, if it can be believed."""
    believable = timedelta(0) <= closed_at - scanned_at <= CONFIRMED_WITHIN
    return closed_at if believable and closed_at <= now + FUTURE_WITHIN else scanned_at
