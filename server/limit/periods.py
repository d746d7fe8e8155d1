"""Periods that limits count in, as spans of instants.

Source: R19.
"""

from datetime import UTC, date, datetime, time, timedelta

from server.limit.models import Period
from shared.rules.validity import HELSINKI

AUGUST = 8
_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}
_MONTHS_OF_YEAR = 12

FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def period_around(period: Period, at: datetime) -> tuple[datetime, datetime]:
    """Give the first instant of the period that *at* lies in, and the first after it.

    A week begins on Monday, an academic year on 1 August.
    """
    day = at.astimezone(HELSINKI).date()
    match period:
        case Period.EVER:
            return FIRST, LAST
        case Period.DAY:
            return _span(day, day + timedelta(days=1))
        case Period.WEEK:
            monday = day - timedelta(days=day.weekday())
            return _span(monday, monday + timedelta(days=7))
        case Period.ACADEMIC_YEAR:
            year = day.year if day.month >= AUGUST else day.year - 1
            return _span(date(year, AUGUST, 1), date(year + 1, AUGUST, 1))
        case _:
            months = _MONTHS[period]
            first = day.month - (day.month - 1) % months
            years, after = divmod(first - 1 + months, _MONTHS_OF_YEAR)
            return _span(date(day.year, first, 1), date(day.year + years, after + 1, 1))


def _span(first: date, after: date) -> tuple[datetime, datetime]:
    begins, ends = (datetime.combine(day, time.min, HELSINKI) for day in (first, after))
    return begins.astimezone(UTC), ends.astimezone(UTC)
