"""What the report API tells, made of published figures and of nothing else."""

import csv
import io
from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from server.report.published.atlas import Place, find_place, read_atlas, why_nothing
from server.report.published.dictionary import (
    BY_METER,
    DICTIONARY,
    LICENCE_URL,
    METHOD_PATH,
    UNITS,
    Entry,
)
from server.report.published.edition import (
    HIDDEN,
    Tidy,
    publication_of,
    published_years,
    read_figures,
    tidy,
)
from server.report.published.long_tables import csv_cell
from server.report.published.slices import PARTS, family_of, part_words
from server.report.published.wire import (
    DataDictionary,
    DictionaryEntry,
    OpenData,
    OpenFigure,
    PublishedYear,
    PublishedYears,
    ReportFigure,
    ReportPlace,
    ReportYear,
    SliceWords,
    TermsOfUse,
    Words,
)
from server.texts import Language, Texts

NEAREST = 5
ROUNDED = "Counts to the nearest 5, means to the nearest half."
_LANGUAGES = (Language.FINNISH, Language.SWEDISH, Language.ENGLISH)
_WRITTEN = {
    "month": "<year>-<month>",
    "home": "home:<county>, home:none, home:untold",
}


def terms_of_use(base_url: str) -> TermsOfUse:
    """Say who may use the figures, and where to read how they are made."""
    return TermsOfUse("CC BY 4.0", LICENCE_URL, "Kaikukanta", f"{base_url}{METHOD_PATH}")


def tell_years(db: Session, *, base_url: str) -> PublishedYears:
    """Name the years that are published."""
    years = [PublishedYear(one.year, one.made_at) for one in published_years(db)]
    return PublishedYears(terms_of_use(base_url), years)


def tell_year(db: Session, year: str, code: str | None, *, base_url: str) -> ReportYear:
    """Tell all figures of a year, or those of one place.

    Raises:
        NotPublished, PlaceNotPublished, PlaceUnknown, PlaceMiswritten, PlaceNotInNetwork,
        PlaceMergedAway.
    """
    publication = publication_of(db, year)
    places = read_atlas(db)
    place = None if code is None else find_place(places, code, Language.FINNISH)
    if place is not None:
        places = {place.scope: place}
    figures = read_figures(db, year, None if place is None else places)
    if place is not None and not figures:
        raise why_nothing(db, place, year, Language.FINNISH)
    rows = tidy(figures, year, places)
    return ReportYear(
        year,
        publication.made_at,
        terms_of_use(base_url),
        _told_places(places, {scope for _, scope, _ in figures}),
        [ReportFigure(one.place.code, one.kind, one.slice, *_told(one)) for one in rows],
    )


def tell_open_data(db: Session, *, base_url: str) -> OpenData:
    """Tell all figures of all years, rounded."""
    places = read_atlas(db)
    rows = list(_open_rows(db, places))
    return OpenData(
        terms_of_use(base_url),
        ROUNDED,
        _told_places(places, {one.place.scope for one in rows}),
        [
            OpenFigure(one.year, one.place.code, one.kind, one.slice, *_told(one, NEAREST))
            for one in rows
        ],
    )


def write_open_data(db: Session) -> str:
    """Write the same as a table for machines: commas, and points in means."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(
        ["year", "place", "place_fi", "place_sv", "kind_of_place", "kind", "slice", "unit", "value"]
    )
    for one in _open_rows(db, read_atlas(db)):
        value, status = _told(one, NEAREST)
        names = (csv_cell(one.place.name(language)) for language in _LANGUAGES[:2])
        place = one.place.code, *names, one.place.kind
        figure = one.kind, one.slice, one.entry.unit, status or value
        table.writerow([one.year, *place, *figure])
    return out.getvalue()


def tell_dictionary(*, base_url: str) -> DataDictionary:
    """Tell what every figure is called, means and does not mean."""
    return DataDictionary(
        terms_of_use(base_url),
        {unit.value: _words(words) for unit, words in UNITS.items()},
        [
            DictionaryEntry(
                entry.kind, _slices(entry), entry.unit, _words(entry.name), _words(entry.meaning),
                _words(entry.limits), list(_parts(entry)),
            )
            for entry in DICTIONARY.values()
        ],
    )  # fmt: skip


def _open_rows(db: Session, places: Mapping[str, Place]) -> Iterable[Tidy]:
    for publication in published_years(db):
        figures = read_figures(db, publication.year)
        yield from tidy(figures, publication.year, places)


def _told(one: Tidy, nearest: int = 1) -> tuple[int | float | None, str | None]:
    """Give value and status; one of them is nothing."""
    if one.value is None:
        return None, HIDDEN
    return one.entry.number(nearest * ((2 * one.value + nearest) // (2 * nearest))), None


def _told_places(places: Mapping[str, Place], scopes: set[str]) -> list[ReportPlace]:
    return [
        ReportPlace(
            place.code,
            place.kind,
            {language.value: place.name(language) for language in _LANGUAGES},
            place.within,
        )
        for scope, place in places.items()
        if scope in scopes
    ]


def _words(msgid: str) -> Words:
    return {language.value: Texts(language)(msgid) for language in _LANGUAGES}


def _slices(entry: Entry) -> str:
    if entry.kind in BY_METER:
        return entry.family
    if entry.family in _WRITTEN:
        return _WRITTEN[entry.family]
    return ", ".join(one.slice for one in _parts(entry))


def _parts(entry: Entry) -> Iterable[SliceWords]:
    family = (
        "meter" if entry.kind in BY_METER else "all" if entry.family == "venue" else entry.family
    )
    for part in PARTS.get(family, ()):
        if family == "meter" and part != entry.family:
            continue
        names = {one.value: part_words(Texts(one), family, part) for one in _LANGUAGES}
        written = part if family_of(part) == family else f"{family}:{part}"
        yield SliceWords(written, names)
