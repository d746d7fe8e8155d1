"""All that this phone knows of its holder, as files to take along. Pure: values in, bytes out."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from mobile_app.mood.mood import MOOD_NAMES, Mood
from mobile_app.ui.texts import HELSINKI, Texts
from mobile_app.visit.diary import Entry
from mobile_app.visit.words import CATEGORY_NAMES
from mobile_app.wellbeing.state import Answered

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of a formula, or of a new cell."""


def as_json(
    entries: Iterable[Entry],
    moods: Mapping[date, Mood],
    answers: Iterable[Answered],
    photos: Mapping[str, str],
    *,
    at: datetime,
) -> bytes:
    """Write everything, for machines and for the next app; *photos* are JPEG in base64, by name."""
    everything = {
        "written_at": at.isoformat(),
        "visits": [_entry(entry) | _photo(photos.get(entry.name)) for entry in entries],
        "moods": [{"day": day.isoformat(), "mood": int(mood)} for day, mood in moods.items()],
        "answers": [told.to_record() | {"score": told.score} for told in answers],
    }
    return json.dumps(everything, ensure_ascii=False, indent=1).encode()


def with_favourites(everything: bytes, favourites: Mapping[str, str]) -> bytes:
    """Add the favourite places, each by its id with its name, to what `as_json` wrote."""
    listed = [{"place_id": place_id, "name": name} for place_id, name in favourites.items()]
    told = json.loads(everything) | {"favourites": listed}
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def visits_as_csv(t: Texts, entries: Iterable[Entry]) -> bytes:
    """Write the visits as a table, as spreadsheets here read it: semicolons, marked as UTF-8."""
    head = [t("Day"), t("Place"), t("Event"), t("Category"), t("Children"), t("Mood"), t("Note")]
    head += [t("Own entry"), t("Undone")]
    return _table([head, *[_row(t, entry) for entry in entries]])


def wellbeing_as_csv(t: Texts, moods: Mapping[date, Mood], answers: Iterable[Answered]) -> bytes:
    """Write moods and scores as a table."""
    rows = [[day.isoformat(), t("Mood"), t(MOOD_NAMES[mood])] for day, mood in moods.items()]
    rows += [[_day(told.at), told.scale.name, f"{told.score:g}"] for told in answers]
    return _table([[t("Day"), t("What"), t("Value")], *sorted(rows)])


def harmless(cell: str) -> str:
    """Keep a spreadsheet from taking what somebody wrote for a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "visit_id": entry.name,
        "at": _day(entry.at) if entry.own else entry.at.isoformat(),
        "place": entry.place,
        "event": entry.event,
        "category": entry.category,
        "children": entry.children,
        "assistant": entry.assistant,
        "undone": entry.undone,
        "counted": entry.counted,
        "own": entry.own,
        "mood": entry.note.mood,
        "note": entry.note.text,
    }


def _photo(jpeg: str | None) -> dict[str, Any]:
    return {} if jpeg is None else {"photo": jpeg}


def _row(t: Texts, entry: Entry) -> list[str]:
    mood = entry.note.mood
    return [
        _day(entry.at),
        entry.place,
        entry.event or "",
        t(CATEGORY_NAMES[entry.category]),
        str(entry.children),
        "" if mood is None else t(MOOD_NAMES[mood]),
        entry.note.text,
        t("yes") if entry.own else "",
        t("yes") if entry.undone else "",
    ]


def _table(rows: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _day(at: datetime) -> str:
    return at.astimezone(HELSINKI).date().isoformat()
