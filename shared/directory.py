"""Wire models of the public directory: where one can go with a card.

Whoever asks is told all of it, so that nobody learns who looks for what.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shared.calendar import CalendarEntry
from shared.scan import Category

LANGUAGES = ("fi", "sv", "en", "se", "uk", "ru", "et", "ar", "so", "fse")
"""Languages of service, by ISO 639; `fse` is Finnish sign language. A code never changes."""


@dataclass(frozen=True, slots=True)
class ListedMunicipality:
    """A municipality of the official list that a listed venue is in."""

    code: str
    name_fi: str
    name_sv: str


@dataclass(frozen=True, slots=True)
class ListedVenue:
    """A place that admits holders, and what it says for those who come.

    `greetings` are what to say at the door, by language. `pilot` names the area if only its cards
    are used here.
    """

    venue_id: UUID
    name: str
    categories: list[Category]
    municipality: str
    street: str = ""
    getting_there: str = ""
    greetings: dict[str, str] = field(default_factory=dict)
    website: str | None = None
    languages: list[str] = field(default_factory=list)
    accessibility: list[str] = field(default_factory=list)
    pilot: str | None = None


@dataclass(frozen=True, slots=True)
class ListedEvent:
    """Something at a listed venue. `places_left` is None where the venue takes any number."""

    event_id: UUID
    venue_id: UUID
    name: str
    category: Category
    starts_at: datetime
    ends_at: datetime
    course: bool = False
    places_left: int | None = None
    pays_cents: int = 0
    languages: list[str] = field(default_factory=list)
    accessibility: list[str] = field(default_factory=list)
    link: str | None = None
    cancelled: bool = False

    def in_calendar(self, venue: ListedVenue, town: str, *, words: str) -> CalendarEntry:
        """Give it as an entry of somebody's calendar; *words* are what to remember."""
        return CalendarEntry(
            uid=str(self.event_id),
            title=self.name,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            place=", ".join(part for part in (venue.name, venue.street, town) if part),
            words=words,
            link=self.link or venue.website,
            cancelled=self.cancelled,
        )


@dataclass(frozen=True, slots=True)
class Directory:
    """Venues by name, and their events, the soonest first.

    `complete_until` is the first instant from which events may be missing: the directory looks so
    far ahead, or had room for so many. `version` names what is said here: sent back as
    `If-None-Match` it is answered 304 until something changes. Cards of the areas in `pilots` are
    used there and nowhere else.
    """

    version: str
    server_time: datetime
    complete_until: datetime
    municipalities: list[ListedMunicipality]
    venues: list[ListedVenue]
    events: list[ListedEvent]
    pilots: list[str] = field(default_factory=list)
