"""What the holder adds to the visits: visits of their own, notes and moods. Kept on the phone only.

A visit of one's own is never sent anywhere and is in no statistics; the screen says so.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Self
from uuid import UUID

from mobile_app.card.held import PRIVATE
from mobile_app.device.store import Record
from mobile_app.mood.mood import Mood, read_mood
from mobile_app.ui.texts import HELSINKI
from shared.scan import Category

OWN = f"{PRIVATE}visit/"
NOTES = f"{PRIVATE}note/"
PHOTOS = f"{PRIVATE}photo/"

NOTE_MOST = 2_000
"""Letters in a note: a page. More would be slow to draw in every list."""

PLACE_MOST = 80
CHILDREN_MOST = 20
FIRST_DAY = date(2014, 1, 1)
"""The card was tried out for the first time in 2014."""

_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})\.?|(\d{4})-(\d{1,2})-(\d{1,2})")


class Slip(StrEnum):
    """What is wrong with something typed; the words for it stand where it is drawn."""

    NO_PLACE = "no_place"
    LONG_PLACE = "long_place"
    NO_DAY = "no_day"
    FUTURE = "future"
    LONG_AGO = "long_ago"
    CHILDREN = "children"


@dataclass(frozen=True, slots=True)
class Note:
    """What the holder keeps with a visit. A photo has a record of its own."""

    text: str = ""
    mood: Mood | None = None
    has_photo: bool = False

    def to_record(self) -> Record:
        """Write for the Store."""
        return {"text": self.text, "mood": self.mood, "has_photo": self.has_photo}

    @classmethod
    def from_record(cls, record: Record) -> Self:
        """Read what `to_record` wrote; what it did not write is nothing."""
        text = record.get("text")
        return cls(
            text=text[:NOTE_MOST] if isinstance(text, str) else "",
            mood=read_mood(record.get("mood")),
            has_photo=record.get("has_photo") is True,
        )


NOTHING = Note()


@dataclass(frozen=True, slots=True)
class OwnVisit:
    """A visit that no venue recorded, as its holder remembers it."""

    visit_id: UUID
    day: date
    place: str
    category: Category
    children: int = 0

    @property
    def name(self) -> str:
        """What it is kept under, and its note."""
        return str(self.visit_id)

    @property
    def at(self) -> datetime:
        """Give the noon of its day: the hour is not known."""
        return datetime.combine(self.day, time(12), HELSINKI)

    def to_record(self) -> Record:
        """Write for the Store."""
        return {
            "day": self.day.isoformat(),
            "place": self.place,
            "category": self.category,
            "children": self.children,
        }

    @classmethod
    def from_record(cls, name: str, record: Record) -> Self:
        """Read what `to_record` wrote.

        Raises:
            ValueError, KeyError, TypeError: It is something else.
        """
        return cls(
            visit_id=UUID(name),
            day=date.fromisoformat(record["day"]),
            place=str(record["place"]),
            category=Category(record["category"]),
            children=int(record["children"]),
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """A visit of one's own as it was typed."""

    place: str = ""
    day: str = ""
    category: Category = Category.CULTURE
    children: str = ""


@dataclass(frozen=True, slots=True)
class Slips:
    """What to mend in a draft, for each field; nothing where it is fine."""

    place: Slip | None = None
    day: Slip | None = None
    children: Slip | None = None

    def any(self) -> bool:
        """Tell whether there is anything."""
        return self != Slips()


def check_draft(draft: Draft, *, today: date) -> Slips:
    """Find every slip at once. An empty day is today, and an empty number nobody."""
    return Slips(
        place=_place_slip(draft.place.strip()),
        day=_day_slip(read_day(draft.day, today=today), today),
        children=None if read_children(draft.children) is not None else Slip.CHILDREN,
    )


def read_day(typed: str, *, today: date) -> date | None:
    """Read a day as people here write it, 28.2.2027; nothing if it is none."""
    if not typed.strip():
        return today
    found = _DAY.fullmatch(typed.strip().replace(" ", ""))
    if found is None:
        return None
    day, month, year, iso_year, iso_month, iso_day = found.groups()
    try:
        return date(int(year or iso_year), int(month or iso_month), int(day or iso_day))
    except ValueError:
        return None


def read_children(typed: str) -> int | None:
    """Read how many children came along; nothing if that is no number of children."""
    typed = typed.strip() or "0"
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= len(str(CHILDREN_MOST))):
        return None
    return int(typed) if int(typed) <= CHILDREN_MOST else None


def _place_slip(place: str) -> Slip | None:
    if not place:
        return Slip.NO_PLACE
    return Slip.LONG_PLACE if len(place) > PLACE_MOST else None


def _day_slip(day: date | None, today: date) -> Slip | None:
    if day is None:
        return Slip.NO_DAY
    if day > today:
        return Slip.FUTURE
    return Slip.LONG_AGO if day < FIRST_DAY else None
