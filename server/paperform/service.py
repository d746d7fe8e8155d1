"""Record visits that were written on paper, with their true dates (R21, R22).

They are reports like those of a scanner that was without network for long: the register judges each
as of its own day, the same line twice is one visit, what is older than 30 days waits for the
coordinator. What reports them is a scanner row of the venue that no device has the key of.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.card.models import Card
from server.db import tried_out
from server.paperform.errors import UnknownCardCode
from server.paperform.table import PaperLine, PaperVisit
from server.problems import Problem
from server.scan.errors import Resting
from server.scan.guessing import Asking
from server.scan.service import record_each
from server.settings import Settings
from server.signing import KeyRing
from server.venue.models import Scanner, Venue
from server.venue.service import desk_of
from shared.rules.admission import Reason
from shared.scan import ScanReceipt, ScanReport

NAME = "Lomakkeet"


@dataclass(frozen=True, slots=True)
class PaperOutcome:
    """What becomes of a line: its receipt, or why it cannot be recorded."""

    line: PaperLine
    answer: ScanReceipt | Problem


def record_paper(  # noqa: PLR0913 - all by keyword
    db: Session,
    venue: Venue,
    lines: Sequence[PaperLine],
    *,
    ring: KeyRing,
    settings: Settings,
    now: datetime,
) -> list[PaperOutcome]:
    """Record those lines that can be; the others say why not."""
    scanner = _desk_of(db, venue, now=now)
    problems = _problems_of(db, scanner, lines, now=now)
    reports = [
        _report_of(line, line.means, venue.id)
        for line, problem in zip(lines, problems, strict=True)
        if problem is None and isinstance(line.means, PaperVisit)
    ]
    answers = iter(record_each(db, scanner, reports, ring=ring, settings=settings, now=now))
    return [
        PaperOutcome(line, problem or next(answers))
        for line, problem in zip(lines, problems, strict=True)
    ]


def try_paper(  # noqa: PLR0913 - all by keyword
    db: Session,
    venue: Venue,
    lines: Sequence[PaperLine],
    *,
    ring: KeyRing,
    settings: Settings,
    now: datetime,
) -> list[PaperOutcome]:
    """Tell what would become of each line; only the asking for unknown codes leaves a trace."""
    scanner = _desk_of(db, venue, now=now)
    with tried_out(db):
        outcomes = record_paper(db, venue, lines, ring=ring, settings=settings, now=now)
    asking = Asking(db, scanner, now=now)
    for outcome in outcomes:
        if isinstance(outcome.answer, UnknownCardCode):
            asking.remember_unknown()
    return outcomes


def _problems_of(
    db: Session, scanner: Scanner, lines: Sequence[PaperLine], *, now: datetime
) -> list[Problem | None]:
    """Tell what is wrong with each line; whether a card has a code only while the venue may ask."""
    codes = {line.means.code for line in lines if isinstance(line.means, PaperVisit)}
    known = set(db.scalars(select(Card.code).where(Card.code.in_(codes)))) if codes else set()
    asking = Asking(db, scanner, now=now)
    return [_problem_of(line, known=known, asking=asking) for line in lines]


def _problem_of(line: PaperLine, *, known: Collection[str], asking: Asking) -> Problem | None:
    if isinstance(line.means, Problem):
        return line.means
    try:
        asking.check_rested()
    except Resting as resting:
        return resting
    if line.means.code not in known:
        asking.remember_unknown()
        return UnknownCardCode()
    return None


def _report_of(line: PaperLine, visit: PaperVisit, venue_id: UUID) -> ScanReport:
    day, clock = line.written["day"], line.written["time"]
    came = f"{visit.children} {visit.assistant}"
    same = f"{visit.code} {day} {clock} {visit.category} {came}"
    return ScanReport(
        scan_id=uuid5(venue_id, same),  # so that the same line is the same visit for ever
        text=visit.code,
        category=visit.category,
        scanned_at=visit.visited_at,
        closed_at=visit.visited_at,
        admitted=True,
        children=visit.children,
        assistant=visit.assistant,
        reasons=[Reason.CODE_OFFLINE],  # at the door nobody could know: what happened is kept
    )


def _desk_of(db: Session, venue: Venue, *, now: datetime) -> Scanner:
    return desk_of(db, venue, name=NAME, now=now)
