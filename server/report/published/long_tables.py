"""Published figures as tables in the reader's language: what CSV and XLSX have in common."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from server.report.published.atlas import Place, PlaceKind
from server.report.published.dictionary import DICTIONARY, UNITS
from server.report.published.edition import HIDDEN, Told, tidy
from server.report.published.place_year import PlaceYear, Row
from server.report.published.slices import family_of, part_of, part_words
from server.report.service import Figures
from server.texts import N_, Texts

LICENCE = N_("Licence: CC BY 4.0. Name the source: Kaikukanta.")
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
METHOD_PATH = "/console/statistics/method"
HIDDEN_WORDS = N_(
    "Two dots (..) stand for a figure of fewer than five holders, and for others that would give"
    " one away by subtraction."
)
PUBLISHED_WORDS = N_("Published on {day}. What was recorded or undone later is not in it.")

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
    columns = [(told.year, "told", 12)]
    if told.before:
        columns.append((told.before, "before", 12))
    if told.county:
        columns.append((told.county.name(t.language), "county", 24))
    if told.place.kind is not PlaceKind.COUNTRY:
        columns.append((t("The whole country"), "country", 20))
    rows = (
        [
            section.title,
            row.name,
            t(UNITS[row.entry.unit]),
            *(_cell(row, getattr(row, which)) for _, which, _ in columns),
        ]
        for section in told.sections
        for row in section.rows
    )
    head = [t("Group"), t("Figure"), t("Unit"), *(name for name, _, _ in columns)]
    return Table(t("Figures"), head, rows, (32, 36, 18, *(width for _, _, width in columns)))


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
        for one in tidy(figures, year, places, DICTIONARY.values())
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


def write_csv(table: Table, *, decimal: str) -> bytes:
    """Write a table as spreadsheets here open it: semicolons, and a mark that it is UTF-8."""
    out = io.StringIO()
    written = csv.writer(out, delimiter=";", lineterminator="\r\n")
    written.writerow(table.head)
    written.writerows([csv_cell(cell, decimal=decimal) for cell in row] for row in table.rows)
    return out.getvalue().encode("utf-8-sig")


def csv_cell(cell: Cell, *, decimal: str = ".") -> Cell:
    """Give a cell that no spreadsheet takes for a formula: "=1+1" is somebody's name."""
    if isinstance(cell, float):
        return str(cell).replace(".", decimal)
    if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{cell}"
    return cell


def name_of_part(t: Texts, part: str) -> str:
    """Say what part of a figure a slice is."""
    return part_words(t, family_of(part), part_of(part))


def decimal_of(t: Texts) -> str:
    """Give the sign between whole numbers and tenths."""
    return t.tenths(0)[1]


def _cell(row: Row, one: Told | None) -> Cell:
    if one is None:
        return ""
    return HIDDEN if one.value is None else row.entry.number(one.value)
