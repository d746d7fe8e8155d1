"""Visits one after the other, however many: the same on both databases, and never all at once."""

import gc
import resource
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from server.scan.listing import VisitFilter
from server.scan.stream import stream_visits
from server.synth.load import fill
from server.synth.shape import YEARS
from server.visit.models import Voiding
from shared.scan import Category
from tests.factories import NOON, make_area, make_card, make_scanner, make_venue, make_visit

EVERYTHING = VisitFilter()


@pytest.fixture
def sessions(engine: Engine) -> "sessionmaker[Session]":
    return sessionmaker(engine, expire_on_commit=False)


def test_a_row_says_what_happened_and_nothing_of_the_card(sessions) -> None:
    with sessions.begin() as db:
        turku = make_area(db, "853", "Turku")
        scanner = make_scanner(db, venue=make_venue(db, area=turku))
        card, _ = make_card(db)
        first = make_visit(db, card, scanner, event="E", children=2)
        later = NOON + timedelta(days=2)
        make_visit(db, card, scanner, event="E", at=later, recorded_at=later + timedelta(hours=25))
        db.add(Voiding(visit_id=first.id, scanner_id=scanner.id, voided_at=NOON))
        make_visit(db, card, scanner, event="E", at=later + timedelta(days=1))
        venue = scanner.venue_id

    rows = list(stream_visits(sessions, EVERYTHING))

    assert [(row.area, row.category, row.children) for row in rows] == [
        ("Turku", Category.CULTURE, 2), ("Turku", Category.CULTURE, 0),
        ("Turku", Category.CULTURE, 0),
    ]  # fmt: skip
    assert [(row.late, row.undone, row.counted) for row in rows] == [
        (False, True, False), (True, False, True), (False, False, False),
    ]  # fmt: skip
    assert rows == list(stream_visits(sessions, VisitFilter(venue_id=venue)))
    assert {name for name in rows[0].__slots__ if "card" in name or "holder" in name} == set()


def test_only_the_own_area_and_only_what_is_wanted(sessions) -> None:
    with sessions.begin() as db:
        turku = make_area(db, "853", "Turku")
        other, own = make_scanner(db), make_scanner(db, venue=make_venue(db, area=turku))
        card, _ = make_card(db)
        for scanner in (other, own):
            make_visit(db, card, scanner)
            make_visit(db, card, scanner, at=NOON - timedelta(days=40), category=Category.SPORT)

    assert len(list(stream_visits(sessions, EVERYTHING))) == 4
    assert len(list(stream_visits(sessions, EVERYTHING, area_id=turku.id))) == 2
    theirs = VisitFilter(venue_id=other.venue_id)
    assert list(stream_visits(sessions, theirs, area_id=turku.id)) == []
    sport = VisitFilter(category=Category.SPORT, last_on=date(2026, 11, 1))
    assert len(list(stream_visits(sessions, sport))) == 2


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 2, 28, 22, 30, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2026, 3, 31, 21, 30, tzinfo=UTC), date(2026, 4, 1)),
        (datetime(2026, 3, 31, 20, 30, tzinfo=UTC), date(2026, 3, 31)),
    ],
)
def test_the_day_is_the_one_in_finland_before_and_after_the_clocks_change(
    sessions, at, day
) -> None:
    with sessions.begin() as db:
        make_visit(db, make_card(db)[0], make_scanner(db), at=at)

    [row] = stream_visits(sessions, EVERYTHING)

    assert row.visited_on == day
    assert list(stream_visits(sessions, VisitFilter(first_on=day, last_on=day))) == [row]


def test_whoever_stops_reading_gives_the_connection_back(sessions, engine) -> None:
    with sessions.begin() as db:
        scanner = make_scanner(db)
        for _ in range(3):
            make_visit(db, make_card(db)[0], scanner)
    rows = stream_visits(sessions, EVERYTHING)
    next(rows)
    assert engine.pool.checkedout() == 1

    rows.close()

    assert engine.pool.checkedout() == 0


def resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


@pytest.mark.thorough
def test_memory_does_not_grow_with_the_rows(sessions, engine) -> None:
    visits = fill(engine, years=YEARS, scale=1)
    assert visits > 200_000
    rows = stream_visits(sessions, EVERYTHING)
    read = len(list(islice(rows, 10_000)))
    gc.collect()
    before = resident()

    read += sum(1 for _ in rows)

    assert read == visits
    assert resident() - before < 20_000_000, "of 200,000 rows; each takes some 500 bytes"
