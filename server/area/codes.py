"""The official code lists: the municipalities of Finland and the wellbeing counties they are in.

The facts of Statistics Finland's classifications of 1 January 2026 ("Kunnat", "Hyvinvointialueet"):
308 municipalities, 21 counties, and Helsinki and Åland, which belong to none and have codes of
their own among them. A new year's list takes the place of the two files beside this one, and what
merged away joins `mergers.tsv`, which begins with 2015: reports of older years go on naming it.
"""

from collections.abc import Mapping
from csv import DictReader
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from server.texts import Language


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality; its code is text: "049" keeps its zero."""

    code: str
    name_fi: str
    name_sv: str
    county_code: str

    def name(self, language: str) -> str:
        """Give its name as readers of *language* know it."""
        return self.name_sv if language == Language.SWEDISH else self.name_fi


@dataclass(frozen=True, slots=True)
class County:
    """A wellbeing county, or Helsinki or Åland."""

    code: str
    name_fi: str
    name_sv: str
    name_en: str

    def name(self, language: str) -> str:
        """Give its name as readers of *language* know it."""
        names = {Language.SWEDISH: self.name_sv, Language.ENGLISH: self.name_en}
        return names.get(Language(language), self.name_fi)


@dataclass(frozen=True, slots=True)
class Merger:
    """A municipality that is part of another one since a new year's day."""

    code: str
    name_fi: str
    into: str
    year: str


def _rows(file: str) -> list[dict[str, str]]:
    text = (Path(__file__).parent / file).read_text(encoding="utf-8")
    return list(DictReader(text.splitlines(), delimiter="\t"))


MUNICIPALITIES: Mapping[str, Municipality] = MappingProxyType(
    {row["code"]: Municipality(**row) for row in _rows("municipalities.tsv")}
)
"""By code, in the order of codes."""

COUNTIES: Mapping[str, County] = MappingProxyType(
    {row["code"]: County(**row) for row in _rows("counties.tsv")}
)
"""By code, in the order of codes."""

BY_NAME: Mapping[str, Municipality] = MappingProxyType(
    {
        name.casefold(): municipality
        for municipality in MUNICIPALITIES.values()
        for name in (municipality.name_fi, municipality.name_sv)
    }
)
"""By name in Finnish or Swedish, folded; no two municipalities share one."""

MERGERS: Mapping[str, Merger] = MappingProxyType(
    {row["code"]: Merger(**row) for row in _rows("mergers.tsv")}
)
"""By the code that is no more."""


def county_of(municipality_code: str) -> str | None:
    """Give the county of a municipality; none for one that is not in the list (any more)."""
    found = MUNICIPALITIES.get(municipality_code)
    return None if found is None else found.county_code
