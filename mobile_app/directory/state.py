"""Where one can go: from the phone at once, from the server when it answers.

What the holder looks for and likes stays on the phone: the server gives everybody the whole list.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import flet as ft

from mobile_app.card.held import PRIVATE
from mobile_app.device.api import Refused, ServerUnreachable
from mobile_app.device.device import Device
from mobile_app.device.store import Record, StoreRefused
from mobile_app.directory.kept import heard_record, kept_directory, told_records
from mobile_app.directory.places import Place, places_of
from mobile_app.directory.suggestion import suggest, week_of
from mobile_app.visit.shelf import kept_history
from shared.directory import Directory

CHOICES = f"{PRIVATE}places"
"""The name of the record of what the holder chose about places."""

FRESH_ENOUGH = timedelta(days=7)
"""For a suggestion the list need not be newer."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the holder chose: kept until the card leaves the phone.

    `not_now` is the week in which no suggestion is wanted, `used` the card that has been used.
    """

    favourites: frozenset[str] = frozenset()
    town: str | None = None
    suggestions: bool = True
    not_now: str = ""
    used: str = ""

    def to_record(self) -> Record:
        """Write for the Store."""
        return {
            "favourites": sorted(self.favourites),
            "town": self.town,
            "suggestions": self.suggestions,
            "not_now": self.not_now,
            "used": self.used,
        }


def read_choices(record: Record | None) -> Choices:
    """Read what `Choices.to_record` wrote; what another app wrote is nothing."""
    try:
        return (
            Choices()
            if record is None
            else Choices(
                favourites=frozenset(str(name) for name in record["favourites"]),
                town=record["town"],
                suggestions=bool(record["suggestions"]),
                not_now=str(record["not_now"]),
                used=str(record["used"]),
            )
        )
    except (KeyError, TypeError):
        _log.warning("the choices about places cannot be read")
        return Choices()


@ft.observable
@dataclass
class Places:
    """Events first, then venues.

    `heard_at` is the age of what is shown; `offline` that no newer was to be had.
    """

    device: Device
    places: tuple[Place, ...] = ()
    heard_at: datetime | None = None
    complete_until: datetime | None = None
    pilots: tuple[str, ...] = ()
    busy: bool = False
    offline: bool = False
    loaded: bool = False
    choices: Choices = field(default_factory=Choices)
    suggested: Place | None = None

    def __post_init__(self) -> None:
        self._version: str | None = None

    def now(self) -> datetime:
        """Give the time by the phone's clock."""
        return self.device.clock.now()

    async def load(self) -> None:
        """Show what the phone remembers, and nothing else."""
        await self._load_choices()  # another card may have come since
        if self.loaded:
            return
        kept = await kept_directory(self.device.store)
        if kept is not None:
            self._take(*kept)
        self.loaded = True

    async def refresh(self) -> None:
        """Ask for the list; harmless at any time."""
        try:
            told = await self.device.api.directory(held=self._version)
        except (ServerUnreachable, Refused) as error:
            _log.info("the directory is not to be had: %r", error)
            self.offline = True
            return
        self.offline, self.heard_at = False, self.now()
        records = heard_record(self.heard_at)
        if told is not None:
            self._take(told, self.heard_at)
            records = told_records(told, self.heard_at)
        try:
            await self.device.store.put_all(records)
        except StoreRefused:
            _log.warning("the directory cannot be kept")

    async def ask(self) -> None:
        """Ask because somebody pressed the button."""
        self.busy = True
        try:
            await self.refresh()
        finally:
            self.busy = False

    async def choose_town(self, code: str | None) -> None:
        """Remember in which municipality places are looked for."""
        await self._choose(replace(self.choices, town=code))

    def place(self, name: str) -> Place | None:
        """Find a venue or an event."""
        return next((place for place in self.places if place.name == name), None)

    def favourites(self) -> dict[str, str]:
        """Name the favourites; one that is not listed any more has no name left."""
        named = {place.name: place.title for place in self.places}
        return {name: named.get(name, "") for name in sorted(self.choices.favourites)}

    async def toggle_favourite(self, name: str) -> None:
        """Make it a favourite, or none."""
        favourites = self.choices.favourites ^ {name}
        await self._choose(replace(self.choices, favourites=favourites))

    async def want_suggestions(self, *, wanted: bool) -> None:
        """Suggest something now and then, or nothing any more."""
        self.suggested = None
        await self._choose(replace(self.choices, suggestions=wanted))

    async def not_now(self) -> None:
        """Suggest nothing more this week."""
        self.suggested = None
        await self._choose(replace(self.choices, not_now=week_of(self.now())))

    async def see_what_to_suggest(self, card_id: str) -> None:
        """Pick this week's suggestion, if the card of this id has not been used."""
        await self._load_choices()
        self.suggested = None
        if not await self._is_wanted(card_id):
            return
        await self.load()
        if self.heard_at is None or self.now() - self.heard_at > FRESH_ENOUGH:
            await self.refresh()
        self.suggested = suggest(self.places, towns=self._towns(), now=self.now())

    async def wipe(self) -> None:
        """Forget favourites and everything chosen about places."""
        await self.device.store.put_all({CHOICES: None})
        self.choices, self.suggested = Choices(), None

    async def _is_wanted(self, card_id: str) -> bool:
        chosen = self.choices
        if (
            not chosen.suggestions
            or chosen.used == card_id
            or chosen.not_now == week_of(self.now())
        ):
            return False
        history = await kept_history(self.device.store)
        used = bool(history.rows)
        if history.heard_at is None:
            try:
                used = bool((await self.device.api.visits(limit=1)).visits)
            except (ServerUnreachable, Refused):
                return False
        if used:
            await self._choose(replace(chosen, used=card_id))
        return not used

    def _towns(self) -> Collection[str]:
        liked = {p.venue.municipality for p in self.places if p.name in self.choices.favourites}
        return liked if self.choices.town is None else {self.choices.town}

    async def _load_choices(self) -> None:
        chosen = read_choices(await self.device.store.get(CHOICES))
        if chosen != self.choices:
            self.choices = chosen

    async def _choose(self, choices: Choices) -> None:
        self.choices = choices
        await self.device.store.put(CHOICES, choices.to_record())

    def _take(self, told: Directory, heard_at: datetime) -> None:
        self._version, self.heard_at = told.version, heard_at
        self.complete_until, self.pilots = told.complete_until, tuple(told.pilots)
        self.places = places_of(told)
