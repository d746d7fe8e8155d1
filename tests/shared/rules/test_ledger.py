import pytest

from shared.rules.ledger import Door, LedgerRow, default_event, is_same_scan, shown_before
from tests.shared.cards import NOW_S

DOOR = Door(event="E1", venue="V1", device="D1")


def row(event, venue, device, *, ago_s, shown_at_s=NOW_S):
    return LedgerRow("q7Rk2-XzT0", shown_at_s, event, venue, device, NOW_S - ago_s)


@pytest.mark.parametrize(
    ("seen", "same"),
    [
        (row("E1", "V1", "D1", ago_s=0), True),
        (row("E1", "V1", "D1", ago_s=10), True),
        (row("E1", "V1", "D1", ago_s=11), False),
        (row("E1", "V1", "D1", ago_s=-1), False),
        (row("E1", "V1", "D2", ago_s=0), False),
        (row("E2", "V1", "D1", ago_s=0), False),
        (row("E1", "V1", "D1", ago_s=0, shown_at_s=NOW_S - 30), False),
        (row("E1", "V1", "D1", ago_s=0, shown_at_s=None), False),
    ],
)
def test_same_scan_is_the_same_code_here_within_ten_seconds(seen, same):
    assert is_same_scan([seen], shown_at_s=NOW_S, now_s=NOW_S, door=DOOR) is same


MOBILE_ROWS = [
    (row("E1", "V9", "D9", ago_s=99_999, shown_at_s=1), ["already_in"]),
    (row("E2", "V1", "D1", ago_s=5), ["replay"]),
    (row("E2", "V1", "D1", ago_s=5, shown_at_s=1), []),
    (row("E9", "V9", "D9", ago_s=599), ["replay", "elsewhere"]),
    (row("E9", "V9", "D9", ago_s=599, shown_at_s=1), ["elsewhere"]),
    (row("E9", "V9", "D9", ago_s=-599, shown_at_s=1), ["elsewhere"]),
    (row("E9", "V9", "D9", ago_s=600, shown_at_s=1), []),
    (row("E9", "V9", "D9", ago_s=-600, shown_at_s=1), []),
]
PAPER_ROWS = [
    (row("E2", "V1", "D1", ago_s=5, shown_at_s=None), []),
    (row("E9", "V9", "D9", ago_s=599, shown_at_s=None), ["elsewhere"]),
    (row("E9", "V9", "D9", ago_s=600, shown_at_s=None), ["paper_again"]),
    (row("E9", "V9", "D9", ago_s=86_399, shown_at_s=None), ["paper_again"]),
    (row("E9", "V9", "D9", ago_s=-86_399, shown_at_s=None), ["paper_again"]),
    (row("E9", "V9", "D9", ago_s=86_400, shown_at_s=None), []),
]


@pytest.mark.parametrize(("seen", "reasons"), MOBILE_ROWS)
def test_a_mobile_card_seen_before(seen, reasons):
    assert list(shown_before([seen], shown_at_s=NOW_S, now_s=NOW_S, door=DOOR)) == reasons


@pytest.mark.parametrize(("seen", "reasons"), PAPER_ROWS)
def test_a_paper_card_seen_before(seen, reasons):
    assert list(shown_before([seen], shown_at_s=None, now_s=NOW_S, door=DOOR)) == reasons


def test_the_event_of_a_day_changes_at_midnight_in_helsinki():
    last_s = 1_795_384_800 - 1  # 2026-11-22T21:59:59Z
    assert default_event("V1", "museum", last_s) == "V1/museum/2026-11-22"
    assert default_event("V1", "museum", last_s + 1) == "V1/museum/2026-11-23"
