from dataclasses import replace

import pytest

from shared.rules.admission import (
    Door,
    Knowledge,
    LedgerRow,
    Reason,
    decide,
)
from shared.token.cose import GoodSignatures, settle
from shared.token.credential import CardClass
from shared.token.errors import FormCode
from shared.token.keyset import KeyRole
from tests.shared.cards import (
    DAY_S,
    DOOR,
    ISSUER_KID,
    NOW_S,
    PAPER_KID,
    judge,
    make_credential,
    make_keys,
    make_knowledge,
    make_status,
    print_paper,
    show,
)
from tests.shared.keys import OTHER_PHONE, PHONE, verify

SUB = make_credential().sub
MOBILE, PAPER = show(make_credential()), print_paper(make_credential())
REVOKED_BITS = bytes(41 // 8) + bytes([1 << 41 % 8]) + bytes(10)

KNOWLEDGE = {
    "fresh": {},
    "status old": {"status": {0: make_status(issued_at_s=NOW_S - 2 * DAY_S)}},
    "keys old": {"key_set": replace(make_knowledge().key_set, until_s=NOW_S)},
    "status unknown": {"status": {}},
    "revoked": {"status": {0: make_status(bits=REVOKED_BITS)}},
}


def row(*, event="E1", venue="V1", device="D1", at_s=NOW_S - 900, shown_at_s=None):
    return LedgerRow(SUB, shown_at_s, event, venue, device, at_s)


AGAIN = row(at_s=NOW_S - 900, shown_at_s=NOW_S - 900)
SAME_ELSEWHERE = row(event="E9", venue="V9", shown_at_s=NOW_S)
QUICKLY = row(event="E9", venue="V9", shown_at_s=NOW_S - 599, at_s=NOW_S - 599)
OK_ROW = "ok status_old keys_old status_unknown revoked"
OK_PAPER_ROW = "ok_paper status_old keys_old status_unknown revoked"

COMBINED = [
    ("first, clock good", MOBILE, [], OK_ROW),
    ("first, clock good", PAPER, [], OK_PAPER_ROW),
    (
        "clock off a little",
        show(make_credential(), shown_at_s=NOW_S - 180),
        [],
        "clock_skew clock_skew clock_skew status_unknown revoked",
    ),
    (
        "clock off by more",
        show(make_credential(), shown_at_s=NOW_S - 181),
        [],
        "old_code old_code old_code old_code revoked",
    ),
    (
        "clock ahead by more",
        show(make_credential(), shown_at_s=NOW_S + 121),
        [],
        "future_code future_code future_code future_code revoked",
    ),
    ("again", MOBILE, [AGAIN], "already_in already_in already_in already_in revoked"),
    ("again", PAPER, [AGAIN], "already_in already_in already_in already_in revoked"),
    ("same elsewhere", MOBILE, [SAME_ELSEWHERE], "replay replay replay replay revoked"),
    (
        "same elsewhere",
        PAPER,
        [SAME_ELSEWHERE],
        "paper_again paper_again paper_again status_unknown revoked",
    ),
    ("quickly", MOBILE, [QUICKLY], "elsewhere elsewhere elsewhere status_unknown revoked"),
    ("quickly", PAPER, [QUICKLY], "elsewhere elsewhere elsewhere status_unknown revoked"),
]


@pytest.mark.parametrize(("situation", "text", "rows", "reasons"), COMBINED)
def test_combined_table(situation, text, rows, reasons):
    for (name, overrides), reason in zip(KNOWLEDGE.items(), reasons.split(), strict=True):
        found = judge(text, ledger={SUB: rows}, **overrides).verdict
        assert found.reason == reason, (situation, name, found)


def test_all_reasons_are_kept_worst_first():
    text = show(make_credential(until_s=NOW_S), shown_at_s=NOW_S - 181)
    found = judge(text, ledger={SUB: [SAME_ELSEWHERE, QUICKLY]}, **KNOWLEDGE["status old"])
    assert found.verdict.reasons == (
        Reason.EXPIRED,
        Reason.OLD_CODE,
        Reason.ELSEWHERE,
        Reason.STATUS_OLD,
    )


@pytest.mark.parametrize(
    ("ago_s", "sure", "unsure"),
    [
        (-601, "future_code", "future_code"),
        (-600, "future_code", "clock_unsure"),
        (-121, "future_code", "clock_unsure"),
        (-120, "clock_skew", "clock_unsure"),
        (-31, "clock_skew", "clock_unsure"),
        (-30, "ok", "clock_unsure"),
        (60, "ok", "clock_unsure"),
        (61, "clock_skew", "clock_unsure"),
        (180, "clock_skew", "clock_unsure"),
        (181, "old_code", "clock_unsure"),
        (600, "old_code", "clock_unsure"),
        (601, "old_code", "old_code"),
    ],
)
def test_edges_of_the_phones_clock(ago_s, sure, unsure):
    text = show(make_credential(), shown_at_s=NOW_S - ago_s)
    assert judge(text).verdict.reasons == (sure,)
    assert judge(text, clock_sure=False).verdict.reasons == (unsure,)
    assert judge(PAPER, clock_sure=False).verdict.reason is Reason.OK_PAPER


def test_edges_of_a_credentials_life():
    lives = make_credential(not_before_s=NOW_S, until_s=NOW_S + 1)
    assert judge(show(lives)).verdict.reason is Reason.OK
    over = make_credential(until_s=NOW_S)
    assert judge(show(over)).verdict.reason is Reason.EXPIRED
    early = make_credential(not_before_s=NOW_S + 1)
    assert judge(show(early)).verdict.reason is Reason.NOT_YET_VALID
    assert judge(print_paper(over)).verdict.reason is Reason.EXPIRED


def keys_with(**changes):
    keys = make_keys()
    keys[ISSUER_KID] = replace(keys[ISSUER_KID], **changes)
    return {"key_set": replace(make_knowledge().key_set, keys=keys)}


def test_edges_of_an_issuer_keys_life():
    assert judge(MOBILE, **keys_with(not_before_s=NOW_S, until_s=NOW_S + 1)).verdict.reason == "ok"
    assert judge(MOBILE, **keys_with(until_s=NOW_S)).verdict.reason is Reason.KEY_RETIRED
    assert judge(MOBILE, **keys_with(not_before_s=NOW_S + 1)).verdict.reason is Reason.KEY_RETIRED


@pytest.mark.parametrize("role", [KeyRole.PAPER, KeyRole.STATUS])
def test_a_key_of_another_role_is_unknown_even_to_old_keys(role):
    stale = {"key_set": replace(keys_with(role=role)["key_set"], until_s=NOW_S)}
    for knowledge in (keys_with(role=role), stale):
        found = judge(MOBILE, **knowledge)
        assert found.verdict.reasons == (Reason.UNKNOWN_KEY,)
    paper_by_mobile = make_keys()
    paper_by_mobile[PAPER_KID] = replace(paper_by_mobile[PAPER_KID], role=KeyRole.MOBILE)
    key_set = replace(make_knowledge().key_set, keys=paper_by_mobile)
    assert judge(PAPER, key_set=key_set).verdict.reasons == (Reason.UNKNOWN_KEY,)


def test_a_key_that_is_not_here_is_unknown_only_to_fresh_keys():
    key_set = replace(make_knowledge().key_set, keys={})
    assert judge(MOBILE, key_set=key_set).verdict.reasons == (Reason.UNKNOWN_KEY,)
    newer = {0: make_status(seq=10)}
    assert judge(MOBILE, key_set=key_set, status=newer).verdict.reasons == (Reason.KEY_NOT_HERE,)
    assert judge(MOBILE, key_set=None).verdict.reasons == (Reason.KEY_NOT_HERE,)


def test_nothing_is_said_about_an_unproven_card():
    for found in (
        judge(MOBILE, key_set=None),
        judge(show(make_credential(), key=OTHER_PHONE)),
        judge("hello"),
    ):
        assert (found.proven, found.count, found.community, found.sub) == (False, 0, False, None)
    assert judge(MOBILE, key_set=None).token.credential.sub == SUB


def test_a_proven_card_says_who_may_come_along():
    found = judge(show(make_credential(card_class=CardClass.COMMUNITY, count=23)))
    assert (found.count, found.community, found.sub) == (23, True, SUB)
    assert found.verdict.reasons == (Reason.OK_COMMUNITY,)
    assert judge(print_paper(make_credential(card_class=CardClass.COMMUNITY))).community


@pytest.mark.parametrize(("behind_s", "reason"), [(300, "ok"), (301, "scanner_clock")])
def test_a_scanner_behind_signed_time_judges_nothing_else(behind_s, reason):
    for ahead in (
        {"status": {0: make_status(issued_at_s=NOW_S + behind_s)}},
        {"key_set": replace(make_knowledge().key_set, issued_at_s=NOW_S + behind_s)},
    ):
        assert judge(MOBILE, **ahead).verdict.reasons == (reason,)
    over = show(make_credential(until_s=NOW_S), shown_at_s=NOW_S)
    ahead = {"status": {7: make_status(issued_at_s=NOW_S + 301)}}
    assert judge(over, **ahead).verdict.reasons == (Reason.SCANNER_CLOCK,)


@pytest.mark.parametrize(
    ("overrides", "reason"),
    [
        ({"issued_at_s": NOW_S - DAY_S}, "ok"),
        ({"issued_at_s": NOW_S - DAY_S - 1}, "status_old"),
        ({"until_s": NOW_S + 1}, "ok"),
        ({"until_s": NOW_S}, "status_old"),
        ({"issued_at_s": NOW_S - 14 * DAY_S}, "status_old"),
        ({"issued_at_s": NOW_S - 14 * DAY_S - 1}, "status_unknown"),
        ({"issued_at_s": NOW_S - 14 * DAY_S, "bits": REVOKED_BITS}, "revoked"),
        ({"issued_at_s": NOW_S - 14 * DAY_S - 1, "bits": REVOKED_BITS}, "status_unknown"),
        ({"bits": bytes(5)}, "status_unknown"),
        ({"bits": bytes(6)}, "ok"),
    ],
)
def test_edges_of_status_lists(overrides, reason):
    for text, ok in ((MOBILE, "ok"), (PAPER, "ok_paper")):
        found = judge(text, status={0: make_status(**overrides)})
        assert found.verdict.reasons == (ok if reason == "ok" else reason,)


@pytest.mark.parametrize(
    ("issued_days_ago", "confirmed_ago_s", "seq", "fresh"),
    [
        (20, 60, 9, True),
        (20, 7 * DAY_S, 9, True),
        (20, 7 * DAY_S + 1, 9, False),
        (20, 60, 8, False),
        (7, 60, 8, True),
        (1, 60, 10, False),
        (1, 20 * DAY_S, 10, False),
        (1, 20 * DAY_S, 9, True),
    ],
)
def test_keys_are_fresh_while_confirmed(issued_days_ago, confirmed_ago_s, seq, fresh):
    knows = make_knowledge(
        key_set=replace(make_knowledge().key_set, issued_at_s=NOW_S - issued_days_ago * DAY_S),
        status={3: make_status(issued_at_s=NOW_S - confirmed_ago_s, seq=seq)},
    )
    assert knows.has_fresh_keys(NOW_S) is fresh


def test_paper_without_the_shared_ledger_is_a_question():
    assert judge(PAPER, ledger_online=False).verdict.reasons == (Reason.PAPER_OFFLINE,)
    assert judge(MOBILE, ledger_online=False).verdict.reasons == (Reason.OK,)


def test_a_door_that_knows_nothing_is_never_green():
    knows = Knowledge(None, {}, clock_sure=False, ledger={}, ledger_online=False)
    for text in (MOBILE, PAPER):
        found = settle(decide(text, now_s=NOW_S, knows=knows, door=DOOR), verify)
        assert found.verdict.reasons == (Reason.KEY_NOT_HERE,)


def test_the_wrong_form_has_its_code():
    found = judge("WIFI:S:x;;")
    assert (found.verdict.reasons, found.form) == ((Reason.NOT_A_CARD,), FormCode.PREFIX)
    assert found.token is None
    assert judge(MOBILE).form is None


def test_same_scan_leaves_ambers_out_but_not_reds():
    rows = {SUB: [row(at_s=NOW_S - 3, shown_at_s=NOW_S)]}
    amber = judge(MOBILE, ledger=rows, **KNOWLEDGE["status old"])
    assert amber.verdict.reasons == (Reason.SAME_SCAN,)
    red = judge(MOBILE, ledger=rows, **KNOWLEDGE["revoked"])
    assert red.verdict.reasons == (Reason.REVOKED,)


def test_the_cache_spares_the_issuers_signature_only():
    remembered, asked = GoodSignatures(), []

    def count(check):
        asked.append(check.point)
        return verify(check)

    for _ in range(3):
        judged = settle(
            decide(MOBILE, now_s=NOW_S, knows=make_knowledge(), door=DOOR, remembered=remembered),
            count,
        )
        assert judged.verdict.reason is Reason.OK
    assert asked.count(PHONE.point) == 3
    assert len(asked) == 4


def test_another_door_of_the_event_has_let_the_card_in():
    found = judge(MOBILE, door=Door("E1", "V1", "D2"), ledger={SUB: [row(shown_at_s=NOW_S)]})
    assert found.verdict.reasons == (Reason.ALREADY_IN,)
