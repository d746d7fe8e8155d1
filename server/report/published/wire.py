"""What the report API tells: published years, their figures, and what these mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from server.report.published.atlas import PlaceKind
from server.report.published.dictionary import Unit

Words = Mapping[str, str]
"""By language: `fi`, `sv`, `en`."""


@dataclass(frozen=True, slots=True)
class TermsOfUse:
    """Who may use the figures, and how they are made.

    Attributes:
        licence: `CC BY 4.0`: everybody who names the source.
        method: Address of a page that tells how the figures are made and protected.
    """

    licence: str
    licence_url: str
    source: str
    method: str


@dataclass(frozen=True, slots=True)
class PublishedYear:
    """A year that is published, once and for all."""

    year: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class PublishedYears:
    """All years that are published, the oldest first."""

    terms: TermsOfUse
    years: list[PublishedYear]


@dataclass(frozen=True, slots=True)
class ReportPlace:
    """A place that figures are of.

    Attributes:
        place: `fi`, `county-08`, a municipality's code `837`, or `venue-` and its id.
        within: The place that it is part of; none for the country.
    """

    place: str
    kind: PlaceKind
    name: Words
    within: str | None


@dataclass(frozen=True, slots=True)
class ReportFigure:
    """A published figure.

    Attributes:
        kind: What it counts: see the dictionary.
        slice: Which part of it: `all`, `cat:culture`, `2026-03` …
        value: In its unit: a whole number, or a mean with one decimal; none where it is hidden.
        status: `..` where the figure is hidden; none where it is told. A hidden one is not zero.
    """

    place: str
    kind: str
    slice: str
    value: int | float | None
    status: str | None


@dataclass(frozen=True, slots=True)
class ReportYear:
    """The published figures of a year, and the places that they are of."""

    year: str
    published_at: datetime
    terms: TermsOfUse
    places: list[ReportPlace]
    figures: list[ReportFigure]


@dataclass(frozen=True, slots=True)
class OpenFigure:
    """A published figure, rounded: numbers to the nearest 5, means to the nearest half."""

    year: str
    place: str
    kind: str
    slice: str
    value: int | float | None
    status: str | None


@dataclass(frozen=True, slots=True)
class OpenData:
    """All published figures of all years, rounded."""

    terms: TermsOfUse
    rounded: str
    places: list[ReportPlace]
    figures: list[OpenFigure]


@dataclass(frozen=True, slots=True)
class SliceWords:
    """A part of a figure, and what it is called."""

    slice: str
    name: Words


@dataclass(frozen=True, slots=True)
class DictionaryEntry:
    """What is to be known of a family of figures.

    Attributes:
        slices: How its slices are written; those that are the same every year are in `parts`.
        meaning: What the figure means.
        limits: What it does not mean.
    """

    kind: str
    slices: str
    unit: Unit
    name: Words
    meaning: Words
    limits: Words
    parts: list[SliceWords]


@dataclass(frozen=True, slots=True)
class DataDictionary:
    """All figures that are published, and their units."""

    terms: TermsOfUse
    units: Mapping[str, Words]
    figures: list[DictionaryEntry]
