"""One suggestion a week for a card that has not been used. Pure; decided on the phone alone."""

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from mobile_app.directory.places import Place
from mobile_app.ui.texts import HELSINKI

WITHIN = timedelta(days=14)


def week_of(now: datetime) -> str:
    """Name the week, as calendars here number it: 2026-W47."""
    year, week, _ = now.astimezone(HELSINKI).isocalendar()
    return f"{year}-W{week:02}"


def suggest(places: Iterable[Place], *, towns: Collection[str], now: datetime) -> Place | None:
    """Pick one event of the next two weeks, or one venue where there is none.

    The same all week, whatever else is added; in one of *towns* if anything is.
    """
    week = week_of(now)

    def lot(place: Place) -> bytes:
        return hashlib.sha256(f"{week} {place.name}".encode()).digest()

    found = list(places)
    events = [place for place in found if _is_worth_it(place, now)]
    venues = [place for place in found if place.event is None]
    for choice in (events, venues):
        near = [place for place in choice if place.venue.municipality in towns]
        if near or choice:
            return min(near or choice, key=lot)
    return None


def _is_worth_it(place: Place, now: datetime) -> bool:
    event = place.event
    return (
        event is not None
        and now < event.starts_at < now + WITHIN
        and event.places_left != 0
        and not event.pays_cents
        and not event.cancelled
    )
