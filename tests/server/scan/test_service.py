from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.card.desk import block_card
from server.demo.phone import Phone
from server.scan.errors import (
    CategoryNotHere,
    NegativeChildrenReported,
    Resting,
    ScanIdTaken,
    ScanInFuture,
    TooManyChildrenReported,
)
from server.scan.models import Scan
from server.scan.service import answer_card, record_batch, record_scan
from server.visit.models import Visit
from server.voiding.service import void_visit
from shared.rules.admission import Colour, Reason
from shared.scan import CardQuestion, Category, ScanOutcome, ScanReceipt, ScanReport
from tests.factories import NOON, HolderPhone, make_report, make_scanner, make_venue


@pytest.fixture
def record(db: Session, ring, settings, clock):
    def act(scanner, report: ScanReport) -> ScanReceipt:
        return record_scan(db, scanner, report, ring=ring, settings=settings, now=clock.now)

    return act


@pytest.fixture
def phone(db: Session, ring, settings) -> HolderPhone:
    return HolderPhone(db, ring=ring, settings=settings)


def count(db: Session, table: type) -> int:
    return db.scalar(select(func.count()).select_from(table)) or 0


def test_an_admitted_scan_is_a_visit(db, record, phone) -> None:
    receipt = record(make_scanner(db), make_report(phone.show(), children=2, assistant=True))

    visit = db.get_one(Visit, receipt.visit_id)
    assert receipt.outcome is ScanOutcome.RECORDED
    assert receipt.reasons == [Reason.OK]
    assert (visit.children, visit.assistant, visit.again) == (2, True, False)
    assert visit.holder_id == phone.card.holder_id
    assert visit.visited_at == NOON + timedelta(seconds=5)


def test_the_same_report_twice_is_one_visit(db, record, phone) -> None:
    scanner, report = make_scanner(db), make_report(phone.show())

    first, second = record(scanner, report), record(scanner, report)

    assert second.outcome is ScanOutcome.ALREADY_RECORDED
    assert second.visit_id == first.visit_id
    assert (count(db, Scan), count(db, Visit)) == (1, 1)


def test_an_id_that_another_scanner_used_is_refused_and_tells_nothing(db, record, phone) -> None:
    report = make_report(phone.show())
    record(make_scanner(db), report)

    with pytest.raises(ScanIdTaken):
        record(make_scanner(db), report)


def test_a_scan_that_staff_did_not_admit_is_kept_and_is_no_visit(db, record, phone) -> None:
    receipt = record(make_scanner(db), make_report(phone.show(), admitted=False))

    assert receipt.outcome is ScanOutcome.NO_VISIT
    assert (count(db, Scan), count(db, Visit)) == (1, 0)


def test_a_strangers_code_is_kept_without_its_text(db, record) -> None:
    receipt = record(
        make_scanner(db), make_report(None, admitted=False, reasons=[Reason.NOT_A_CARD])
    )

    assert receipt.reasons == [Reason.NOT_A_CARD]
    assert db.get_one(Scan, receipt.scan_id).sub is None


def test_staff_cannot_make_a_visit_of_something_that_was_not_signed(db, record, phone) -> None:
    forged = Phone().present(phone.credential, now=NOON)

    receipt = record(make_scanner(db), make_report(forged))

    assert (receipt.outcome, receipt.colour) == (ScanOutcome.NO_VISIT, Colour.RED)
    assert receipt.reasons == [Reason.FORGED]
    assert receipt.differs
    assert count(db, Visit) == 0


def test_a_card_blocked_before_the_scan_is_kept_as_a_visit_and_flagged(db, record, phone) -> None:
    block_card(db, phone.card, now=NOON - timedelta(minutes=5))

    receipt = record(make_scanner(db), make_report(phone.show()))

    assert receipt.outcome is ScanOutcome.RECORDED  # it was admitted: what happened is not denied
    assert (receipt.colour, receipt.reasons[0]) == (Colour.RED, Reason.REVOKED)
    assert receipt.differs


def test_a_card_blocked_after_the_scan_was_fine_at_the_door(db, record, phone, clock) -> None:
    text = phone.show()
    block_card(db, phone.card, now=NOON + timedelta(hours=1))
    clock.advance(hours=2)

    assert record(make_scanner(db), make_report(text)).reasons == [Reason.OK]


def test_a_screenshot_is_an_old_code(db, record, phone) -> None:
    later = NOON + timedelta(seconds=181)

    receipt = record(make_scanner(db), make_report(phone.show(), at=later, admitted=False))

    assert receipt.reasons == [Reason.OLD_CODE]


def test_the_register_shortens_a_card_that_the_token_calls_valid(db, record, phone) -> None:
    phone.card.last_valid_on = (NOON - timedelta(days=1)).date()
    phone.card.first_valid_on = phone.card.last_valid_on

    assert record(make_scanner(db), make_report(phone.show())).reasons == [Reason.EXPIRED]


def test_the_same_code_within_ten_seconds_is_the_same_visit(db, record, phone) -> None:
    scanner, text = make_scanner(db), phone.show()
    record(scanner, make_report(text))

    receipt = record(scanner, make_report(text, at=NOON + timedelta(seconds=9)))

    assert receipt.outcome is ScanOutcome.NO_VISIT
    assert receipt.reasons == [Reason.SAME_SCAN]
    assert count(db, Visit) == 1


def test_coming_back_in_is_kept_and_marked(db, record, phone, clock) -> None:
    scanner, later = make_scanner(db), NOON + timedelta(minutes=40)
    record(scanner, make_report(phone.show()))
    clock.advance(minutes=41)

    receipt = record(scanner, make_report(phone.show(now=later), at=later))

    assert receipt.reasons == [Reason.ALREADY_IN]
    assert db.get_one(Visit, receipt.visit_id).again


