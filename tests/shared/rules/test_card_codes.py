import pytest

from shared.rules.admission import CodeStanding, Colour, LedgerRow, Reason, decide_card_code
from tests.shared.cards import DAY_S, DOOR, NOW_S

SUB = "code:3f2a"


def row(*, event="E1", venue="V1", at_s):
    return LedgerRow(SUB, None, event, venue, "D1", at_s)


@pytest.mark.parametrize(
    ("standing", "reason", "colour"),
    [
        (CodeStanding.KNOWN, Reason.OK_CODE, Colour.GREEN),
        (CodeStanding.UNKNOWN, Reason.CODE_UNKNOWN, Colour.RED),
        (CodeStanding.BLOCKED, Reason.CODE_BLOCKED, Colour.RED),
        (CodeStanding.OUTSIDE, Reason.CODE_EXPIRED, Colour.RED),
        (None, Reason.CODE_OFFLINE, Colour.AMBER),
    ],
)
def test_card_codes_by_the_registers_word(standing, reason, colour):
    for sub in (None, SUB):
        verdict = decide_card_code(standing, sub=sub, now_s=NOW_S, ledger={}, door=DOOR)
        assert (verdict.reasons, verdict.colour) == ((reason,), colour)


@pytest.mark.parametrize(
    ("seen", "reasons"),
    [
        (row(at_s=NOW_S - 3), ("same_scan",)),
        (row(at_s=NOW_S - 11), ("already_in",)),
        (row(event="E9", venue="V9", at_s=NOW_S - 599), ("elsewhere",)),
        (row(event="E9", venue="V9", at_s=NOW_S - 3_600), ("paper_again",)),
        (row(event="E9", venue="V9", at_s=NOW_S - DAY_S), ("ok_code",)),
        (row(event="E9", at_s=NOW_S - 60), ("ok_code",)),
    ],
)
def test_card_codes_are_joined_like_paper(seen, reasons):
    known = decide_card_code(
        CodeStanding.KNOWN, sub=SUB, now_s=NOW_S, ledger={SUB: [seen]}, door=DOOR
    )
    assert known.reasons == reasons
    blocked = decide_card_code(
        CodeStanding.BLOCKED, sub=SUB, now_s=NOW_S, ledger={SUB: [seen]}, door=DOOR
    )
    assert blocked.reason is Reason.CODE_BLOCKED
