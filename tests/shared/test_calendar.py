"""iCalendar as we write it, read by a library that others use."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from shared.calendar import LINE_MOST_BYTES, CalendarEntry, write_calendar

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ENTRY = CalendarEntry("1", "Konsertti", NOON, NOON + timedelta(hours=2))


def read(content: bytes) -> list:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def test_an_event_says_when_in_utc_where_and_what() -> None:
    helsinki = NOON.astimezone(tz=None) + timedelta(0)
    entry = replace(
        ENTRY, starts_at=helsinki, place="Teatteri, Katu 1; piha", link="https://esimerkki.fi/a,b;c"
    )
    [event] = read(write_calendar([entry], name="Minne", at=NOON))

    assert event["UID"] == "1"
    assert event.start == NOON
    assert event.end == NOON + timedelta(hours=2)
    assert event["DTSTAMP"].dt == NOON
    assert event["LOCATION"] == "Teatteri, Katu 1; piha"
    assert event["URL"] == "https://esimerkki.fi/a,b;c"
    assert event["STATUS"] == "CONFIRMED"


def test_a_cancelled_event_says_so() -> None:
    [event] = read(write_calendar([replace(ENTRY, cancelled=True)], name="x", at=NOON))

    assert event["STATUS"] == "CANCELLED"


@pytest.mark.parametrize(
    "title",
    [
        "Ä" * 120,
        "مرحبا " * 20,
        "🎭🎪 Sirkus, \\ ; kaksi\nriviä",
        "BEGIN:VEVENT\r\nUID:evil",
        "x" * 74 + "å" * 3,
    ],
)
def test_names_of_all_kinds_come_back_as_they_were(title: str) -> None:
    content = write_calendar([replace(ENTRY, title=title)], name="x", at=NOON)
    [event] = read(content)

    assert event["SUMMARY"] == title.replace("\r\n", "\n")
    assert event["UID"] == "1"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_lines_are_never_longer_than_allowed_and_break_no_character(words: str) -> None:
    content = write_calendar([replace(ENTRY, words=words)], name=words, at=NOON)

    assert content.endswith(b"\r\n")
    for line in content.split(b"\r\n"):
        assert len(line) <= LINE_MOST_BYTES
        line.decode()
    [event] = read(content)
    assert event.get("DESCRIPTION", "") == words


def test_what_no_calendar_prints_is_left_out() -> None:
    [event] = read(write_calendar([replace(ENTRY, title="a\0b\x1bc\ud800")], name="x", at=NOON))

    assert event["SUMMARY"] == "abc"
