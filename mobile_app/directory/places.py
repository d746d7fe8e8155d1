"""Where one can go, to look through. Pure: a directory and a time in, lists out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from mobile_app.ui.texts import HELSINKI, Language
from shared.directory import Directory, ListedEvent, ListedMunicipality, ListedVenue
from shared.scan import Category


class When(StrEnum):
    """Until when something must begin."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Place:
    """A venue, or an event at it. `name` is what a favourite is kept under."""

    name: str
    venue: ListedVenue
    town: ListedMunicipality | None
    event: ListedEvent | None = None
    languages: frozenset[str] = frozenset()
    accessibility: frozenset[str] = frozenset()
    search: str = ""

    @property
    def title(self) -> str:
        """What it is called."""
        return self.venue.name if self.event is None else self.event.name

    def categories(self) -> Sequence[Category]:
        """What visits there are for."""
        return self.venue.categories if self.event is None else [self.event.category]

    def town_name(self, language: str) -> str:
        """Name its municipality; nothing for one that is no more."""
        if self.town is None:
            return ""
        return self.town.name_sv if language == Language.SWEDISH else self.town.name_fi


@dataclass(frozen=True, slots=True)
class Sieve:
    """What somebody looks for; nothing set lets everything through."""

    words: str = ""
    town: str | None = None
    category: Category | None = None
    when: When | None = None
    language: str | None = None
    accessibility: frozenset[str] = frozenset()
    free: bool = False
    favourites: bool = False

    def is_open(self) -> bool:
        """Tell whether everything passes."""
        return self == Sieve()

    def of_events_alone(self) -> bool:
        """Tell whether it asks for what only events have."""
        return self.when is not None or self.free


def places_of(told: Directory) -> tuple[Place, ...]:
    """Give the events, the soonest first, and then the venues, by name."""
    towns = {town.code: town for town in told.municipalities}
    venues = {
        venue.venue_id: _place(str(venue.venue_id), venue, towns.get(venue.municipality), None)
        for venue in told.venues
    }
    events = [
        _place(str(event.event_id), at.venue, at.town, event)
        for event in told.events
        if (at := venues.get(event.venue_id)) is not None
    ]
    return (*events, *venues.values())


def sift(
    places: Iterable[Place], sieve: Sieve, *, favourites: frozenset[str], now: datetime
) -> list[Place]:
    """Give what passes and is not over, in the same order."""
    words = sieve.words.casefold().split()
    until = None if sieve.when is None else end_of(sieve.when, now)
    return [
        place
        for place in places
        if (place.event is None or place.event.ends_at > now)
        and (sieve.town is None or place.venue.municipality == sieve.town)
        and (sieve.category is None or sieve.category in place.categories())
        and (sieve.language is None or sieve.language in place.languages)
        and sieve.accessibility <= place.accessibility
        and (not sieve.favourites or place.name in favourites)
        and (not sieve.of_events_alone() or _may_come(place.event, sieve, until))
        and all(word in place.search for word in words)
    ]


def end_of(when: When, now: datetime) -> datetime:
    """Give the first instant after today, this week or this month, in Helsinki."""
    today = now.astimezone(HELSINKI).date()
    if when is When.TODAY:
        after = today + timedelta(days=1)
    elif when is When.WEEK:
        after = today + timedelta(days=7 - today.weekday())
    else:
        after = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return datetime.combine(after, time(), tzinfo=HELSINKI)


def _may_come(event: ListedEvent | None, sieve: Sieve, until: datetime | None) -> bool:
    if event is None:
        return False
    if sieve.free and (event.places_left == 0 or event.cancelled):
        return False
    return until is None or event.starts_at < until


def _place(
    name: str, venue: ListedVenue, town: ListedMunicipality | None, event: ListedEvent | None
) -> Place:
    words = [venue.name, venue.street]
    languages, accessibility = venue.languages, venue.accessibility
    if town is not None:
        words += [town.name_fi, town.name_sv]
    if event is not None:
        words.append(event.name)
        languages = event.languages or languages
        accessibility = [*accessibility, *event.accessibility]
    return Place(
        name=name,
        venue=venue,
        town=town,
        event=event,
        languages=frozenset(languages),
        accessibility=frozenset(accessibility),
        search="\n".join(words).casefold(),
    )
