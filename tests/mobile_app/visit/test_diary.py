"""The diary: one list of the register's visits and the holder's own, looked through and counted."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from mobile_app.mood.mood import Mood
from mobile_app.visit.diary import Sieve, count, entries_of, months_of, sift, sums
from mobile_app.visit.own import (
    CHILDREN_MOST,
    NOTE_MOST,
    PLACE_MOST,
    Draft,
    Note,
    OwnVisit,
    Slip,
    Slips,
    check_draft,
    read_day,
)
from shared.scan import Category
from tests.factories import NOON
from tests.mobile_app.visit.history import visit

TODAY = date(2026, 11, 22)
SWIM = OwnVisit(UUID(int=99), date(2026, 11, 20), "Uimahalli", Category.SPORT, children=1)


def test_own_visits_stand_between_those_of_the_register_by_their_day() -> None:
    entries = entries_of([visit(1), visit(3)], [SWIM], {})

    assert [entry.place for entry in entries] == ["Teatteri 1", "Uimahalli", "Teatteri 3"]
    assert [entry.own for entry in entries] == [False, True, False]


def test_month_is_that_of_helsinki() -> None:
    last_minute = visit(1, visited_at=NOON.replace(day=1, hour=22, minute=30) - timedelta(days=1))

    [entry] = entries_of([last_minute], [], {})

    assert entry.month == (2026, 11)  # 0.30 of 1 November; in UTC it is October still


def test_words_are_looked_for_in_place_event_and_note_whatever_their_case() -> None:
    concert = visit(2, event_name="Syyskonsertti")
    notes = {str(UUID(int=3)): Note("Äiti tuli MUKAAN")}
    entries = entries_of([visit(1), concert, visit(3)], [SWIM], notes)

    def places(words: str) -> list[str]:
        return [entry.place for entry in sift(entries, Sieve(words))]

    assert places("teatteri") == ["Teatteri 1", "Teatteri 2", "Teatteri 3"]
    assert places("SYYSKON") == ["Teatteri 2"]
    assert places("äiti mukaan") == ["Teatteri 3"]
    assert places("  ") == places("")
    assert places("ooppera") == []


def test_month_and_category_sift_together() -> None:
    entries = entries_of([visit(1), visit(30), visit(5, category=Category.SPORT)], [SWIM], {})

    november_sport = sift(entries, Sieve(month=(2026, 11), category=Category.SPORT))

    assert [entry.place for entry in november_sport] == ["Uimahalli", "Teatteri 5"]
    assert months_of(entries) == [(2026, 11), (2026, 10)]


def test_what_was_undone_or_not_counted_is_in_no_sum() -> None:
    entries = entries_of(
        [visit(1), visit(2, voided_at=NOON), visit(3, counted=False), visit(40), visit(400)], [], {}
    )

    assert count(entries, year=2026) == 2
    assert count(entries, year=2026, month=11) == 1
    assert count(entries, year=2025) == 1


def test_sums_run_over_the_turn_of_the_year_and_show_empty_months() -> None:
    entries = entries_of([visit(1), visit(2), visit(330)], [SWIM], {})

    found = sums(entries, until=(2026, 2), months=4)

    assert [one.month for one in found] == [(2025, 11), (2025, 12), (2026, 1), (2026, 2)]
    assert [one.visits for one in found] == [0, 1, 0, 0]
    assert sums(entries, until=(2026, 11), months=1)[0].by_category == {
        Category.CULTURE: 2,
        Category.SPORT: 1,
    }


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("", TODAY),
        ("  ", TODAY),
        ("1.2.2026", date(2026, 2, 1)),
        ("01. 02. 2026", date(2026, 2, 1)),
        ("2026-02-01", date(2026, 2, 1)),
        ("29.2.2024", date(2024, 2, 29)),
        ("29.2.2026", None),
        ("1.13.2026", None),
        ("yesterday", None),
        ("1.2.26", None),
        ("\u0661.\u0662.\u0662\u0660\u0662\u0666", date(2026, 2, 1)),
        ("🎭", None),
    ],
)
def test_day_is_read_as_people_write_it(typed: str, day: date | None) -> None:
    assert read_day(typed, today=TODAY) == day


def test_every_slip_of_a_draft_is_told_at_once() -> None:
    draft = Draft(place="  ", day="23.11.2026", children=str(CHILDREN_MOST + 1))

    assert check_draft(draft, today=TODAY) == Slips(Slip.NO_PLACE, Slip.FUTURE, Slip.CHILDREN)


@pytest.mark.parametrize(
    ("draft", "slips"),
    [
        (Draft("مسرح 🎭"), Slips()),
        (Draft("x" * PLACE_MOST), Slips()),
        (Draft("x" * (PLACE_MOST + 1)), Slips(place=Slip.LONG_PLACE)),
        (Draft("Museo", "31.12.2013"), Slips(day=Slip.LONG_AGO)),
        (Draft("Museo", "32.1.2026"), Slips(day=Slip.NO_DAY)),
        (Draft("Museo", children="-1"), Slips(children=Slip.CHILDREN)),
        (Draft("Museo", children="9" * 5000), Slips(children=Slip.CHILDREN)),
        (Draft("Museo", children="²"), Slips(children=Slip.CHILDREN)),
    ],
)
def test_draft_is_judged_field_by_field(draft: Draft, slips: Slips) -> None:
    assert check_draft(draft, today=TODAY) == slips


def test_what_was_kept_is_read_back_and_damage_is_nothing() -> None:
    note = Note("Hieno ilta 🎶 مرحبا", Mood.GOOD, has_photo=True)

    assert Note.from_record(note.to_record()) == note
    assert Note.from_record({"unreadable": True}) == Note()
    assert Note.from_record({"text": "x" * 9999, "mood": 17}) == Note("x" * NOTE_MOST)
    assert OwnVisit.from_record(SWIM.name, SWIM.to_record()) == SWIM
    with pytest.raises((ValueError, KeyError, TypeError)):
        OwnVisit.from_record(SWIM.name, {"unreadable": True})
