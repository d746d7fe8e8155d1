"""A place's year beside the year before, its county and the country: what pages and papers draw."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from server.report.errors import PlaceUnknown
from server.report.models import FigureKind
from server.report.percent import growth, in_percent
from server.report.published.atlas import (
    WHOLE_COUNTRY,
    Place,
    PlaceKind,
    find_place,
    read_atlas,
    why_nothing,
)
from server.report.published.dictionary import DICTIONARY, MEANS, REACH, Entry, Unit
from server.report.published.edition import (
    HIDDEN,
    NO_FIGURE,
    Figures,
    Told,
    publication_of,
    read_figures,
    told,
)
from server.report.published.slices import family_of, in_order, part_of, part_words
from server.report.publishing.tables import METERS, WHOLE
from server.report.rollup.cells import NATION, area_scope, months_of, venue_scope
from server.report.rollup.places import read_places
from server.texts import N_, Texts

_KINDS = FigureKind


@dataclass(frozen=True, slots=True)
class Row:
    """A figure and what it is compared with; None where there is no such figure."""

    name: str
    entry: Entry
    told: Told | None
    before: Told | None
    county: Told | None
    country: Told | None

    def write(self, t: Texts, one: Told | None) -> str:
        """Write one of its figures for a reader."""
        if one is None:
            return NO_FIGURE
        return HIDDEN if one.value is None else self.entry.write(t, one.value)

    def change(self, t: Texts) -> str:
        """Say how it changed from the year before: in per cent, or in points where it is a mean."""
        now, before = (None if one is None else one.value for one in (self.told, self.before))
        if now is None or before is None:
            return NO_FIGURE
        if self.entry.unit in MEANS:
            return t.grown(now - before, t.tenths(abs(now - before)))
        if self.entry.unit is Unit.PERCENT:
            return t.grown(now - before, t("{n} pp", n=t.number(abs(now - before))))
        grown = growth(now, before)
        return NO_FIGURE if grown is None else t.grown(grown)


def _any_told(figures: Iterable[Told | None]) -> bool:
    return any(one is not None and one.value is not None for one in figures)


@dataclass(frozen=True, slots=True)
class Section:
    """Figures that are read together.

    Attributes:
        charted: They are parts of one thing, so that bars beside each other say something.
    """

    code: str
    title: str
    rows: Sequence[Row]
    charted: bool

    @property
    def tells(self) -> bool:
        """Whether any of its figures is told, of here or of others."""
        above = (one for row in self.rows for one in (row.county, row.country))
        return self.tells_here or _any_told(above)

    @property
    def tells_here(self) -> bool:
        """Whether any of its figures is told of here, in this year or the one before."""
        return _any_told(one for row in self.rows for one in (row.told, row.before))

    @property
    def entries(self) -> list[Entry]:
        """What is to be known of its figures, each once."""
        return list(dict.fromkeys(row.entry for row in self.rows))

    def has(self, column: str) -> bool:
        """Tell whether any row has something in a column: `before`, `county`, `country`."""
        return any(getattr(row, column) is not None for row in self.rows)

    @property
    def most(self) -> int:
        """The largest figure that is shown, of this year or the one before: the longest bar."""
        both = (one for row in self.rows for one in (row.told, row.before) if one is not None)
        return max((one.value for one in both if one.value is not None), default=0)


@dataclass(frozen=True, slots=True)
class PlaceYear:
    """What was published of a place in a year, beside the year before."""

    year: str
    before: str | None
    """The year before, if it is published and the place has figures in it."""
    made_at: datetime
    place: Place
    county: Place | None
    venues: Sequence[Place]
    sections: Sequence[Section]

    def columns(self, t: Texts) -> list[tuple[str, str]]:
        """Name what stands beside each other: the heading, and the figure of a row."""
        named = [(self.year, "told")]
        if self.before:
            named.append((self.before, "before"))
        if self.county:
            named.append((self.county.name(t.language), "county"))
        if self.place.kind is not PlaceKind.COUNTRY:
            named.append((t(WHOLE_COUNTRY), "country"))
        return named


_KEY = (
    (_KINDS.USES, WHOLE), (_KINDS.CARDS, WHOLE), (_KINDS.USED, WHOLE), (REACH.kind, WHOLE),
    (_KINDS.UNUSED, WHOLE), (_KINDS.HOLDERS, WHOLE),
)  # fmt: skip
_STARS = ((_KINDS.RATINGS, WHOLE), (_KINDS.STARS, WHOLE))
_PARTS = (
    (_KINDS.USES, "who"), (_KINDS.USES, "cat"), (_KINDS.USES, "month"), (_KINDS.USES, "near"),
    (_KINDS.USES, "home"), (_KINDS.USES, "venue"), (_KINDS.USES, "pace"),
    (_KINDS.HOLDERS, "often"), (_KINDS.CARDS, "first"), (_KINDS.USED, "age"),
    (_KINDS.USED, "gender"), (_KINDS.USED, "life"),
)  # fmt: skip


def place_year(db: Session, t: Texts, year: str, code: str) -> PlaceYear:
    """Read all that was published of a place in a year, in the reader's words.

    Raises:
        NotPublished, PlaceNotPublished, PlaceUnknown, PlaceMiswritten, PlaceNotInNetwork,
        PlaceMergedAway.
    """
    publication = publication_of(db, year)
    places = read_atlas(db)
    place = find_place(places, code, t.language)
    if place.kind is PlaceKind.VENUE:
        raise PlaceUnknown
    county = next((one for one in places.values() if one.code == place.within), None)
    if county is not None and county.kind is PlaceKind.COUNTRY:
        county = None
    venues = _venues_in(db, place, year, places)
    scopes = {place.scope, NATION, *(one.scope for one in venues)}
    if county is not None:
        scopes.add(county.scope)
    figures = read_figures(db, year, scopes)
    if (_KINDS.USES, place.scope, WHOLE) not in figures:
        raise why_nothing(db, place, year, t.language)
    before = str(int(year) - 1)
    compared = _Compared(t, figures, read_figures(db, before, scopes), place, county)
    has_before = (_KINDS.USES, place.scope, WHOLE) in compared.of_before
    return PlaceYear(
        year=year,
        before=before if has_before else None,
        made_at=publication.made_at,
        place=place,
        county=county,
        venues=venues,
        sections=list(_sections(compared, venues)),
    )


def _venues_in(db: Session, place: Place, year: str, places: Mapping[str, Place]) -> list[Place]:
    """Give the venues of a municipality in a year: after a merger they count in another one."""
    if place.kind is not PlaceKind.MUNICIPALITY:
        return []
    known = read_places(db)
    return [
        places[venue_scope(venue_id)]
        for venue_id, origin in known.area_of_venue.items()
        if any(area_scope(known.area_in(origin, month)) == place.scope for month in months_of(year))
    ]


@dataclass(frozen=True, slots=True)
class _Compared:
    """Where the figures of a place and of what it is compared with are looked up."""

    t: Texts
    figures: Figures
    of_before: Figures
    place: Place
    county: Place | None

    def row(self, entry: Entry, part: str, name: str, *, scope: str | None = None) -> Row:
        """Put a figure beside what it is compared with: a venue's with the year before only."""
        own = self.place.scope if scope is None else scope
        is_compared = scope is None and self.place.kind is not PlaceKind.COUNTRY
        county = self.county.scope if is_compared and self.county is not None else None
        return Row(
            name,
            entry,
            _look(self.figures, entry, own, part),
            _look(self.of_before, entry, own, self._before(part)),
            None if county is None else _look(self.figures, entry, county, part),
            _look(self.figures, entry, NATION, part) if is_compared else None,
        )

    def _before(self, part: str) -> str:
        """Name a slice as it was a year before: months are named by their year."""
        return f"{int(part[:4]) - 1}{part[4:]}" if family_of(part) == "month" else part


