"""Scans: judge each by the register, keep every one, and make a visit of those that came in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from server.ids import new_id
from server.problems import Problem
from server.scan.errors import (
    BatchTooLong,
    CategoryNotHere,
    NegativeChildrenReported,
    ScanIdTaken,
    ScanInFuture,
    TooManyChildrenReported,
)
from server.scan.models import Scan
from server.scan.register import (
    Finding,
    Reading,
    judge_card_code,
    judge_text,
    lock_cards,
    what_was_found,
)
from server.settings import Settings
from server.signing import KeyRing
from server.venue.models import Scanner
from server.visit.models import Visit
from shared.rules.admission import Colour, Reason, verdict_of
from shared.scan import (
    BatchReceipt,
    CardCodeAnswer,
    CardCodeQuestion,
    ScanOutcome,
    ScanReceipt,
    ScanRefusal,
    ScanReport,
)
from shared.token.codes import read_card_code
from shared.token.credential import COUNT_MOST
from shared.token.errors import TokenError

FUTURE_WITHIN = timedelta(minutes=5)
"""How far ahead of the server a scanner's clock may be (R22)."""
QUARANTINE_AFTER = timedelta(days=30)
"""Older scans wait for a coordinator (R22)."""
CONFIRMED_WITHIN = timedelta(hours=1)
"""A confirmation further from its scan than this is dated by the scan: some clock was moved."""
BATCH_MOST = 500

# Built once, and on tables: to build a statement anew, or to insert through the ORM, costs this hot
# path several times what the database takes to run it.
_SCANS, _VISITS = cast("Table", Scan.__table__), cast("Table", Visit.__table__)
_SEEN = select(Scan.id).where(Scan.id == bindparam("scan_id"))
_STORE_SCAN_ONCE = {
    name: dialect.insert(_SCANS)
    .on_conflict_do_nothing(index_elements=["id"])
    .returning(_SCANS.c.id)
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}
_STORE_VISIT = insert(_VISITS)

_DEADLOCK = "40P01"
_BATCH_TRIES = 5


def record_scan(  # noqa: PLR0913 - all by keyword
    db: Session,
    scanner: Scanner,
    report: ScanReport,
    *,
    ring: KeyRing,
    settings: Settings,
    now: datetime,
) -> ScanReceipt:
    """Record *report*; the same report twice is recorded once.

    Raises:
        ScanIdTaken, ScanInFuture, CategoryNotHere, NegativeChildrenReported,
        TooManyChildrenReported: Nothing was stored.
        Resting: Neither; the report names a card code, and too many were unknown.

    Source: R7, R17, R21, R22; K1 §10.
    """
    if db.scalar(_SEEN, {"scan_id": report.scan_id}) is not None:
        return _seen_receipt(db, db.get_one(Scan, report.scan_id), scanner)
    _check_report(report, scanner, now=now)
    finding = judge_text(
        db,
        report.text,
        Reading(scanner, report.category, report.scanned_at),
        ring=ring,
        secret=settings.code_secret.get_secret_value().encode(),
        base_url=settings.base_url,
        now=now,
    )
    finding = _with_children(finding, report)
    outcome = _outcome(finding, report, now=now)
    scan = _scan_row(report, scanner, finding, outcome, now=now)
    if not _insert_once(db, scan):  # another request with this id was faster by a moment
        return _seen_receipt(db, db.get_one(Scan, report.scan_id), scanner)
    visit_id = None
    if outcome is ScanOutcome.RECORDED and finding.card is not None:
        visit_id = _store_visit(db, report, scanner, finding, now=now)
    return ScanReceipt(
        scan_id=report.scan_id,
        outcome=outcome,
        visit_id=visit_id,
        colour=finding.verdict.colour,
        reasons=list(finding.verdict.reasons),
        differs=scan["differs"],
    )


def record_batch(  # noqa: PLR0913 - all by keyword
    db: Session,
    scanner: Scanner,
    reports: Sequence[ScanReport],
    *,
    ring: KeyRing,
    settings: Settings,
    now: datetime,
) -> BatchReceipt:
    """Record many reports in one transaction; one that is refused does not hold up the others.

    Raises:
        BatchTooLong: There are more than `BATCH_MOST`.
    """
    if len(reports) > BATCH_MOST:
        raise BatchTooLong
    for attempt in range(_BATCH_TRIES):
        try:
            with db.begin_nested():
                if attempt:
                    lock_cards(db, [r.text for r in reports], base_url=settings.base_url)
                return _record_all(db, scanner, reports, ring=ring, settings=settings, now=now)
        except OperationalError as error:
            # Another batch holds the same cards, locked in another order. This one lets go of its
            # own and begins again, in an order that two batches share: rare, so only then.
            if getattr(error.orig, "sqlstate", None) != _DEADLOCK or attempt + 1 == _BATCH_TRIES:
                raise
    raise AssertionError("every attempt returns or raises")


