"""What the holder told of their wellbeing. It is on this phone and nowhere else."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import flet as ft

from mobile_app.card.held import PRIVATE
from mobile_app.device.device import Device
from mobile_app.device.store import Record
from mobile_app.mood.mood import Mood, read_mood
from mobile_app.ui.texts import HELSINKI
from mobile_app.wellbeing.scales import SCALES, Misanswered, Scale

MOODS = f"{PRIVATE}mood/"
ANSWERS = f"{PRIVATE}answer/"
ASKED = f"{PRIVATE}asked"

ASK_EVERY = timedelta(weeks=4)
"""How long the app leaves people alone between two invitations (R28)."""

BUILT_AT = datetime(2026, 1, 1, tzinfo=UTC)
"""No right clock shows an earlier time: a phone that does has lost its clock."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers of one day to one scale."""

    at: datetime
    scale: Scale
    given: tuple[int, ...]

    @property
    def score(self) -> float:
        """Give the score by the scale's own rule."""
        return self.scale.score(self.given)

    def to_record(self) -> Record:
        """Write for the Store."""
        return {
            "at": self.at.isoformat(),
            "scale": self.scale.name,
            "given": list(self.given),
        }


@ft.observable
@dataclass
class Wellbeing:
    """One mood for each day, and the answers to scales, the oldest first.

    `invited` is true while the card's screen asks whether to tell; `clock_lost` after something
    could not be kept, because this phone does not know what day it is.
    """

    device: Device
    moods: dict[date, Mood] = field(default_factory=dict)
    answers: tuple[Answered, ...] = ()
    invited: bool = False
    clock_lost: bool = False

    async def load(self) -> None:
        """Show what the phone remembers, and nothing else."""
        store = self.device.store
        kept = [_mood_of(*pair) for pair in await store.under(MOODS)]
        self.moods = dict(one for one in kept if one is not None)
        answers = [_answers_of(record) for _, record in await store.under(ANSWERS)]
        self.answers = tuple(one for one in answers if one is not None)

    def today(self) -> date:
        """Give the day by the phone's clock."""
        return self.device.clock.now().astimezone(HELSINKI).date()

    def latest(self, scale: Scale) -> tuple[Answered | None, Answered | None]:
        """Give the last answers to a scale, and those before them."""
        found = [one for one in self.answers if one.scale is scale]
        return (found[-1] if found else None), (found[-2] if len(found) > 1 else None)

    async def tell(self, mood: Mood) -> None:
        """Keep how it feels today; a second tap of the day takes the place of the first."""
        if self._is_clock_lost():
            return
        day = self.today()
        await self.device.store.put(f"{MOODS}{day.isoformat()}", {"mood": mood})
        self.moods = {**self.moods, day: mood}

    async def answer(self, scale: Scale, given: Sequence[int]) -> bool:
        """Keep the answers to a scale; tells whether they could be kept.

        Raises:
            Misanswered: One is missing or out of range.
        """
        scale.raw(given)
        if self._is_clock_lost():
            return False
        told = Answered(self.device.clock.now(), scale, tuple(given))
        key = f"{ANSWERS}{self.today().isoformat()}-{scale.name}"
        await self.device.store.put(key, told.to_record())
        others = [one for one in self.answers if _key_of(one) != key]
        self.answers = tuple(sorted([*others, told], key=lambda one: one.at))
        return True

    async def see_whether_to_invite(self, card_id: str) -> None:
        """Invite when the card is new or renewed, and every few weeks; not by a lost clock."""
        now = self.device.clock.now()
        if now < BUILT_AT:
            return
        asked = await self.device.store.get(ASKED) or {}
        try:
            at = datetime.fromisoformat(asked["at"])
            rested = timedelta() <= now - at < ASK_EVERY
        except (KeyError, ValueError, TypeError):
            rested = False
        self.invited = asked.get("card_id") != card_id or not rested

    async def leave_alone(self, card_id: str) -> None:
        """Ask no more for a few weeks: the holder has answered, or has said no."""
        self.invited = False
        at = self.device.clock.now().isoformat()
        await self.device.store.put(ASKED, {"at": at, "card_id": card_id})

    async def wipe(self) -> None:
        """Delete all of it."""
        store = self.device.store
        kept = [pair for part in (MOODS, ANSWERS) for pair in await store.under(part)]
        await store.put_all(dict.fromkeys(key for key, _ in kept))
        self.moods, self.answers = {}, ()

    def _is_clock_lost(self) -> bool:
        self.clock_lost = self.device.clock.now() < BUILT_AT
        return self.clock_lost


def _key_of(told: Answered) -> str:
    day = told.at.astimezone(HELSINKI).date()
    return f"{ANSWERS}{day.isoformat()}-{told.scale.name}"


def _mood_of(key: str, record: Record) -> tuple[date, Mood] | None:
    mood = read_mood(record.get("mood"))
    try:
        day = date.fromisoformat(key.removeprefix(MOODS))
    except ValueError:
        return None
    return None if mood is None else (day, mood)


def _answers_of(record: Record) -> Answered | None:
    try:
        told = Answered(
            at=datetime.fromisoformat(record["at"]),
            scale=SCALES[record["scale"]],
            given=tuple(record["given"]),
        )
        told.scale.raw(told.given)
    except (KeyError, ValueError, TypeError, Misanswered):
        _log.warning("kept answers cannot be read")
        return None
    return told
