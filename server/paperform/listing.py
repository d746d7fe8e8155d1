"""The lines of a table, to be shown: a page of them, those with a problem, how many of which."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.paperform.models import KeptLine
from server.work.models import Work
from shared.scan import ScanOutcome


@dataclass(frozen=True, slots=True)
class Tally:
    """How many lines have become, or would become, what."""

    good: int
    """Recorded, or such as can be."""
    bad: int
    recorded: int
    outcomes: dict[ScanOutcome, int]


def tally_of(db: Session, work: Work) -> Tally:
    """Count a table's lines."""
    counted = (
        select(KeptLine.outcome, KeptLine.problem.is_(None), KeptLine.recorded, func.count())
        .where(KeptLine.work_id == work.id)
        .group_by(KeptLine.outcome, KeptLine.problem.is_(None), KeptLine.recorded)
    )
    bad = recorded = 0
    outcomes: dict[ScanOutcome, int] = {}
    for outcome, fine, stored, number in db.execute(counted):
        bad += 0 if fine else number
        recorded += number if stored else 0
        if outcome is not None:
            outcomes[outcome] = outcomes.get(outcome, 0) + number
    return Tally(sum(outcomes.values()), bad, recorded, outcomes)


def list_lines(
    db: Session, work: Work, *, only_problems: bool, after: int, limit: int
) -> list[KeptLine]:
    """List lines in the order of the table, from behind line *after*."""
    lines = (
        select(KeptLine)
        .where(KeptLine.work_id == work.id, KeptLine.number > after)
        .order_by(KeptLine.number)
        .limit(limit)
    )
    if only_problems:
        lines = lines.where(KeptLine.problem.is_not(None))
    return list(db.scalars(lines))


def each_problem(db: Session, work: Work) -> Iterator[tuple[dict[str, str], str]]:
    """Give every line that cannot be recorded: as it was written, and the code of why."""
    lines = (
        select(KeptLine.written, KeptLine.problem)
        .where(KeptLine.work_id == work.id, KeptLine.problem.is_not(None))
        .order_by(KeptLine.number)
    )
    for written, problem in db.execute(lines):
        yield written, problem or ""
