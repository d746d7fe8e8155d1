"""Erase a card from what was written down about it: lines of tables, sheets in long work."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from server.paperform.errors import UnknownCardCode
from server.paperform.models import KeptLine
from server.sheet.models import SheetPage
from server.work.models import WorkFile
from shared.token.codes import read_card_code
from shared.token.errors import TokenError

_CODE = "code"


def forget_paper(db: Session, card_ids: Collection[UUID], codes: Collection[str]) -> None:
    """Take some cards out of tables from paper, and give up the files that have their sheets.

    A file of sheets is sealed as a whole; it is printed again in a minute.
    """
    _forget_lines(db, set(codes))
    of_cards = select(SheetPage.work_id).where(SheetPage.card_id.in_(card_ids))
    db.execute(delete(WorkFile).where(WorkFile.work_id.in_(of_cards)))
    db.execute(delete(SheetPage).where(SheetPage.card_id.in_(card_ids)))


def _forget_lines(db: Session, codes: Collection[str]) -> None:
    # A line with a mistake has no code of its own, only what was written.
    maybe = select(KeptLine).where(or_(KeptLine.card_code.in_(codes), KeptLine.card_code == ""))
    for line in db.scalars(maybe.execution_options(yield_per=1000)):
        if line.card_code not in codes and _code_of(line) not in codes:
            continue
        line.card_code = ""
        line.written = line.written | {_CODE: ""}
        if not line.recorded and line.problem is None:
            line.problem, line.outcome, line.reasons = UnknownCardCode.code, None, None


def _code_of(line: KeptLine) -> str:
    try:
        return read_card_code(line.written.get(_CODE, ""))
    except TokenError:
        return ""
