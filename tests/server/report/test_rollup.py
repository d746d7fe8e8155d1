"""The cells say what the visits say, whatever happens to visits, in whatever order."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.area.models import Area
from server.card.models import Card
from server.report.models import ReportCell, ReportChange
from server.report.rollup.recount import rebuild
from server.report.rollup.upkeep import waiting
from server.venue.models import Scanner
from server.visit.models import Visit, Voiding
from shared.scan import Category
from tests.factories import NOON, make_area, make_card, make_scanner, make_venue, make_visit
from tests.server.report.cells import cell, kept, settle, wrong


def test_a_visit_is_counted_where_it_happened_and_where_the_card_is_from(db: Session) -> None:
    turku = make_area(db, "853", "Turku")
    theatre = make_venue(db, area=turku)
    scanner = make_scanner(db, venue=theatre)
    card, _ = make_card(db, birth_year=1975, gender="woman")

    make_visit(db, card, scanner, children=2)
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
        make_visit(db, of, scanner)
    settle(db)

    assert cell(db, "2026", "fi") == {"adults": 3, "holders": 1}
    assert cell(db, "2026", "fi", "home")["cards"] == 2
    assert wrong(db) == []


def test_an_undone_visit_is_taken_back_and_one_that_it_hid_comes_forth(db: Session) -> None:
    scanner = make_scanner(db)
    card, _ = make_card(db)
    first = make_visit(db, card, scanner, event="E", children=1)
    make_visit(db, card, scanner, event="E", at=NOON + timedelta(hours=1), children=2)
    settle(db)
    assert cell(db, "2026", "fi") == {"adults": 1, "children": 1, "holders": 1}

    db.add(Voiding(visit_id=first.id, scanner_id=scanner.id, voided_at=NOON))
    settle(db)

    assert cell(db, "2026", "fi") == {"adults": 1, "children": 2, "holders": 1}
    assert wrong(db) == []


def test_the_last_visit_undone_leaves_zeros_and_the_card_unused(db: Session) -> None:
    scanner = make_scanner(db)
    card, _ = make_card(db)
    only = make_visit(db, card, scanner)
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

    make_visit(db, card, scanner, at=at)
    settle(db)

    assert cell(db, year, "fi") == {"adults": 1, "holders": 1}
    assert wrong(db) == []


@pytest.mark.parametrize(("hours", "late"), [(24, {}), (24.001, {"late": 1})])
def test_what_is_recorded_more_than_a_day_later_counts_as_late(
    db: Session, hours: float, late: dict[str, int]
) -> None:
    card, _ = make_card(db)

    make_visit(db, card, make_scanner(db), recorded_at=NOON + timedelta(hours=hours))
    settle(db)

    assert cell(db, "2026", "fi") == {"adults": 1, "holders": 1} | late
    assert wrong(db) == []


def test_counting_again_changes_nothing(db: Session) -> None:
    card, _ = make_card(db)
    make_visit(db, card, make_scanner(db))
    settle(db)

    db.add_all([ReportChange(holder_id=card.holder_id) for _ in range(5)])
    settle(db)

    assert cell(db, "2026", "fi") == {"adults": 1, "holders": 1}
    assert wrong(db) == []


def test_all_can_be_counted_anew(db: Session) -> None:
    scanner = make_scanner(db)
    for _ in range(7):
        make_visit(db, make_card(db)[0], scanner)
    db.flush()
    rebuild(db)
    settle(db)

    assert cell(db, "2026", "fi") == {"adults": 7, "holders": 7}
    assert waiting(db) == 0
    assert wrong(db) == []


def spoil_cell(db: Session) -> None:
    db.execute(update(ReportCell).where(ReportCell.slice == "all").values(holders=3))


def lose_change(db: Session) -> None:
    make_visit(db, db.scalars(select(Card)).one(), db.scalars(select(Scanner)).one(), children=1)
    db.query(ReportChange).delete()


@pytest.mark.parametrize("spoil", [spoil_cell, lose_change])
def test_the_check_finds_what_is_wrong(db: Session, spoil: Callable[[Session], None]) -> None:
    card, _ = make_card(db)
    make_visit(db, card, make_scanner(db))
    settle(db)
    assert wrong(db) == []

    spoil(db)

    assert wrong(db)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_the_cells_say_what_the_visits_say(db: Session, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test
    turku = make_area(db, "853", "Turku")
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
                visits.append(make_visit(db, chance.choice(cards), chance.choice(scanners), **how))
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
