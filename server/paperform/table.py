"""Read visits that were written on paper: typed rows, or a table as spreadsheets write it.

A table is text: UTF-8 or, as older programs write it, Windows-1252; columns parted by `;`, `,` or
tabs; the first line names the columns, in Finnish, Swedish or English, in any order.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from server.paperform.errors import (
    MalformedCardCode,
    MalformedCategory,
    MalformedDay,
    MalformedNumber,
    MalformedTime,
    TableEmpty,
    TableTooLong,
    TableUnreadable,
)
from server.problems import Problem
from shared.rules.validity import HELSINKI
from shared.scan import Category
from shared.token.codes import read_card_code
from shared.token.errors import TokenError

LINES_MOST = 50_000
BYTES_MOST = 8 * 1024 * 1024
"""More than 50,000 lines take, and no more than a process may hold at once."""
COLUMNS: Mapping[str, Sequence[str]] = {
    "day": ("päivä", "pvm", "päivämäärä", "dag", "datum", "day", "date"),
    "time": ("kello", "klo", "aika", "klockan", "kl", "tid", "time"),
    "code": (
        "kortti",
        "kortin koodi",
        "koodi",
        "kort",
        "kortkod",
        "kod",
        "card",
        "card code",
        "code",
    ),
    "children": ("lapset", "lapsia", "barn", "children"),
    "assistant": ("avustaja", "assistent", "assistant"),
    "category": ("luokka", "kategoria", "kategori", "category"),
}
_CATEGORIES: Mapping[str, Category] = {
    "kulttuuri": Category.CULTURE, "kultur": Category.CULTURE, "culture": Category.CULTURE,
    "koulutus": Category.EDUCATION, "utbildning": Category.EDUCATION,
    "education": Category.EDUCATION,
    "tiede": Category.SCIENCE, "vetenskap": Category.SCIENCE, "science": Category.SCIENCE,
    "liikunta": Category.SPORT, "urheilu": Category.SPORT, "idrott": Category.SPORT,
    "motion": Category.SPORT, "sport": Category.SPORT,
}  # fmt: skip
_NO = {"", "0", "-", "–", "ei", "nej", "no"}  # noqa: RUF001 - what people write for nothing
_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})|([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(r"([0-9]{1,2})[.:]([0-9]{2})")
_NOON = time(12, 0)
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class PaperVisit:
    """A visit that a line tells of; whether a card has the code, the register knows."""

    code: str
    visited_at: datetime
    category: Category
    children: int
    assistant: bool


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line: as it was written, and what it means or why it means nothing."""

    number: int
    """As people count: the first line under the heading is 1."""
    written: Mapping[str, str]
    means: PaperVisit | Problem


def read_table(content: bytes, *, own: Sequence[str], now: datetime) -> Iterator[PaperLine]:
    """Read a table of visits; *own* are the venue's categories. Empty lines are passed over.

    Raises:
        TableUnreadable.
    """
    rows = _rows(_text_of(content))
    heading = [word.strip().lower() for word in next(rows, [])]
    places = {
        name: heading.index(found)
        for name, words in COLUMNS.items()
        for found in (next((w for w in words if w in heading), None),)
        if found is not None
    }
    if heading and not {"day", "code"} <= places.keys():
        raise TableUnreadable
    return read_rows(
        (
            {name: row[at].strip() if at < len(row) else "" for name, at in places.items()}
            for row in rows
        ),
        own=own,
        now=now,
    )


def read_rows(
    rows: Iterable[Mapping[str, str]], *, own: Sequence[str], now: datetime
) -> Iterator[PaperLine]:
    """Read rows that name their cells; those with neither day nor code are passed over."""
    for number, row in enumerate(rows, start=1):
        written = {name: _plain(row.get(name, ""))[:80] for name in COLUMNS}
        if written["day"] or written["code"]:
            yield PaperLine(number, written, read_line(written, own=own, now=now))


