"""Where the card stands at a moment, as seen from the phone: can it be shown, and what to say."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from mobile_app.card.held import HeldCard, Trouble
from shared.card import CardState as RegisterState
from shared.rules.validity import local_day

WARN_BEFORE = timedelta(days=7)
CLOCK_TOLERANCE = timedelta(seconds=60)
"""A phone whose clock errs by more is told so; doors allow 60 seconds (K1 section 10.1)."""


class Hindrance(Enum):
    """Why no QR can be shown; the gravest first. Without its key a card cannot be signed."""

    MOVED = auto()
    BLOCKED = auto()
    EXPIRED = auto()
    NOT_YET_VALID = auto()
    RUN_OUT = auto()
    KEY_LOST = auto()
    KEY_AWAY = auto()


@dataclass(frozen=True, slots=True)
class Standing:
    """What the card face says besides the card itself.

    `days_left` is set when the credential runs out within a week although the card goes on; the
    app must reach the server before. `clock_off` is set when the phone's clock is wrong.
    `clock_says` is set when nothing but a clock that cannot be believed speaks of the hindrance.
    """

    hindrance: Hindrance | None
    days_left: int | None
    clock_off: timedelta | None
    clock_says: datetime | None = None


def standing_of(
    held: HeldCard, *, now: datetime, clock_error: timedelta, clock_believed: bool
) -> Standing:
    """Judge the card by what the phone knows."""
    told = _told(held)
    hindrance = told or _dated(held, now)
    doubted = hindrance is not None and told is None and not clock_believed
    if hindrance is Hindrance.NOT_YET_VALID and held.facts.state is RegisterState.NOT_YET_VALID:
        doubted = False  # the server said so, too, when it was last heard
    left = held.until_at - now
    card_goes_on = held.facts.last_valid_on >= local_day(int(held.until_at.timestamp()))
    warn = hindrance is None and card_goes_on and left <= WARN_BEFORE
    return Standing(
        hindrance=hindrance,
        days_left=max(left.days, 0) if warn else None,
        # A correction that is in doubt itself is no reason to turn the phone's clock.
        clock_off=clock_error if abs(clock_error) > CLOCK_TOLERANCE and not doubted else None,
        clock_says=now if doubted else None,
    )


def _told(held: HeldCard) -> Hindrance | None:
    """What the server said; no clock can make it untrue."""
    if held.trouble is Trouble.MOVED:
        return Hindrance.MOVED
    closed = held.trouble in {Trouble.BLOCKED, Trouble.UNKNOWN}
    if closed or held.facts.state is RegisterState.BLOCKED:
        return Hindrance.BLOCKED
    if held.trouble is Trouble.EXPIRED or held.facts.state is RegisterState.EXPIRED:
        return Hindrance.EXPIRED
    return None


def _dated(held: HeldCard, now: datetime) -> Hindrance | None:
    """What the dates say at this moment."""
    today = local_day(int(now.timestamp()))
    if today > held.facts.last_valid_on:
        return Hindrance.EXPIRED
    if today < held.facts.first_valid_on or now < held.from_at:
        return Hindrance.NOT_YET_VALID
    if now >= held.until_at:
        return Hindrance.RUN_OUT
    return None
