"""Scans: judge each by the register, keep every one, and make a visit of those that came in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Table, bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.conflict.service import note_conflicts
from server.event.service import events_named
from server.limit.uses import Uses
from server.problems import Problem
from server.scan.errors import (
    BatchTooLong,
    CategoryNotHere,
    NegativeChildrenReported,
    ScanIdTaken,
    ScanInFuture,
    TooManyChildrenReported,
)
from server.scan.guessing import Asking
from server.scan.limited import use_of, with_limits
from server.scan.lookup import PastVisit, Register, look_up, read_card_text
from server.scan.models import Scan
from server.scan.register import Finding, Reading, judge, what_was_found
from server.scan.rows import FUTURE_WITHIN, Recorded, what_becomes_of
from server.settings import Settings
from server.signing import KeyRing
from server.venue.models import Scanner
from server.visit.models import Visit
from shared.rules.admission import Reason, verdict_of
from shared.scan import (
    BatchReceipt,
    CardAnswer,
    CardQuestion,
    ScanOutcome,
    ScanReceipt,
    ScanRefusal,
    ScanReport,
)
from shared.token.credential import COUNT_MOST

BATCH_MOST = 500

# Built once, and on tables: to build a statement anew, or to insert through the ORM, costs this hot
# path several times what the database takes to run it.
_SCANS, _VISITS = cast("Table", Scan.__table__), cast("Table", Visit.__table__)
_SEEN = (
    select(Scan, Visit.id)
    .outerjoin(Visit, Visit.scan_id == Scan.id)
    .where(Scan.id.in_(bindparam("scan_ids", expanding=True)))
)
_STORE_SCANS_ONCE = {
    name: dialect.insert(_SCANS)
    .on_conflict_do_nothing(index_elements=["id"])
    .returning(_SCANS.c.id)
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}
_STORE_VISITS = insert(_VISITS)

Answer = ScanReceipt | Problem
"""What became of one report: its receipt, or why it was refused."""


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
    (answer,) = record_each(db, scanner, [report], ring=ring, settings=settings, now=now)
    if isinstance(answer, Problem):
        raise answer
    return answer


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
    answers = record_each(db, scanner, reports, ring=ring, settings=settings, now=now)
    return BatchReceipt(
        receipts=[
            ScanRefusal(scan_id=report.scan_id, code=answer.code)
            if isinstance(answer, Problem)
            else answer
            for report, answer in zip(reports, answers, strict=True)
        ]
    )


def record_each(  # noqa: PLR0913 - all by keyword
    db: Session,
    scanner: Scanner,
    reports: Sequence[ScanReport],
    *,
    ring: KeyRing,
    settings: Settings,
    now: datetime,
    ahead: bool = False,
) -> list[Answer]:
    """Judge one after the other, in memory, and store all at once: one report is a short batch.

    *ahead*: an event may still be far off; else a visit is for one that is on.
    """
    if not reports:
        return []
    secret = settings.secret
    texts = [read_card_text(report.text, base_url=settings.base_url) for report in reports]
    named = {report.event_id for report in reports if report.event_id is not None}
    around = [report.scanned_at for report in reports]
    register = look_up(db, texts, around=around, area_id=scanner.venue.area_id, event_ids=named)
    events = events_named(db, scanner.venue_id, named)
    # Looked for with the cards locked: what another request records of them now, it has recorded.
    seen = _seen(db, [report.scan_id for report in reports], scanner)
    uses = Uses(db, scanner.venue)
    asking = Asking(db, scanner, now=now)
    recorded: dict[UUID, Recorded] = {}
    answers: list[Answer] = []
    for report, text in zip(reports, texts, strict=True):
        if (earlier := seen.get(report.scan_id)) is not None:
            answers.append(earlier)
            continue
        try:
            _check_report(report, scanner, now=now)
            reading = Reading.of(
                scanner,
                category=report.category,
                at=report.scanned_at,
                event_id=report.event_id,
                events=events,
                ahead=ahead,
            )
            finding = judge(
                text, reading, register=register, ring=ring, secret=secret, asking=asking
            )
            finding = _with_children(finding, report, reading)
            finding = with_limits(finding, reading, uses, persons=1 + report.children)
        except Problem as problem:  # nothing of this report has been stored yet
            answers.append(problem)
            continue
        one = what_becomes_of(report, reading, finding, now=now)
        _remember(register, uses, reading, finding, one)
        recorded[report.scan_id] = one
        seen[report.scan_id] = replace(one.receipt, outcome=ScanOutcome.ALREADY_RECORDED)
        answers.append(one.receipt)
    faster = _store(db, recorded, now=now)
    if faster:  # another request with this id was faster by a moment
        kept = _seen(db, faster, scanner)
        answers = [kept.get(r.scan_id, a) for r, a in zip(reports, answers, strict=True)]
    return answers


def _store(db: Session, recorded: Mapping[UUID, Recorded], *, now: datetime) -> list[UUID]:
    """Store what was recorded; gives the ids that somebody else has stored in the meantime."""
    if not recorded:
        return []
    # Ordered by id: two requests with the same new ids must not wait for each other.
    scans = [recorded[scan_id].scan for scan_id in sorted(recorded)]
    stored = set(db.scalars(_STORE_SCANS_ONCE[db.get_bind().dialect.name], scans))
    ours = [one for scan_id, one in recorded.items() if scan_id in stored]
    if visits := [one.visit for one in ours if one.visit is not None]:
        db.execute(_STORE_VISITS, visits)
    if conflicts := {one.conflict for one in ours if one.conflict is not None}:
        note_conflicts(db, conflicts, now=now)
    return [scan_id for scan_id in recorded if scan_id not in stored]


def answer_card(  # noqa: PLR0913 - all by keyword
    db: Session,
    scanner: Scanner,
    question: CardQuestion,
    *,
    ring: KeyRing,
    settings: Settings,
    now: datetime,
) -> CardAnswer:
    """Tell what the register would say if this card were admitted now. Stores nothing.

    Raises:
        Resting: Too many unknown codes.
    """
    text = read_card_text(question.text, base_url=settings.base_url)
    named = [] if question.event_id is None else [question.event_id]
    reading = Reading.of(
        scanner,
        category=question.category,
        at=now,
        event_id=question.event_id,
        events=events_named(db, scanner.venue_id, named),
    )
    area_id = scanner.venue.area_id
    register = look_up(db, [text], around=[now], area_id=area_id, event_ids=named)
    asking = Asking(db, scanner, now=now)
    secret = settings.secret
    finding = judge(text, reading, register=register, ring=ring, secret=secret, asking=asking)
    finding = with_limits(finding, reading, Uses(db, scanner.venue), persons=1)
    return CardAnswer(
        colour=finding.verdict.colour,
        reasons=list(finding.verdict.reasons),
        children=0 if reading.course else finding.most_children,
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


def _with_children(finding: Finding, report: ScanReport, reading: Reading) -> Finding:
    most = 0 if reading.course else finding.most_children
    if not report.admitted or report.children <= most:
        return finding
    known = finding.card is not None and Reason.CODE_OFFLINE not in report.reasons
    if known and report.children > finding.most_children:
        raise TooManyChildrenReported
    # Nobody at the door could know: without network the number, before the next refresh that it is
    # a course. What happened is kept, and flagged.
    found = [*what_was_found(finding.verdict), Reason.CHILDREN_CHANGED]
    return replace(finding, verdict=verdict_of(found, otherwise=Reason.OK))


def _remember(
    register: Register, uses: Uses, reading: Reading, finding: Finding, one: Recorded
) -> None:
    """Let the next report of the same batch see this one's visit."""
    if one.visit is not None and finding.card is not None:
        facts = (one.visit[name] for name in PastVisit.__slots__)
        register.remember(finding.card, PastVisit(*facts))
        uses.remember(finding.card, use_of(reading, persons=1 + one.visit["children"]))


def _seen(db: Session, scan_ids: Collection[UUID], scanner: Scanner) -> dict[UUID, Answer]:
    """Give the answers to reports that were recorded before."""
    rows = db.execute(_SEEN, {"scan_ids": list(scan_ids)}).all()
    return {scan.id: _seen_answer(scan, visit_id, scanner) for scan, visit_id in rows}


def _seen_answer(scan: Scan, visit_id: UUID | None, scanner: Scanner) -> Answer:
    if scan.scanner_id != scanner.id:
        return ScanIdTaken()
    return ScanReceipt(
        scan_id=scan.id,
        outcome=ScanOutcome.ALREADY_RECORDED,
        visit_id=visit_id,
        colour=scan.register_colour,
        reasons=[Reason(reason) for reason in scan.register_reasons],
        differs=scan.differs,
    )