def _look(figures: Figures, entry: Entry, scope: str, part: str) -> Told | None:
    if entry is not REACH:
        return told(figures, entry.kind, scope, part)
    cards, used = (told(figures, kind, scope, WHOLE) for kind in (_KINDS.CARDS, _KINDS.USED))
    if cards is None or used is None or cards.value == 0:
        return None
    if cards.value is None or used.value is None:
        return Told(None)
    return Told(in_percent(used.value / cards.value))


def _sections(compared: _Compared, venues: Collection[Place]) -> Iterator[Section]:
    t = compared.t
    known: Mapping[tuple[str, str], Entry] = {**DICTIONARY, (REACH.kind, WHOLE): REACH}

    def of(code: str, title: str, keys: Collection[tuple[str, str]]) -> Iterator[Section]:
        entries = [(known[kind, part], part) for kind, part in keys]
        rows = [compared.row(entry, part, t(entry.name)) for entry, part in entries]
        rows = [row for row in rows if row.told is not None]
        if rows:
            yield Section(code, t(title), rows, charted=False)

    yield from of("key", N_("Key figures"), _KEY)
    for kind, family in _PARTS:
        entry = known[kind, family]
        rows = _venue_rows(compared, entry, venues) if family == "venue" else _rows(compared, entry)
        if rows:
            yield Section(f"{kind}-{family}", t(entry.name), rows, charted=True)
    for meter in METERS:
        keys = [(kind, meter) for kind in (_KINDS.SHARED, _KINDS.BEFORE, _KINDS.AFTER)]
        title = (
            N_("Mood of those who shared it")
            if meter == "mood"
            else N_("WHO-5 of those who shared it")
        )
        yield from of(f"wellbeing-{meter}", title, keys)
    yield from of("stars", N_("Feedback of visitors"), _STARS)
    entry = known[_KINDS.RATINGS, "stars"]
    if rows := _rows(compared, entry):
        yield Section("ratings-stars", t(entry.name), rows, charted=True)


def _rows(compared: _Compared, entry: Entry) -> list[Row]:
    scope = compared.place.scope
    parts = [
        part
        for kind, where, part in compared.figures
        if (kind, where) == (entry.kind, scope) and family_of(part) == entry.family
    ]
    rows = []
    for part in in_order(parts):
        name = part_words(compared.t, entry.family, part_of(part))
        rows.append(compared.row(entry, part, name))
    return rows


def _venue_rows(compared: _Compared, entry: Entry, venues: Collection[Place]) -> list[Row]:
    rows = [
        compared.row(entry, WHOLE, venue.name(compared.t.language), scope=venue.scope)
        for venue in venues
    ]
    rows = [row for row in rows if row.told is not None]
    return sorted(rows, key=lambda row: (-(row.told.value or 0) if row.told else 0, row.name))
