from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.rules.validity import (
    HELSINKI,
    credential_not_before_s,
    credential_until_s,
    day_begins_s,
    is_old_enough,
    last_valid_day,
    local_day,
)

DAYS = st.dates(date(2021, 1, 1), date(2100, 1, 1))
INSTANTS = st.integers(1_600_000_000, 4_294_967_295)


def utc_s(*fields):
    return int(datetime(*fields, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(("birth_year", "old_enough"), [(2009, True), (2010, True), (2011, False)])
def test_sixteen_in_the_year_of_the_grant(birth_year, old_enough):
    assert is_old_enough(birth_year=birth_year, granted_on=date(2026, 1, 1)) is old_enough


@pytest.mark.parametrize(
    ("granted_on", "last"),
    [
        (date(2026, 3, 1), date(2027, 2, 28)),
        (date(2027, 3, 1), date(2028, 2, 29)),
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2028, 2, 28), date(2029, 2, 27)),
        (date(2027, 2, 28), date(2028, 2, 27)),
        (date(2026, 1, 1), date(2026, 12, 31)),
        (date(2026, 12, 31), date(2027, 12, 30)),
    ],
)
def test_one_year_the_day_of_grant_counted_in(granted_on, last):
    assert last_valid_day(granted_on) == last


@given(DAYS)
def test_a_card_holds_364_or_365_days_after_the_day_of_grant(granted_on):
    assert last_valid_day(granted_on) - granted_on in {timedelta(364), timedelta(365)}


@pytest.mark.parametrize(
    ("day", "instant_s"),
    [
        (date(2026, 11, 20), utc_s(2026, 11, 19, 22)),
        (date(2026, 7, 1), utc_s(2026, 6, 30, 21)),
        (date(2026, 3, 29), utc_s(2026, 3, 28, 22)),
        (date(2026, 3, 30), utc_s(2026, 3, 29, 21)),
        (date(2026, 10, 26), utc_s(2026, 10, 25, 22)),
    ],
)
def test_days_begin_at_midnight_in_helsinki(day, instant_s):
    assert day_begins_s(day) == instant_s
    assert local_day(instant_s) == day
    assert local_day(instant_s - 1) == day - timedelta(1)


@given(DAYS)
def test_the_last_second_of_a_day_is_still_that_day(day):
    assert local_day(day_begins_s(day + timedelta(1)) - 1) == day


FAR = date(2100, 1, 1)


@pytest.mark.parametrize(
    ("issued_at_s", "until_on"),
    [
        (utc_s(2026, 11, 22, 10), date(2026, 12, 28)),
        (day_begins_s(date(2026, 11, 22)), date(2026, 12, 28)),
        (day_begins_s(date(2026, 11, 22)) - 1, date(2026, 12, 27)),
        (utc_s(2026, 10, 20, 21, 30), date(2026, 11, 26)),
    ],
)
def test_a_credential_ends_at_the_first_midnight_plus_35_days(issued_at_s, until_on):
    found = credential_until_s(card_last_valid_on=FAR, issued_at_s=issued_at_s)
    assert found == day_begins_s(until_on)


def test_a_credential_ends_with_its_card():
    found = credential_until_s(
        card_last_valid_on=date(2026, 11, 30), issued_at_s=utc_s(2026, 11, 22, 10)
    )
    assert found == day_begins_s(date(2026, 12, 1))


@given(INSTANTS)
def test_a_credential_holds_28_days_for_a_phone_that_renews_weekly_and_40_at_most(issued_at_s):
    begins_s = credential_not_before_s(
        card_first_valid_on=date(2020, 1, 1), issued_at_s=issued_at_s
    )
    until_s = credential_until_s(card_last_valid_on=FAR + timedelta(9999), issued_at_s=issued_at_s)
    assert begins_s <= issued_at_s
    assert until_s - issued_at_s >= 35 * 86_400 - 3_600
    assert until_s - begins_s <= 40 * 86_400


def test_a_credential_begins_with_its_day_or_its_card():
    issued_at_s = utc_s(2026, 11, 22, 10)
    for first, begins in (
        (date(2026, 1, 1), date(2026, 11, 22)),
        (date(2026, 11, 25), date(2026, 11, 25)),
    ):
        found = credential_not_before_s(card_first_valid_on=first, issued_at_s=issued_at_s)
        assert found == day_begins_s(begins)
        assert datetime.fromtimestamp(found, HELSINKI).hour == 0
