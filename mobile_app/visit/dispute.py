"""This visit is not mine: said on the phone, kept until the server has heard it."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID, uuid4

from mobile_app.card.held import HISTORY
from mobile_app.device.api import Refused, ServerUnreachable
from mobile_app.device.device import Device
from mobile_app.device.store import Record, Store
from mobile_app.visit.diary import Entry
from shared.visit import DisputeReport

DISPUTES = f"{HISTORY}dispute/"
DISPUTED_WITHIN = timedelta(days=365)
"""The server refuses older visits: nobody at a door remembers them."""

_ALREADY_UNDONE = "disputed_visit_undone"
_FOR_GOOD = {"disputed_visit_unknown", "disputed_visit_too_old", "dispute_id_taken"}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Said:
    """A word that the server has not taken: because it has not heard it, or has refused it."""

    dispute_id: UUID
    refusal: str | None = None

    def to_record(self) -> Record:
        """Write for the Store."""
        return {"dispute_id": str(self.dispute_id), "refusal": self.refusal}

    @classmethod
    def from_record(cls, record: Record) -> Self:
        """Read what `to_record` wrote.

        Raises:
            ValueError, KeyError: It is something else.
        """
        return cls(UUID(record["dispute_id"]), record["refusal"])


def can_be_disputed(entry: Entry, *, now: datetime) -> bool:
    """Tell whether there is anything to say about a visit."""
    fresh = now - entry.at <= DISPUTED_WITHIN
    return fresh and not entry.own and not entry.undone and entry.dispute is None


async def said_so_far(store: Store) -> Mapping[str, Said]:
    """Give what waits to be heard, by the name of the visit."""
    said = {}
    for key, record in await store.under(DISPUTES):
        try:
            said[key.removeprefix(DISPUTES)] = Said.from_record(record)
        except (ValueError, KeyError, TypeError):
            _log.warning("what was said about a visit cannot be read")
    return said


async def say(store: Store, name: str) -> None:
    """Keep the word that a visit is not one's own; the same word twice is one."""
    if name not in await said_so_far(store):
        await store.put(DISPUTES + name, Said(uuid4()).to_record())


async def send_disputes(device: Device) -> bool:
    """Tell the server what it has not heard; tells whether it heard anything."""
    heard = False
    for name, said in (await said_so_far(device.store)).items():
        if said.refusal is not None:
            continue
        try:
            await device.api.dispute(DisputeReport(said.dispute_id, UUID(name)))
        except ServerUnreachable:
            return heard
        except Refused as refused:
            if refused.code in _FOR_GOOD:
                kept = Said(said.dispute_id, refused.code).to_record()
                await device.store.put(DISPUTES + name, kept)
            if refused.code != _ALREADY_UNDONE:
                continue
        await device.store.put_all({DISPUTES + name: None})
        heard = True
    return heard