def test_an_undone_visit_does_not_count_as_already_in(db, record, phone, clock) -> None:
    scanner, later = make_scanner(db), NOON + timedelta(minutes=4)
    first = make_report(phone.show())
    record(scanner, first)
    void_visit(db, scanner, first.scan_id, now=clock.now)

    receipt = record(scanner, make_report(phone.show(now=later), at=later))

    assert receipt.reasons == [Reason.OK]


def test_the_same_code_at_another_venue_is_a_replay(db, record, phone) -> None:
    text = phone.show()
    record(make_scanner(db), make_report(text))

    receipt = record(make_scanner(db, venue=make_venue(db)), make_report(text))

    assert receipt.reasons[0] is Reason.REPLAY


@pytest.mark.parametrize("children", [3, 23, 24, 1_000_000])
def test_more_children_than_the_card_has_are_refused(db, record, phone, children) -> None:
    with pytest.raises(TooManyChildrenReported):
        record(make_scanner(db), make_report(phone.show(), children=children))

    assert (count(db, Scan), count(db, Visit)) == (0, 0)


def test_fewer_than_no_children_are_refused(db, record, phone) -> None:
    with pytest.raises(NegativeChildrenReported):
        record(make_scanner(db), make_report(phone.show(), children=-1))


def test_children_that_the_token_promised_are_kept_when_the_register_knows_fewer(
    db, record, phone
) -> None:
    phone.card.children = 1

    receipt = record(make_scanner(db), make_report(phone.show(), children=2))

    assert receipt.outcome is ScanOutcome.RECORDED
    assert receipt.reasons == [Reason.CHILDREN_CHANGED]


def test_a_scan_from_the_future_is_refused(db, record, phone) -> None:
    ahead = NOON + timedelta(minutes=5, seconds=1)

    with pytest.raises(ScanInFuture):
        record(make_scanner(db), make_report(phone.show(now=ahead), at=ahead))


def test_a_scan_older_than_thirty_days_waits_for_a_coordinator(db, record, phone, clock) -> None:
    text = phone.show()
    clock.advance(days=30, seconds=1)

    receipt = record(make_scanner(db), make_report(text))

    assert receipt.outcome is ScanOutcome.QUARANTINED
    assert count(db, Visit) == 0


def test_a_venue_records_only_its_own_categories(db, record, phone) -> None:
    theatre = make_scanner(db, venue=make_venue(db, categories=["culture"]))

    with pytest.raises(CategoryNotHere):
        record(theatre, make_report(phone.show(), category=Category.SPORT))


def test_a_refused_report_does_not_hold_up_the_batch(db, ring, settings, phone) -> None:
    good, bad = make_report(phone.show(), children=1), make_report(phone.show(), children=9)

    answers = record_batch(
        db, make_scanner(db), [bad, good, good], ring=ring, settings=settings, now=NOON
    ).receipts

    assert answers[0].code == "too_many_children"
    assert [a.outcome for a in answers[1:]] == [ScanOutcome.RECORDED, ScanOutcome.ALREADY_RECORDED]


class TestCardCodes:
    @pytest.fixture
    def ask(self, db, ring, settings):
        def act(scanner, text: str, now=NOON):
            question = CardQuestion(text=text, category=Category.CULTURE)
            return answer_card(db, scanner, question, ring=ring, settings=settings, now=now)

        return act

    def test_a_known_code_is_green_and_tells_the_children(self, db, ask, phone) -> None:
        answer = ask(make_scanner(db), phone.card.code)

        assert (answer.colour, answer.reasons, answer.children) == (
            Colour.GREEN,
            [Reason.OK_CODE],
            2,
        )

    def test_a_typed_code_makes_a_visit_like_any_other(self, db, record, phone) -> None:
        report = make_report(phone.card.code, reasons=[Reason.OK_CODE])

        receipt = record(make_scanner(db), report)

        assert receipt.reasons == [Reason.OK_CODE]
        assert db.get_one(Visit, receipt.visit_id).card_id == phone.card.id

    def test_phone_and_code_of_one_card_are_one_card(self, db, ask, record, phone) -> None:
        scanner = make_scanner(db)
        record(scanner, make_report(phone.show()))

        assert ask(scanner, phone.card.code).reasons == [Reason.ALREADY_IN]

    def test_children_admitted_while_offline_are_kept_and_flagged(self, db, record, phone) -> None:
        report = make_report(phone.card.code, children=4, reasons=[Reason.CODE_OFFLINE])

        receipt = record(make_scanner(db), report)

        assert receipt.outcome is ScanOutcome.RECORDED
        assert receipt.reasons == [Reason.CHILDREN_CHANGED]

    def test_blocked_and_unknown_codes_have_their_own_reasons(self, db, ask, phone) -> None:
        scanner = make_scanner(db)
        block_card(db, phone.card, now=NOON)

        assert ask(scanner, phone.card.code).reasons == [Reason.CODE_BLOCKED]
        assert ask(scanner, "XXQKFBF5S").reasons == [Reason.CODE_UNKNOWN]
        assert ask(scanner, "hello").reasons == [Reason.NOT_A_CARD]

    def test_thirty_unknown_codes_make_the_scanner_rest_for_a_minute(self, db, ask) -> None:
        scanner = make_scanner(db)
        for _ in range(30):
            ask(scanner, "XXQKFBF5S")

        with pytest.raises(Resting):
            ask(scanner, "XXQKFBF5S", NOON + timedelta(seconds=59))
        ask(scanner, "XXQKFBF5S", NOON + timedelta(seconds=60))
