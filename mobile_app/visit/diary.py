"""The diary: what the register knows and what the holder wrote, as one list to look through.

Pure: lists in, lists and numbers out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from mobile_app.ui.texts import HELSINKI
from mobile_app.visit.own import NOTHING, Note, OwnVisit
from mobile_app.visit.shelf import month_of
from shared.scan import Category
from shared.visit import HolderVisit, ToldDispute

Month = tuple[int, int]
"""Year and month."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the diary. `name` is what a note and a photo of it are kept under.

    `own` is true for a visit that the holder wrote down and the register does not know; of such a
    one only the day is known, and `at` is its noon.
    """

    name: str
    at: datetime
    month: Month
    place: str
    category: Category
    children: int = 0
    assistant: bool = False
    event: str | None = None
    undone: bool = False
    counted: bool = True
    own: bool = False
    note: Note = NOTHING
    dispute: ToldDispute | None = None
    search: str = ""


@dataclass(frozen=True, slots=True)
class Sieve:
    """What the holder looks for; nothing set lets everything through."""

    words: str = ""
    month: Month | None = None
    category: Category | None = None

    def is_open(self) -> bool:
        """Tell whether everything passes."""
        return self == Sieve()


@dataclass(frozen=True, slots=True)
class MonthSum:
    """What counted in one month."""

    month: Month
    visits: int = 0
    by_category: Mapping[Category, int] = field(default_factory=dict)


def entries_of(
    visits: Iterable[HolderVisit], own: Iterable[OwnVisit], notes: Mapping[str, Note]
) -> tuple[Entry, ...]:
    """Put both together, newest first."""
    entries = [_of_register(visit, notes) for visit in visits]
    entries += [_of_holder(visit, notes) for visit in own]
    return tuple(sorted(entries, key=lambda entry: (entry.at, entry.name), reverse=True))


def sift(entries: Sequence[Entry], sieve: Sieve) -> Sequence[Entry]:
    """Give what passes, in the same order. Words are looked for in place, event and note."""
    if sieve.is_open():
        return entries
    words = sieve.words.casefold().split()
    return [
        entry
        for entry in entries
        if (sieve.month is None or entry.month == sieve.month)
        and (sieve.category is None or entry.category == sieve.category)
        and all(word in entry.search for word in words)
    ]


def months_of(entries: Iterable[Entry]) -> list[Month]:
    """Name the months in which anything happened, newest first."""
    return list(dict.fromkeys(entry.month for entry in entries))


def count(entries: Iterable[Entry], *, year: int, month: int | None = None) -> int:
    """Count the visits of a year or of one of its months; what was undone is none."""
    return sum(
        entry.counted and entry.month[0] == year and month in (None, entry.month[1])
        for entry in entries
    )


def sums(entries: Iterable[Entry], *, until: Month, months: int) -> list[MonthSum]:
    """Sum up that many months, the last of them *until*, oldest first; empty ones are there."""
    each: dict[Month, Counter[Category]] = {}
    for entry in entries:
        if entry.counted:
            each.setdefault(entry.month, Counter())[entry.category] += 1
    wanted = [month_beside(until, n) for n in range(1 - months, 1)]
    return [_sum(month, each.get(month, Counter())) for month in wanted]


def by_day(entries: Iterable[Entry]) -> dict[date, list[Entry]]:
    """Put what counts under its day in Helsinki, in the same order."""
    days: dict[date, list[Entry]] = {}
    for entry in entries:
        if entry.counted:
            days.setdefault(entry.at.astimezone(HELSINKI).date(), []).append(entry)
    return days


def month_beside(month: Month, months: int) -> Month:
    """Give the month so many months later; earlier, if it is less than none."""
    number = month[0] * 12 + month[1] - 1 + months
    return number // 12, number % 12 + 1


def weeks_of(month: Month) -> list[list[date | None]]:
    """Give the days of a month in weeks from Monday on; what is of another month is nothing."""
    first, after = date(*month, 1), date(*month_beside(month, 1), 1)
    days: list[date | None] = [None] * first.weekday()
    days += [first + timedelta(days=n) for n in range((after - first).days)]
    days += [None] * (-len(days) % 7)
    return [days[at : at + 7] for at in range(0, len(days), 7)]


def _sum(month: Month, found: Counter[Category]) -> MonthSum:
    return MonthSum(month, found.total(), dict(found))


def _of_register(visit: HolderVisit, notes: Mapping[str, Note]) -> Entry:
    name = str(visit.visit_id)
    note = notes.get(name, NOTHING)
    return Entry(
        name=name,
        at=visit.visited_at,
        month=month_of(visit.visited_at),
        place=visit.venue_name,
        category=visit.category,
        children=visit.children,
        assistant=visit.assistant,
        event=visit.event_name,
        undone=visit.voided_at is not None,
        counted=visit.counted and visit.voided_at is None,
        note=note,
        dispute=visit.dispute,
        search=_searched(visit.venue_name, visit.event_name or "", note.text),
    )


def _of_holder(visit: OwnVisit, notes: Mapping[str, Note]) -> Entry:
    note = notes.get(visit.name, NOTHING)
    return Entry(
        name=visit.name,
        at=visit.at,
        month=(visit.day.year, visit.day.month),
        place=visit.place,
        category=visit.category,
        children=visit.children,
        own=True,
        note=note,
        search=_searched(visit.place, note.text),
    )


def _searched(*words: str) -> str:
    return "\n".join(words).casefold()
