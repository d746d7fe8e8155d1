"""A phone understands a receipt that says more than it has words for."""

import json

import pytest

from shared.rules.admission import Colour, Reason
from shared.scan import BatchReceipt, CardAnswer, ScanReceipt, ScanRefusal
from shared.wire import from_json

ID = "019ab3f0-0000-7000-8000-000000000000"
RECEIPT = {
    "scan_id": ID, "outcome": "recorded", "visit_id": None, "colour": "amber",
    "reasons": ["of_next_year", "children_changed"], "differs": True,
}  # fmt: skip


def test_a_reason_that_is_newer_than_the_phone_is_passed_over() -> None:
    read = from_json(ScanReceipt, json.dumps(RECEIPT))
    assert read.reasons == [Reason.CHILDREN_CHANGED]
    assert read.colour is Colour.AMBER


def test_it_holds_up_no_other_receipt_of_a_batch() -> None:
    others = [RECEIPT | {"reasons": ["ok"]}, {"scan_id": ID, "code": "scan_in_future"}]
    read = from_json(BatchReceipt, json.dumps({"receipts": [RECEIPT, *others]}))
    assert [type(one) for one in read.receipts] == [ScanReceipt, ScanReceipt, ScanRefusal]


def test_an_answer_about_a_card_code_is_none_when_it_is_not_understood_whole() -> None:
    answer = {"colour": "amber", "reasons": ["of_next_year"], "children": 2, "community": False}
    with pytest.raises(ValueError, match="reasons"):  # else it would look like a welcome
        from_json(CardAnswer, json.dumps(answer))
