"""Days and their edges: who may have a card, and how long a card and a credential hold.

Days are calendar days in Europe/Helsinki, instants are NumericDate seconds.

Source: R1, R5; K1 §2.4, §3.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HELSINKI = ZoneInfo("Europe/Helsinki")
HOLDER_AGE_LEAST = 16
CREDENTIAL_LIFE_DAYS = 35
"""A phone without network works at least 28 days: it renews what is older than 7."""

_FEBRUARY = 2
_LEAP_DAY = 29
_ONE_DAY = timedelta(days=1)


def is_old_enough(*, birth_year: int, granted_on: date) -> bool:
    """Whether the holder is 16 or turns 16 in the year of the grant (R1)."""
    return granted_on.year - birth_year >= HOLDER_AGE_LEAST


def last_valid_day(granted_on: date) -> date:
    """One year, the day of grant counted in (R5): 1 March 2026 gives 28 February 2027.

    A card granted on 29 February ends on 28 February, as if granted a day later.
    """
    if (granted_on.month, granted_on.day) == (_FEBRUARY, _LEAP_DAY):
        return date(granted_on.year + 1, _FEBRUARY, 28)
    return granted_on.replace(year=granted_on.year + 1) - _ONE_DAY


def day_begins_s(day: date) -> int:
    """The midnight in Europe/Helsinki that begins *day*; clocks never change at midnight there."""
    return int(datetime.combine(day, time.min, HELSINKI).timestamp())


def local_day(at_s: int) -> date:
    """The day in Europe/Helsinki at this instant."""
    return datetime.fromtimestamp(at_s, HELSINKI).date()


def credential_not_before_s(*, card_first_valid_on: date, issued_at_s: int) -> int:
    """`nbf` of a mobile credential: the midnight that began today, or will begin the card.

    Never the exact moment of issue (K1 §2.4).
    """
    return day_begins_s(max(card_first_valid_on, local_day(issued_at_s)))


def credential_until_s(*, card_last_valid_on: date, issued_at_s: int) -> int:
    """`exp` of a mobile credential (K1 §3).

    The earlier of the card's end and the first midnight after the issue plus 35 calendar days.
    """
    lives_until = local_day(issued_at_s) + _ONE_DAY + timedelta(days=CREDENTIAL_LIFE_DAYS)
    return day_begins_s(min(card_last_valid_on + _ONE_DAY, lives_until))
