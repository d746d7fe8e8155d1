"""A directory made up for tests, and a server that tells of it."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from mobile_app.device.api import Api, ServerUnreachable
from mobile_app.directory.state import Places
from shared.directory import Directory, ListedEvent, ListedMunicipality, ListedVenue
from shared.scan import Category
from tests.factories import NOON
from tests.mobile_app.phones import HolderPhone

TAMPERE = ListedMunicipality("837", "Tampere", "Tammerfors")
HELSINKI = ListedMunicipality("091", "Helsinki", "Helsingfors")


def venue(number: int = 1, **over) -> ListedVenue:
    given = {
        "venue_id": UUID(int=number),
        "name": f"Teatteri {number}",
        "categories": [Category.CULTURE],
        "municipality": "837",
    }
    return ListedVenue(**(given | over))


def event(number: int = 101, *, hours: float = 5, **over) -> ListedEvent:
    starts_at = NOON + timedelta(hours=hours)
    given = {
        "event_id": UUID(int=number),
        "venue_id": UUID(int=1),
        "name": f"Konsertti {number}",
        "category": Category.CULTURE,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
    }
    return ListedEvent(**(given | over))


def directory(*events: ListedEvent, venues: list[ListedVenue] | None = None, **over) -> Directory:
    given = {
        "version": "1",
        "server_time": NOON,
        "complete_until": NOON + timedelta(days=90),
        "municipalities": [TAMPERE, HELSINKI],
        "venues": [venue()] if venues is None else venues,
        "events": list(events),
    }
    return Directory(**(given | over))


class ToldApi(Api):
    """Answers with one directory; everything else as it is."""

    def __init__(self, holder: HolderPhone, told: Directory) -> None:
        super().__init__(holder.network, holder.clock)
        self._network = holder.network
        self.told = told
        self.held: list[str | None] = []

    async def directory(self, *, held: str | None) -> Directory | None:
        if self._network.down:
            raise ServerUnreachable
        self.held.append(held)
        return None if held == self.told.version else self.told


def told_to(phone: HolderPhone, told: Directory) -> ToldApi:
    api = ToldApi(phone, told)
    phone.device = replace(phone.device, api=api)
    return api


async def loaded(phone: HolderPhone) -> Places:
    """Open the places as a new start of the app does."""
    places = Places(phone.device)
    await places.load()
    return places
