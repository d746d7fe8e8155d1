"""Figures when a holder is erased: uses stay, and nobody is counted for more people than came."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.card.models import Card
from server.mine.erasure import erase_holder
from server.report.models import FigureKind, ReportCard, ReportChange, ReportUse
from server.report.publishing.publication import draw_up
from server.report.rollup.recount import rebuild
from tests.factories import NOON, make_card, make_scanner, make_visit
from tests.server.report.cells import cell, settle, wrong


def a_year(db: Session) -> list[Card]:
    """Two holders, one of them with three visits."""
    scanner = make_scanner(db)
    cards = [make_card(db, gender="woman")[0] for _ in range(2)]
    for day in range(3):
        make_visit(db, cards[0], scanner, at=NOON - timedelta(days=day), children=1)
    make_visit(db, cards[1], scanner)
    settle(db)
    return cards


def test_uses_stay_and_holders_go_in_the_same_transaction(db: Session) -> None:
    cards = a_year(db)
    gone = cards[0].holder_id
    assert cell(db, "2026", "fi") == {"adults": 4, "children": 3, "holders": 2}

    erase_holder(db, gone, now=NOON)
    db.flush()
    db.expire_all()

    assert cell(db, "2026", "fi") == {"adults": 4, "children": 3, "holders": 1}
    assert cell(db, "2026", "fi", "home")["cards_used"] == 2
    assert cell(db, "2026", "fi", "gender:woman")["cards"] == 1
    for table in (ReportChange, ReportUse, ReportCard):
        assert gone not in set(db.scalars(select(table.holder_id)))
    assert wrong(db) == []
    settle(db)
    assert wrong(db) == []


def test_counted_anew_it_is_the_same(db: Session) -> None:
    cards = a_year(db)
    erase_holder(db, cards[0].holder_id, now=NOON)
    db.flush()
    rebuild(db)
    settle(db)

    assert cell(db, "2026", "fi") == {"adults": 4, "children": 3, "holders": 1}
    assert wrong(db) == []


def test_a_published_cell_is_no_safer_for_erased_holders(db: Session) -> None:
    cards = a_year(db)
    erase_holder(db, cards[0].holder_id, now=NOON)
    db.flush()

    cells, _ = draw_up(db, "2026")

    whole = cells[FigureKind.USES, "fi", "all"]
    assert (whole.value, whole.holders) == (7, 1)