def count_lines(content: bytes) -> int:
    """Count the lines of a table, so that it can be refused before it is read.

    Raises:
        TableEmpty, TableTooLong.
    """
    if len(content) > BYTES_MOST:
        raise TableTooLong
    rows = sum(1 for _ in _rows(_text_of(content))) - 1
    if rows < 1:
        raise TableEmpty
    if rows > LINES_MOST:
        raise TableTooLong
    return rows


def write_table(lines: Iterable[tuple[Mapping[str, str], str]], *, remarks: str) -> str:
    """Write lines as a table again, each with a remark: the last column, named *remarks*.

    No cell is a formula to the program that opens it, whatever was written there.
    """
    table = io.StringIO()
    writer = csv.writer(table, delimiter=";", lineterminator="\r\n")
    writer.writerow([*(words[0] for words in COLUMNS.values()), remarks])
    for written, remark in lines:
        writer.writerow([harmless(cell) for cell in (*(written[n] for n in COLUMNS), remark)])
    return table.getvalue()


def harmless(cell: str) -> str:
    """Write a cell so that it is no formula to the program that opens the table."""
    return f"'{cell}" if len(cell) > 1 and cell[0] in _BEGINS_FORMULA else cell


def _plain(cell: str) -> str:
    """Take off again what `harmless` put before a cell."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _BEGINS_FORMULA else cell


def read_line(
    written: Mapping[str, str], *, own: Sequence[str], now: datetime
) -> PaperVisit | Problem:
    """Give what a line means, or why it means nothing."""
    try:
        return PaperVisit(
            code=_read_code(written["code"]),
            visited_at=_read_moment(written["day"], written["time"], now=now),
            category=_read_category(written["category"], own),
            children=_read_children(written["children"]),
            assistant=written["assistant"].lower() not in _NO,
        )
    except Problem as problem:
        return problem


def _read_code(written: str) -> str:
    try:
        return read_card_code(written)
    except TokenError:
        raise MalformedCardCode from None


def _read_moment(day: str, clock: str, *, now: datetime) -> datetime:
    """Give the instant; without a time it is noon, or now if noon is still to come."""
    on = read_day(day)
    if clock:
        found = _TIME.fullmatch(clock)
        if found is None or int(found[1]) > 23 or int(found[2]) > 59:  # noqa: PLR2004 - a clock
            raise MalformedTime
        return datetime.combine(on, time(int(found[1]), int(found[2])), HELSINKI)
    noon = datetime.combine(on, _NOON, HELSINKI)
    return now if on == now.astimezone(HELSINKI).date() and now < noon else noon


def read_day(written: str) -> date:
    """Read a day written as 28.2.2027 or as 2027-02-28.

    Raises:
        MalformedDay.
    """
    found = _DAY.fullmatch(written)
    if found is None:
        raise MalformedDay
    numbers = [int(one) for one in found.groups() if one is not None]
    year, month, day = numbers if found[4] else reversed(numbers)
    try:
        on = date(year, month, day)
    except ValueError:
        raise MalformedDay from None
    if not 2000 <= on.year <= 2999:  # noqa: PLR2004 - years of visits
        raise MalformedDay
    return on


def _read_category(written: str, own: Sequence[str]) -> Category:
    if not written and len(own) == 1:
        return Category(own[0])
    category = _CATEGORIES.get(written.lower())
    if category is None or category not in own:
        raise MalformedCategory
    return category


def _read_children(written: str) -> int:
    if written.lower() in _NO:
        return 0
    if not re.fullmatch(r"[0-9]{1,4}", written, re.ASCII):
        raise MalformedNumber
    return int(written)


def _text_of(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _rows(text: str) -> Iterator[list[str]]:
    first = text.split("\n", 1)[0]
    delimiter = max(";\t,", key=first.count)
    try:
        yield from (row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(row))
    except csv.Error:
        raise TableUnreadable from None
