"""Sharing wellbeing: nothing leaves the phone but what a preview has shown, and it can be stopped.

A stop that the server has not heard waits, and goes before everything else.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Self
from uuid import UUID, uuid4

import flet as ft

from mobile_app.card.held import PRIVATE
from mobile_app.device.api import Refused, ServerUnreachable
from mobile_app.device.device import Device
from mobile_app.device.store import Record
from mobile_app.mood.mood import Mood
from mobile_app.ui.texts import HELSINKI
from mobile_app.wellbeing.scales import WHO5
from mobile_app.wellbeing.state import Answered
from shared.wellbeing import MONTHS_MOST, Meter, SharedMonth, Sharing

SHARING = f"{PRIVATE}sharing/"

_STOPPED = "sharing_stopped"

_log = logging.getLogger(__name__)


class Stage(StrEnum):
    """Where a sharing stands."""

    WAITING = "waiting"
    """Agreed to, and not heard by the server yet."""
    SHARED = "shared"
    STOPPING = "stopping"
    """Taken back, and not heard by the server yet."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the holder has agreed to send of a meter, exactly as the preview showed it."""

    sharing_id: UUID
    months: tuple[SharedMonth, ...]
    stage: Stage
    at: datetime

    def to_record(self) -> Record:
        """Write for the Store."""
        return {
            "sharing_id": str(self.sharing_id),
            "months": [[one.month.isoformat(), one.points] for one in self.months],
            "stage": self.stage.value,
            "at": self.at.isoformat(),
        }

    @classmethod
    def from_record(cls, record: Record) -> Self:
        """Read what `to_record` wrote.

        Raises:
            ValueError, KeyError, TypeError: It is something else.
        """
        return cls(
            sharing_id=UUID(record["sharing_id"]),
            months=tuple(
                SharedMonth(date.fromisoformat(month), int(points))
                for month, points in record["months"]
            ),
            stage=Stage(record["stage"]),
            at=datetime.fromisoformat(record["at"]),
        )


@ft.observable
@dataclass
class Shares:
    """What is shared, by meter. `unheard` is why the server did not take the last word, if so."""

    device: Device
    agreed: Mapping[Meter, Agreed] = field(default_factory=dict)
    loaded: bool = False
    unheard: str | None = None
    offline: bool = False

    async def load(self) -> None:
        """Show what the phone remembers."""
        agreed = {}
        for key, record in await self.device.store.under(SHARING):
            try:
                agreed[Meter(key.removeprefix(SHARING))] = Agreed.from_record(record)
            except (ValueError, KeyError, TypeError):
                _log.warning("what is shared cannot be read")
        self.agreed, self.loaded = agreed, True

    def is_on(self, meter: Meter) -> bool:
        """Tell whether the holder shares a meter, heard or not."""
        agreed = self.agreed.get(meter)
        return agreed is not None and agreed.stage is not Stage.STOPPING

    async def agree(self, meter: Meter, months: Sequence[SharedMonth]) -> None:
        """Share exactly these months; they take the place of what was shared before."""
        before = self.agreed.get(meter)
        going_on = before is not None and before.stage is not Stage.STOPPING
        if before is not None and not going_on:
            await self.carry_out()
        sharing_id = before.sharing_id if before is not None and going_on else uuid4()
        now = self.device.clock.now()
        await self._keep(meter, Agreed(sharing_id, tuple(months), Stage.WAITING, now))
        await self.carry_out()

    async def stop(self, meter: Meter) -> None:
        """Take it back, also what the server has not heard yet."""
        agreed = self.agreed.get(meter)
        if agreed is not None:
            await self._keep(meter, replace(agreed, months=(), stage=Stage.STOPPING))
            await self.carry_out()

    async def carry_out(self) -> None:
        """Tell the server what it has not heard; what is taken back goes first."""
        self.unheard = None
        waiting = [pair for pair in self.agreed.items() if pair[1].stage is not Stage.SHARED]
        waiting.sort(key=lambda pair: pair[1].stage is not Stage.STOPPING)
        for meter, agreed in waiting:
            try:
                await self._tell(meter, agreed)
            except ServerUnreachable:
                self.offline = True
                return
            except Refused as refused:
                self.unheard = refused.code
                if refused.code == _STOPPED and agreed.stage is Stage.WAITING:
                    await self._keep(meter, None)  # another phone of the card took it back
        self.offline = False

    async def _tell(self, meter: Meter, agreed: Agreed) -> None:
        if agreed.stage is Stage.STOPPING:
            await self.device.api.stop_sharing(agreed.sharing_id)
            after = None
        else:
            sharing = Sharing(meter, list(agreed.months))
            await self.device.api.share(agreed.sharing_id, sharing)
            after = replace(agreed, stage=Stage.SHARED)
        if self.agreed.get(meter) == agreed:  # else the holder has decided otherwise meanwhile
            await self._keep(meter, after)

    async def _keep(self, meter: Meter, agreed: Agreed | None) -> None:
        record = None if agreed is None else agreed.to_record()
        await self.device.store.put_all({SHARING + meter.value: record})
        others = {one: kept for one, kept in self.agreed.items() if one is not meter}
        self.agreed = others if agreed is None else {**others, meter: agreed}


def months_to_share(
    meter: Meter, moods: Mapping[date, Mood], answers: Sequence[Answered]
) -> list[SharedMonth]:
    """Give the one number of each month: the mean mood as a face, or the last score."""
    found = _mood_months(moods) if meter is Meter.MOOD else _score_months(answers)
    return [SharedMonth(month, found[month]) for month in sorted(found)][-MONTHS_MOST:]


def _mood_months(moods: Mapping[date, Mood]) -> dict[date, int]:
    told: dict[date, list[Mood]] = {}
    for day, mood in moods.items():
        told.setdefault(day.replace(day=1), []).append(mood)
    return {month: round(sum(each) / len(each)) for month, each in told.items()}


def _score_months(answers: Sequence[Answered]) -> dict[date, int]:
    scores = {}
    for told in answers:  # the oldest first
        if told.scale is WHO5:
            scores[told.at.astimezone(HELSINKI).date().replace(day=1)] = round(told.score)
    return scores
