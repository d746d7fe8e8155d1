from datetime import timedelta

import pytest

from shared.event import VenueEvent
from shared.ids import uuid7
from shared.scan import Category
from tests.factories import NOON

EVENT = VenueEvent(
    uuid7(unix_ms=0, random=b"0123456789"), "Hamlet", Category.CULTURE,
    NOON, NOON + timedelta(hours=2),
)  # fmt: skip


@pytest.mark.parametrize(
    ("after", "on"),
    [
        (timedelta(hours=-3, seconds=-1), False),
        (timedelta(hours=-3), True),
        (timedelta(), True),
        (timedelta(hours=5, seconds=-1), True),
        (timedelta(hours=5), False),
    ],
)
def test_doors_are_open_from_three_hours_before_to_three_after(after, on):
    assert EVENT.is_on(NOON + after) is on
