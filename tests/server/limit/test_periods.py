"""Periods that limits count in, by the calendar of Helsinki (R19)."""

from datetime import UTC, datetime

import pytest

from server.limit.models import Period
from server.limit.periods import period_around

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)  # a Sunday


@pytest.mark.parametrize(
    ("period", "first", "after"),
    [
        (Period.DAY, (2026, 11, 21, 22), (2026, 11, 22, 22)),
        (Period.WEEK, (2026, 11, 15, 22), (2026, 11, 22, 22)),
        (Period.MONTH, (2026, 10, 31, 22), (2026, 11, 30, 22)),
        (Period.QUARTER, (2026, 9, 30, 21), (2026, 12, 31, 22)),
        (Period.YEAR, (2025, 12, 31, 22), (2026, 12, 31, 22)),
        (Period.ACADEMIC_YEAR, (2026, 7, 31, 21), (2027, 7, 31, 21)),
    ],
)
def test_a_period_has_the_edges_that_people_here_expect(period, first, after) -> None:
    assert period_around(period, NOON) == (
        datetime(*first, tzinfo=UTC), datetime(*after, tzinfo=UTC),
    )  # fmt: skip


@pytest.mark.parametrize("period", list(Period))
@pytest.mark.parametrize(
    "at",
    [
        datetime(2028, 2, 29, 21, 59, tzinfo=UTC),
        datetime(2027, 7, 31, 20, 59, tzinfo=UTC),
        datetime(2027, 7, 31, 21, 0, tzinfo=UTC),
        datetime(2026, 12, 31, 22, 0, tzinfo=UTC),
        datetime(2027, 3, 28, 0, 59, tzinfo=UTC),  # clocks go forward an hour later
    ],
)
def test_every_instant_is_in_its_period_and_the_first_after_is_in_the_next(period, at) -> None:
    first_at, after = period_around(period, at)

    assert first_at <= at < after
    if period is not Period.EVER:
        assert period_around(period, after)[0] == after
        assert period_around(period, first_at) == (first_at, after)
