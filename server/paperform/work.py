"""Tables from paper as long work: read, look what becomes of each line; record when it is said so.

A table of up to `SMALL` lines is done within the request, a longer one in the background, by the
same steps. All lines of a card are done in one chunk: what becomes of one depends on those before.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from sqlalchemy import func, insert, select, tuple_, update
from sqlalchemy.orm import Session

from server.paperform.errors import TableEmpty
from server.paperform.models import KeptLine
from server.paperform.service import PaperOutcome, record_paper, try_paper
from server.paperform.table import PaperLine, PaperVisit, read_line, read_table
from server.problems import Problem
from server.scan.errors import Resting
from server.settings import Settings
from server.signing import KeyRing
from server.venue.models import Venue
from server.work.models import Work, WorkKind
from server.work.runner import Chunk
from server.work.service import ask_for_work, begin_again, drop_file, file_of, keep_file, rest_work

SMALL = 500
"""So many lines take about a second: nobody needs a progress page for them."""
READ_AT_ONCE = 1000
CHUNK = 50
"""Lines of one transaction, while which doors that write to SQLite wait."""
SAME_CARD_MOST = 400
KEPT_FOR = timedelta(days=7)


def ask_for_lines(
    db: Session,
    lines: Sequence[PaperLine],
    *,
    access_id: UUID,
    venue_id: UUID,
    now: datetime,
) -> Work:
    """Keep a few lines that were read, to be looked at.

    Raises:
        TableEmpty, TooMuchWork.
    """
    if not lines:
        raise TableEmpty
    work = ask_for_work(
        db, WorkKind.PAPER_LOOK, access_id=access_id, place_id=venue_id, total=len(lines), now=now,
        kept_for=KEPT_FOR,
    )  # fmt: skip
    _keep_lines(db, work, lines)
    return work


def ask_for_table(  # noqa: PLR0913 - all by keyword
    db: Session, content: bytes, *, lines: int, access_id: UUID, venue_id: UUID, now: datetime
) -> Work:
    """Keep a table as it came, to be read and looked at.

    Raises:
        TooMuchWork.
    """
    work = ask_for_work(
        db, WorkKind.PAPER_LOOK, access_id=access_id, place_id=venue_id, total=lines, now=now,
        kept_for=KEPT_FOR,
    )  # fmt: skip
    keep_file(db, work, content)
    return work


def ask_to_record(db: Session, work: Work, *, now: datetime) -> None:
    """Go on with the lines that can be recorded."""
    good = select(func.count()).where(KeptLine.work_id == work.id, KeptLine.problem.is_(None))
    work.kind, work.total, work.done = WorkKind.PAPER_RECORD, db.scalar(good) or 0, 0
    begin_again(work, now=now)


@dataclass(slots=True)
class LookOn:
    """Looks what would become of the next lines; nothing is recorded."""

    ring: KeyRing
    settings: Settings
    _unread: Iterator[PaperLine] | None = None
    _after: tuple[str, int] = ("", 0)

    def __call__(self, chunk: Chunk) -> bool:
        """Read on, or look on; False when every line has its outcome."""
        db, work = chunk.db, chunk.work
        venue = db.get_one(Venue, work.place_id)
        if self._unread is None:
            self._unread = _unread(db, work, venue)
        if some := list(islice(self._unread, READ_AT_ONCE)):
            _keep_lines(db, work, some)
            return True
        if work.asked.get("unread"):
            _note_all_read(db, work)
        rows = _next_rows(db, work, after=self._after, recorded=None)
        if not rows:
            return False
        outcomes = try_paper(
            db, venue, _lines(rows, work, venue), ring=self.ring, settings=self.settings,
            now=chunk.at,
        )  # fmt: skip
        done = [one for one in outcomes if not isinstance(one.answer, Resting)]
        _keep_outcomes(db, work, done, recorded=False)
        self._after = rows[-1].card_code, rows[-1].number
        return not _has_to_rest(work, outcomes, now=chunk.at)


@dataclass(slots=True)
class RecordOn:
    """Records the next of the lines that can be; each line once, whoever tries it again."""

    ring: KeyRing
    settings: Settings
    _after: tuple[str, int] = field(default=("", 0))

    def __call__(self, chunk: Chunk) -> bool:
        """Record on; False when there is nothing left to record."""
        db, work = chunk.db, chunk.work
        rows = _next_rows(db, work, after=self._after, recorded=False)
        if not rows:
            return False
        venue = db.get_one(Venue, work.place_id)
        outcomes = record_paper(
            db, venue, _lines(rows, work, venue), ring=self.ring, settings=self.settings,
            now=chunk.at,
        )  # fmt: skip
        done = [one for one in outcomes if not isinstance(one.answer, Resting)]
        _keep_outcomes(db, work, done, recorded=True)
        self._after = rows[-1].card_code, rows[-1].number
        return not _has_to_rest(work, outcomes, now=chunk.at)


def _unread(db: Session, work: Work, venue: Venue) -> Iterator[PaperLine]:
    """Give the lines of the table that are not kept as rows yet."""
    content = file_of(db, work)
    if content is None:
        return iter(())
    work.asked = {"unread": True}
    last = db.scalar(select(func.max(KeptLine.number)).where(KeptLine.work_id == work.id)) or 0
    lines = read_table(content, own=venue.categories, now=work.created_at)
    return (line for line in lines if line.number > last)


def _note_all_read(db: Session, work: Work) -> None:
    drop_file(db, work)
    kept = select(func.count()).where(KeptLine.work_id == work.id)
    work.asked, work.total = {}, db.scalar(kept) or 0


def _keep_lines(db: Session, work: Work, lines: Iterable[PaperLine]) -> None:
    rows = [
        {
            "work_id": work.id,
            "number": line.number,
            "card_code": line.means.code if isinstance(line.means, PaperVisit) else "",
            "written": dict(line.written),
            "problem": line.means.code if isinstance(line.means, Problem) else None,
            "recorded": False,
        }
        for line in lines
    ]
    if rows:
        db.execute(insert(KeptLine), rows)
    work.done += sum(row["problem"] is not None for row in rows)


def _next_rows(
    db: Session, work: Work, *, after: tuple[str, int], recorded: bool | None
) -> list[KeptLine]:
    """Give the next lines to do, with all of the last one's card unless it has very many."""
    waiting = (
        select(KeptLine)
        .where(KeptLine.work_id == work.id, KeptLine.problem.is_(None))
        .order_by(KeptLine.card_code, KeptLine.number)
    )
    waiting = (
        waiting.where(KeptLine.outcome.is_(None))
        if recorded is None
        else waiting.where(KeptLine.recorded == recorded)
    )
    place = tuple_(KeptLine.card_code, KeptLine.number)
    rows = list(db.scalars(waiting.where(place > after).limit(CHUNK)))
    if len(rows) == CHUNK:
        last = rows[-1]
        same = (KeptLine.card_code == last.card_code, KeptLine.number > last.number)
        rows += db.scalars(waiting.where(*same).limit(SAME_CARD_MOST))
    return rows


