"""Published figures as tables in the reader's language: what CSV and XLSX have in common."""

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from server.paperform.table import harmless
from server.report.published.atlas import Place
from server.report.published.dictionary import (
    DICTIONARY,
    HIDDEN_WORDS,
    LICENCE,
    LICENCE_URL,
    METHOD_PATH,
    PUBLISHED_WORDS,
    UNITS,
)
from server.report.published.edition import HIDDEN, Figures, Told, tidy
from server.report.published.place_year import PlaceYear, Row
from server.report.published.slices import family_of, part_of, part_words
from server.texts import Texts

_WIDTHS = {"told": 12, "before": 12, "county": 24, "country": 20}

Cell = str | int | float
"""Text stays text, whatever it begins with."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its name, and how wide its columns are, in letters."""

    name: str
    head: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[int]


def table_of_place(t: Texts, told: PlaceYear) -> Table:
    """Put a place's year beside what it is compared with, as far as there is such a thing."""
    columns = told.columns(t)
    rows = (
        [
            section.title,
            row.name,
            t(UNITS[row.entry.unit]),
            *(_cell(row, getattr(row, which)) for _, which in columns),
        ]
        for section in told.sections
        for row in section.rows
    )
    head = [t("Group"), t("Figure"), t("Unit"), *(name for name, _ in columns)]
    return Table(t("Figures"), head, rows, (32, 36, 18, *(_WIDTHS[which] for _, which in columns)))


def long_table(t: Texts, figures: Figures, year: str, places: Mapping[str, Place]) -> Table:
    """Put figures one below the other, each with all that is to be known of it."""
    head = [
        t("Year"), t("Place code"), t("Place"), t("Figure code"), t("Part code"), t("Figure"),
        t("Part"), t("Unit"), t("Number"),
    ]  # fmt: skip
    rows = (
        [
            one.year, one.place.code, one.place.name(t.language), one.kind, one.slice,
            t(one.entry.name), name_of_part(t, one.slice), t(UNITS[one.entry.unit]),
            HIDDEN if one.value is None else one.entry.number(one.value),
        ]
        for one in tidy(figures, year, places)
    )  # fmt: skip
    return Table(t("Rows"), head, rows, (8, 14, 32, 12, 16, 36, 28, 18, 12))


def notes_table(t: Texts, *, made_at: datetime, base_url: str) -> Table:
    """Say how the figures are made, what each means and does not mean, and who may use them."""
    about: list[Sequence[Cell]] = [
        [t("As of"), t(PUBLISHED_WORDS, day=t.local_day(made_at)), ""],
        [t("Hidden figures"), t(HIDDEN_WORDS), ""],
        [t("Method"), f"{base_url}{METHOD_PATH}", ""],
        [t("Licence"), t(LICENCE), LICENCE_URL],
        ["", "", ""],
        [t("Figure"), t("What it means"), t("What it does not mean")],
    ]
    figures = [[t(one.name), t(one.meaning), t(one.limits)] for one in DICTIONARY.values()]
    return Table(t("Notes"), [t("Notes"), "", ""], [*about, *figures], (36, 80, 80))


def csv_rows(table: Table, *, decimal: str) -> Generator[Sequence[str | int], None, None]:
    """Give the head and then the rows, of which no cell is a formula: "=1+1" is somebody's name."""
    yield table.head
    for row in table.rows:
        yield [csv_cell(cell, decimal=decimal) for cell in row]


def csv_cell(cell: Cell, *, decimal: str = ".") -> str | int:
    """Write a cell for spreadsheets, whose sign for tenths differs."""
    if isinstance(cell, float):
        return str(cell).replace(".", decimal)
    return harmless(cell) if isinstance(cell, str) else cell


def name_of_part(t: Texts, part: str) -> str:
    """Say what part of a figure a slice is."""
    return part_words(t, family_of(part), part_of(part))


def _cell(row: Row, one: Told | None) -> Cell:
    if one is None:
        return ""
    return HIDDEN if one.value is None else row.entry.number(one.value)
