"""The cells say what the visits say, whatever happens to visits, in whatever order."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.area.models import Area
from server.card.models import Card
from server.ids import new_id
from server.report.models import ReportCard, ReportCell, ReportChange, ReportUse
from server.report.rollup.check import differing_cells
from server.report.rollup.recount import rebuild
from server.report.rollup.upkeep import catch_up, waiting
from server.scan.models import Scan
from server.venue.models import Scanner
from server.visit.models import Visit, Voiding
from shared.rules.admission import Colour
from shared.scan import Category, ScanOutcome
from tests.factories import NOON, make_card, make_scanner, make_venue


def visit(db: Session, card: Card, scanner: Scanner, **over: Any) -> Visit:
    """Record a visit as doors do, without the door."""
    at = over.pop("at", NOON)
    scan = Scan(
        id=new_id(at), scanner_id=scanner.id, venue_id=scanner.venue_id, card_id=card.id,
        category=Category.CULTURE, scanned_at=at, closed_at=at, received_at=at, admitted=True,
        children=0, assistant=False, scanner_reasons=["ok"], register_reasons=["ok"],
        register_colour=Colour.GREEN, outcome=ScanOutcome.RECORDED, differs=False,
    )  # fmt: skip
    db.add(scan)
    db.flush()
    given = {
        "id": new_id(at), "scan_id": scan.id, "holder_id": card.holder_id, "card_id": card.id,
        "venue_id": scanner.venue_id, "scanner_id": scanner.id, "event": str(scan.id), "sub": "s",
        "category": Category.CULTURE, "visited_at": at, "recorded_at": at, "children": 0,
        "assistant": False, "again": False,
    }  # fmt: skip
    made = Visit(**(given | over))
    db.add(made)
    db.flush()
    return made


def settle(db: Session) -> None:
    """Bring the cells up to date."""
    db.flush()
    while catch_up(db, most=3):
        pass
    db.expire_all()


def cell(db: Session, period: str, scope: str, part: str = "all") -> dict[str, int]:
    row = db.get(ReportCell, (period, scope, part))
    names = ("adults", "children", "late", "holders", "cards", "cards_used")
    return {} if row is None else {name: n for name in names if (n := getattr(row, name))}


def kept(db: Session) -> list[list[tuple[object, ...]]]:
    """Read all that reports keep, but for cells that are all zeros."""
    tables = (ReportUse, ReportCard, ReportCell)
    rows = [sorted(db.execute(select(*of.__table__.columns)).all(), key=str) for of in tables]
    return [*rows[:2], [row for row in rows[2] if any(row[3:])]]


def wrong(db: Session) -> list[object]:
    return list(differing_cells(db))


def test_a_visit_is_counted_where_it_happened_and_where_the_card_is_from(db: Session) -> None:
    turku = Area(id=new_id(NOON), municipality_code="853", name="Turku")
    db.add(turku)
    theatre = make_venue(db, area=turku)
    scanner = make_scanner(db, venue=theatre)
    card, _ = make_card(db, birth_year=1975, gender="woman")

    visit(db, card, scanner, children=2)
    settle(db)

    once = {"adults": 1, "children": 2, "holders": 1}
    tampere = db.scalar(select(Area.id).where(Area.municipality_code == "837"))
    for scope in ("fi", f"area:{turku.id}", f"venue:{theatre.id}"):
        assert cell(db, "2026", scope) == once
        assert cell(db, "2026-11", scope, "cat:culture") == once
    assert cell(db, "2026", f"area:{turku.id}", f"from:{tampere}") == once
    assert cell(db, "2026", f"area:{tampere}") == {}
    home = once | {"cards": 1, "cards_used": 1}
    for part in ("home", "age:45-54", "gender:woman"):
        assert cell(db, "2026", f"area:{tampere}", part) == home
    assert cell(db, "2026", "fi", "first:7") == {"cards": 1, "cards_used": 1}
    assert wrong(db) == []


def test_a_holder_is_counted_once_however_many_visits_and_cards(db: Session) -> None:
    scanner = make_scanner(db)
    card, _ = make_card(db)
    other, _ = make_card(db)
    db.execute(update(Card).where(Card.id == other.id).values(holder_id=card.holder_id))
    db.refresh(other)

    for of in (card, card, other):
        visit(db, of, scanner)
    settle(db)

    assert cell(db, "2026", "fi") == {"adults": 3, "holders": 1}
    assert cell(db, "2026", "fi", "home")["cards"] == 2
    assert wrong(db) == []


def test_an_undone_visit_is_taken_back_and_one_that_it_hid_comes_forth(db: Session) -> None:
    scanner = make_scanner(db)
    card, _ = make_card(db)
    first = visit(db, card, scanner, event="E", children=1)
    visit(db, card, scanner, event="E", at=NOON + timedelta(hours=1), children=2)
    settle(db)
    assert cell(db, "2026", "fi") == {"adults": 1, "children": 1, "holders": 1}

    db.add(Voiding(visit_id=first.id, scanner_id=scanner.id, voided_at=NOON))
    settle(db)

    assert cell(db, "2026", "fi") == {"adults": 1, "children": 2, "holders": 1}
    assert wrong(db) == []


def test_the_last_visit_undone_leaves_zeros_and_the_card_unused(db: Session) -> None:
    scanner = make_scanner(db)
    card, _ = make_card(db)
    only = visit(db, card, scanner)
    settle(db)

    db.add(Voiding(visit_id=only.id, scanner_id=scanner.id, voided_at=NOON))
    settle(db)

    assert cell(db, "2026", "fi") == {}
    assert cell(db, "2026", "fi", "home") == {"cards": 1}
    assert cell(db, "2026", "fi", "first:never") == {"cards": 1}
    assert wrong(db) == []


@pytest.mark.parametrize(
    ("at", "year"),
    [
        (datetime(2025, 12, 31, 21, 59, tzinfo=UTC), "2025"),
        (datetime(2025, 12, 31, 22, 0, tzinfo=UTC), "2026"),
    ],
)
def test_the_year_turns_at_midnight_in_finland(db: Session, at: datetime, year: str) -> None:
    scanner = make_scanner(db)
    card, _ = make_card(db)

    visit(db, card, scanner, at=at)
    settle(db)

    assert cell(db, year, "fi") == {"adults": 1, "holders": 1}
    assert wrong(db) == []


@pytest.mark.parametrize(("hours", "late"), [(24, {}), (24.001, {"late": 1})])
def test_what_is_recorded_more_than_a_day_later_counts_as_late(
    db: Session, hours: float, late: dict[str, int]
) -> None:
    card, _ = make_card(db)

    visit(db, card, make_scanner(db), recorded_at=NOON + timedelta(hours=hours))
    settle(db)

    assert cell(db, "2026", "fi") == {"adults": 1, "holders": 1} | late
    assert wrong(db) == []


def test_counting_again_changes_nothing(db: Session) -> None:
    card, _ = make_card(db)
    visit(db, card, make_scanner(db))
    settle(db)

    db.add_all([ReportChange(holder_id=card.holder_id) for _ in range(5)])
    settle(db)

    assert cell(db, "2026", "fi") == {"adults": 1, "holders": 1}
    assert wrong(db) == []


def test_all_can_be_counted_anew(db: Session) -> None:
    scanner = make_scanner(db)
    for _ in range(7):
        visit(db, make_card(db)[0], scanner)
    db.flush()
    rebuild(db)
    settle(db)

    assert cell(db, "2026", "fi") == {"adults": 7, "holders": 7}
    assert waiting(db) == 0
    assert wrong(db) == []


def spoil_cell(db: Session) -> None:
    db.execute(update(ReportCell).where(ReportCell.slice == "all").values(holders=3))


def lose_change(db: Session) -> None:
    visit(db, db.scalars(select(Card)).one(), db.scalars(select(Scanner)).one(), children=1)
    db.query(ReportChange).delete()


@pytest.mark.parametrize("spoil", [spoil_cell, lose_change])
def test_the_check_finds_what_is_wrong(db: Session, spoil: Callable[[Session], None]) -> None:
    card, _ = make_card(db)
    visit(db, card, make_scanner(db))
    settle(db)
    assert wrong(db) == []

    spoil(db)

    assert wrong(db)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_the_cells_say_what_the_visits_say(db: Session, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test
    turku = Area(id=new_id(NOON), municipality_code="853", name="Turku")
    db.add(turku)
    scanners = [make_scanner(db, venue=make_venue(db, area=area)) for area in (turku, None, None)]
    cards = [make_card(db, birth_year=chance.choice([1950, 1999]))[0] for _ in range(6)]
    visits: list[Visit] = []
    for _ in range(40):
        match chance.choice(["visit", "visit", "visit", "undo", "other_holder", "settle"]):
            case "visit":
                at = NOON - timedelta(days=chance.randrange(400))
                how = {"at": at, "children": chance.randrange(3), "event": chance.choice("EFG")}
                how |= {"recorded_at": at + timedelta(hours=chance.choice([0, 30]))}
                how |= {"category": chance.choice(list(Category))}
                visits.append(visit(db, chance.choice(cards), chance.choice(scanners), **how))
            case "undo" if visits:
                gone = visits.pop(chance.randrange(len(visits)))
                scanner = gone.scanner_id
                db.add(Voiding(visit_id=gone.id, scanner_id=scanner, voided_at=NOON))
            case "other_holder":
                card, other = chance.sample(cards, 2)
                moved = {"holder_id": other.holder_id}
                db.execute(update(Card).where(Card.id == card.id).values(**moved))
                db.execute(update(Visit).where(Visit.card_id == card.id).values(**moved))
                db.refresh(card)
            case "settle":
                settle(db)
    settle(db)

    assert cell(db, "2026", "fi")["adults"] > 0
    assert wrong(db) == []
    one_by_one = kept(db)
    rebuild(db)
    assert kept(db) == one_by_one
