import itertools

import pytest

from shared.rules.admission import Colour, Reason, verdict_of

TABLE = """
not_a_card unknown_key key_retired forged revoked expired not_yet_valid old_code future_code replay
code_unknown code_blocked code_expired
scanner_clock key_not_here already_in quota_full limit_reached local_only code_offline
status_unknown clock_unsure clock_skew elsewhere paper_again children_changed keys_old status_old
paper_offline unreadable
same_scan ok ok_community ok_paper ok_code
"""


def test_reasons_stand_in_the_order_of_the_table():
    assert [reason.value for reason in Reason] == TABLE.split()


def test_colours_are_red_then_amber_then_green():
    runs = [(colour, len(list(run))) for colour, run in itertools.groupby(r.colour for r in Reason)]
    assert runs == [(Colour.RED, 13), (Colour.AMBER, 17), (Colour.GREEN, 5)]
    assert [colour.severity for colour, _ in runs] == [2, 1, 0]


def test_every_pair_is_sorted_worst_first():
    for one, other in itertools.combinations(Reason, 2):
        for found in ([one, other], [other, one, other]):
            verdict = verdict_of(found, otherwise=Reason.OK)
            assert verdict.reasons == (one, other)
            assert verdict.reason is one
            assert verdict.colour is one.colour
            assert verdict.colour.severity >= other.colour.severity


@pytest.mark.parametrize("otherwise", [Reason.OK, Reason.OK_PAPER, Reason.OK_CODE])
def test_otherwise_only_when_nothing_was_found(otherwise):
    assert verdict_of([], otherwise=otherwise).reasons == (otherwise,)
    assert verdict_of([Reason.REVOKED], otherwise=otherwise).reasons == (Reason.REVOKED,)