def _lines(rows: Iterable[KeptLine], work: Work, venue: Venue) -> list[PaperLine]:
    own, now = venue.categories, work.created_at
    return [
        PaperLine(row.number, row.written, read_line(row.written, own=own, now=now)) for row in rows
    ]


def _keep_outcomes(
    db: Session, work: Work, outcomes: Iterable[PaperOutcome], *, recorded: bool
) -> None:
    rows = [
        {"work_id": work.id, "number": one.line.number} | _told(one, recorded=recorded)
        for one in outcomes
    ]
    if rows:
        db.execute(update(KeptLine), rows)
    work.done += len(rows)


def _told(one: PaperOutcome, *, recorded: bool) -> dict[str, object]:
    if isinstance(one.answer, Problem):
        return {"problem": one.answer.code, "outcome": None, "reasons": None, "recorded": False}
    return {
        "problem": None,
        "outcome": one.answer.outcome,
        "reasons": list(one.answer.reasons),
        "recorded": recorded,
    }


def _has_to_rest(work: Work, outcomes: Iterable[PaperOutcome], *, now: datetime) -> bool:
    """Put the work aside while the venue may ask for no more codes; tells whether it was."""
    for one in outcomes:
        if isinstance(one.answer, Resting):
            rest_work(work, until=now + timedelta(seconds=one.answer.retry_after_s or 0))
            return True
    return False