def _record_all(  # noqa: PLR0913 - all by keyword
    db: Session,
    scanner: Scanner,
    reports: Sequence[ScanReport],
    *,
    ring: KeyRing,
    settings: Settings,
    now: datetime,
) -> BatchReceipt:
    receipts: list[ScanReceipt | ScanRefusal] = []
    for report in reports:
        try:
            receipts.append(record_scan(db, scanner, report, ring=ring, settings=settings, now=now))
        except Problem as problem:  # raised before anything was stored
            receipts.append(ScanRefusal(scan_id=report.scan_id, code=problem.code))
    return BatchReceipt(receipts=receipts)


def answer_card_code(
    db: Session, scanner: Scanner, question: CardCodeQuestion, *, secret: bytes, now: datetime
) -> CardCodeAnswer:
    """Tell what the register would say if this card code were admitted now. Stores nothing.

    Raises:
        Resting: Too many unknown codes.
    """
    try:
        code = read_card_code(question.card_code)
    except TokenError:
        return CardCodeAnswer(Colour.RED, [Reason.NOT_A_CARD], children=0, community=False)
    reading = Reading(scanner, question.category, now)
    finding = judge_card_code(db, code, reading, secret=secret, now=now)
    return CardCodeAnswer(
        colour=finding.verdict.colour,
        reasons=list(finding.verdict.reasons),
        children=finding.most_children,
        community=finding.card is not None and finding.card.community,
    )


def _check_report(report: ScanReport, scanner: Scanner, *, now: datetime) -> None:
    if report.scanned_at > now + FUTURE_WITHIN:
        raise ScanInFuture
    if report.category not in scanner.venue.categories:
        raise CategoryNotHere
    if report.children < 0:
        raise NegativeChildrenReported
    if (
        report.children > COUNT_MOST
    ):  # no card has so many; admitted or not, it is no number of ours
        raise TooManyChildrenReported


def _with_children(finding: Finding, report: ScanReport) -> Finding:
    if not report.admitted or report.children <= finding.most_children:
        return finding
    if finding.card is not None and Reason.CODE_OFFLINE not in report.reasons:
        raise TooManyChildrenReported
    # Without network nobody at the door could know the number: what happened is kept, and flagged.
    found = [*what_was_found(finding.verdict), Reason.CHILDREN_CHANGED]
    return replace(finding, verdict=verdict_of(found, otherwise=Reason.OK))


def _outcome(finding: Finding, report: ScanReport, *, now: datetime) -> ScanOutcome:
    if not report.admitted or finding.card is None or finding.verdict.reason is Reason.SAME_SCAN:
        return ScanOutcome.NO_VISIT
    if now - report.scanned_at > QUARANTINE_AFTER:
        return ScanOutcome.QUARANTINED
    return ScanOutcome.RECORDED


def _scan_row(
    report: ScanReport, scanner: Scanner, finding: Finding, outcome: ScanOutcome, *, now: datetime
) -> dict[str, Any]:
    said = verdict_of(report.reasons, otherwise=Reason.NOT_A_CARD).colour
    return {
        "id": report.scan_id,
        "scanner_id": scanner.id,
        "venue_id": scanner.venue_id,
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


def _store_visit(
    db: Session, report: ScanReport, scanner: Scanner, finding: Finding, *, now: datetime
) -> UUID:
    if finding.card is None or finding.sub is None:
        raise LookupError("a visit has a card")
    visit_id = new_id(now)
    visit = {
        "id": visit_id,
        "scan_id": report.scan_id,
        "holder_id": finding.card.holder_id,
        "card_id": finding.card.id,
        "venue_id": scanner.venue_id,
        "scanner_id": scanner.id,
        "event": Reading(scanner, report.category, report.scanned_at).door.event,
        "sub": finding.sub,
        "shown_at_s": finding.shown_at_s,
        "category": report.category,
        "visited_at": _visited_at(report, now=now),
        "recorded_at": now,
        "children": report.children,
        "assistant": report.assistant,
        "again": finding.again,
    }
    db.execute(_STORE_VISIT, visit)
    return visit_id


def _visited_at(report: ScanReport, *, now: datetime) -> datetime:
    waited = report.closed_at - report.scanned_at
    believable = timedelta(0) <= waited <= CONFIRMED_WITHIN
    if believable and report.closed_at <= now + FUTURE_WITHIN:
        return report.closed_at
    return report.scanned_at


def _insert_once(db: Session, scan: dict[str, Any]) -> bool:
    return db.scalar(_STORE_SCAN_ONCE[db.get_bind().dialect.name], scan) is not None


def _seen_receipt(db: Session, scan: Scan, scanner: Scanner) -> ScanReceipt:
    if scan.scanner_id != scanner.id:
        raise ScanIdTaken
    return ScanReceipt(
        scan_id=scan.id,
        outcome=ScanOutcome.ALREADY_RECORDED,
        visit_id=db.scalar(select(Visit.id).where(Visit.scan_id == scan.id)),
        colour=scan.register_colour,
        reasons=[Reason(reason) for reason in scan.register_reasons],
        differs=scan.differs,
    )
