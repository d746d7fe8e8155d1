"""Writes iCalendar (RFC 5545): events for somebody's own calendar, the same on server and phone.

Only what these events need: no repetition, no alarms, and all times in UTC, which needs no zones.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

MEDIA_TYPE = "text/calendar"
LINE_MOST_BYTES = 75
"""RFC 5545 §3.1: longer lines are folded; a space begins each part but the first."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\t": " "})


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One event. Its `uid` is the same whenever it is written: a calendar then has it once."""

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    words: str = ""
    link: str | None = None
    cancelled: bool = False


def write_calendar(entries: Iterable[CalendarEntry], *, name: str, at: datetime) -> bytes:
    """Write a calendar called *name*, as it is at *at*."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Mobile Kaikukortti//Kaikukanta 1//FI",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    for entry in entries:
        lines += _event(entry, at)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _event(entry: CalendarEntry, at: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(entry.uid)}"
    yield f"DTSTAMP:{_instant(at)}"
    yield f"DTSTART:{_instant(entry.starts_at)}"
    yield f"DTEND:{_instant(entry.ends_at)}"
    yield f"SUMMARY:{_text(entry.title)}"
    if entry.place:
        yield f"LOCATION:{_text(entry.place)}"
    if entry.words:
        yield f"DESCRIPTION:{_text(entry.words)}"
    if entry.link is not None and entry.link.isascii() and entry.link.isprintable():
        yield f"URL:{entry.link}"  # an address is no text: nothing in it is escaped
    yield f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}"
    yield "END:VEVENT"


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    one_break = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNPRINTABLE.sub("", one_break).translate(_ESCAPED)


def _folded(line: str) -> bytes:
    """Break a line where it grows too long, and never inside a character."""
    parts, part = [], b""
    for character in line:
        written = character.encode()
        if len(part) + len(written) > LINE_MOST_BYTES:
            parts.append(part)
            part = b" "
        part += written
    return b"\r\n".join([*parts, part]) + b"\r\n"
