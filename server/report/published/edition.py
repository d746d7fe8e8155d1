"""Reads published figures: of a whole year, of some places, of all years. Nothing else is told."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.report.errors import NotPublished
from server.report.models import Publication, PublishedFigure
from server.report.published.atlas import Place
from server.report.published.dictionary import DICTIONARY, Entry, entry_of
from server.report.published.slices import in_order

Figures = Mapping[tuple[str, str, str], int | None]
"""What is published, by kind, scope and slice; None where it is hidden."""

HIDDEN = ".."
"""What stands for a hidden figure wherever words do; a file for machines has nothing there."""
NO_FIGURE = "\N{EN DASH}"
"""Where there is no such figure at all."""


@dataclass(frozen=True, slots=True)
class Told:
    """A published figure; None is hidden. Where there is none at all, there is no `Told`."""

    value: int | None


@dataclass(frozen=True, slots=True)
class Tidy:
    """One published figure with all that is to be known of it: a row of every long table."""

    year: str
    place: Place
    kind: str
    slice: str
    entry: Entry
    value: int | None


def published_years(db: Session) -> list[Publication]:
    """List the years that are published, the oldest first."""
    return list(db.scalars(select(Publication).order_by(Publication.year)))


def publication_of(db: Session, year: str) -> Publication:
    """Find a publication.

    Raises:
        NotPublished.
    """
    found = db.get(Publication, year)
    if found is None:
        raise NotPublished
    return found


def read_figures(db: Session, year: str, scopes: Collection[str] | None = None) -> Figures:
    """Read the published figures of a year, of all places or of those named; there may be none."""
    figure = PublishedFigure
    wanted = select(figure.kind, figure.scope, figure.slice, figure.value).where(
        figure.year == year
    )
    if scopes is not None:
        wanted = wanted.where(figure.scope.in_(scopes))
    return {(kind, scope, part): value for kind, scope, part, value in db.execute(wanted)}


def told(figures: Figures, kind: str, scope: str, part: str) -> Told | None:
    """Give a figure, hidden or not, if there is one."""
    key = kind, scope, part
    return Told(figures[key]) if key in figures else None


def tidy(figures: Figures, year: str, places: Mapping[str, Place]) -> Iterator[Tidy]:
    """Put figures in a long table: place by place, in the order of the dictionary."""
    of_scope: dict[str, dict[Entry, list[str]]] = {}
    for kind, scope, part in figures:
        entries = of_scope.setdefault(scope, {})
        entries.setdefault(entry_of(kind, scope, part), []).append(part)
    for scope, place in places.items():
        entries = of_scope.get(scope, {})
        for entry in DICTIONARY.values():
            for part in in_order(entries.get(entry, ())):
                value = figures[entry.kind, scope, part]
                yield Tidy(year, place, entry.kind, part, entry, value)
