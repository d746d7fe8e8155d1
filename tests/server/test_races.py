"""Two requests in the same instant, with real threads and connections, on both databases."""

import pytest
from sqlalchemy import select

from server.card.desk import block_card
from server.card.models import Activation, Card, SignedCredential
from server.scan.models import Scan
from server.signin.models import BearerGrant, Nonce, WrongTry
from server.venue.models import Pairing, Scanner
from server.visit.models import Visit, Voiding
from shared.scan import ScanBatch
from shared.token.credential import read_credential
from shared.wire import to_json
from tests.factories import make_report
from tests.server.callers import (
    HttpHolder,
    HttpScanner,
    all_at_a_lock,
    all_at_once,
    one_session,
    refusal,
    send_proof,
)

CROWD = 6


def codes(answers) -> list[object]:
    return sorted("yes" if answer.is_success else refusal(answer)[1] for answer in answers)


def test_one_activation_code_goes_to_one_of_many_phones(http, desk, clock, engine) -> None:
    code = desk.grant().activation_code
    phones = [HttpHolder(http, clock) for _ in range(CROWD)]

    answers = all_at_a_lock(
        engine, select(Activation), *(lambda p=phone: p.activate(code) for phone in phones)
    )

    assert codes(answers) == ["code_refused"] * (CROWD - 1) + ["yes"]
    winner = next(p for p, a in zip(phones, answers, strict=True) if a.is_success)
    assert [card.key_x for card in desk.rows(Card)] == [winner.phone.point.x]
    assert desk.count(SignedCredential) == 1


def test_one_phone_that_asks_twice_at_once_hears_the_same_twice(http, desk, clock, engine) -> None:
    code = desk.grant().activation_code
    proof = HttpHolder(http, clock).phone.activation_proof(code, now=clock.now)

    answers = all_at_a_lock(
        engine, select(Activation), *[lambda: send_proof(http, "activations", proof)] * CROWD
    )

    assert codes(answers) == ["yes"] * CROWD
    assert len({answer.content for answer in answers}) == 1
    assert desk.count(WrongTry) == 0


def test_two_codes_of_one_card_at_once_leave_it_on_one_phone(http, desk, clock, engine) -> None:
    granted = desk.grant()
    two_codes = [granted.activation_code, desk.another_code(granted.card.id)]
    phones = [HttpHolder(http, clock) for _ in two_codes]

    answers = all_at_a_lock(
        engine,
        select(Card),
        *(
            lambda p=phone, c=code: p.activate(c)
            for phone, code in zip(phones, two_codes, strict=True)
        ),
    )

    assert codes(answers) == ["card_on_another_phone", "yes"]
    assert [c.revoked_at for c in desk.rows(SignedCredential)] == [None]


def test_one_pairing_code_makes_one_scanner(http, desk, clock, engine) -> None:
    code = desk.pairing_code()
    scanners = [HttpScanner(http, clock) for _ in range(CROWD)]

    answers = all_at_a_lock(
        engine, select(Pairing), *(lambda s=scanner: s.pair(code) for scanner in scanners)
    )

    assert codes(answers) == ["code_refused"] * (CROWD - 1) + ["yes"]
    assert desk.count(Scanner) == 1


def test_one_scanner_that_pairs_twice_at_once_is_one_scanner(http, desk, clock, engine) -> None:
    code = desk.pairing_code()
    proof = HttpScanner(http, clock).phone.pairing_proof(code, now=clock.now)

    answers = all_at_a_lock(
        engine, select(Pairing), *[lambda: send_proof(http, "pairings", proof)] * CROWD
    )

    assert codes(answers) == ["yes"] * CROWD
    assert len({answer.content for answer in answers}) == 1
    assert desk.count(Scanner) == 1


def test_one_nonce_makes_one_bearer(http, desk, holder, engine) -> None:
    bearers, proof = desk.count(BearerGrant), holder.proof()

    answers = all_at_a_lock(
        engine, select(Nonce), *[lambda: send_proof(http, "holder-sessions", proof)] * CROWD
    )

    assert codes(answers) == ["nonce_refused"] * (CROWD - 1) + ["yes"]
    assert desk.count(BearerGrant) == bearers + 1


@pytest.mark.parametrize("admitted", [True, False])
def test_one_scan_sent_many_times_at_once_is_one_visit(
    desk, holder, scanner, engine, admitted
) -> None:
    report = make_report(holder.show(), admitted=admitted)

    answers = all_at_a_lock(engine, select(Card), *[lambda: scanner.report(report)] * CROWD)

    first = "recorded" if admitted else "no_visit"
    heard = sorted(answer.json()["outcome"] for answer in answers)
    assert heard == ["already_recorded"] * (CROWD - 1) + [first]
    assert len({answer.json()["visit_id"] for answer in answers}) == 1
    assert (desk.count(Scan), desk.count(Visit)) == (1, int(admitted))


def test_a_scan_of_no_card_sent_many_times_at_once_is_one_scan(desk, scanner) -> None:
    for _ in range(4):
        report = make_report(None, admitted=False)

        answers = all_at_once(*[lambda r=report: scanner.report(r)] * CROWD)

        heard = sorted(answer.json()["outcome"] for answer in answers)
        assert heard == ["already_recorded"] * (CROWD - 1) + ["no_visit"]
    assert desk.count(Scan) == 4


def test_one_card_at_two_doors_of_a_venue_is_once_in_and_once_again(
    desk, holder, make_scanner, engine
) -> None:
    venue = desk.venue()
    doors = [make_scanner(venue) for _ in range(2)]
    text = holder.show()

    answers = all_at_a_lock(engine, select(Card), *(lambda d=door: d.scan(text) for door in doors))

    assert [answer.json()["outcome"] for answer in answers] == ["recorded"] * 2
    heard = sorted(answer.json()["reasons"] for answer in answers)
    assert heard == [["already_in"], ["ok"]]
    assert sorted(visit.again for visit in desk.rows(Visit)) == [False, True]


def test_one_card_at_two_venues_is_told_to_the_second(
    desk, holder, make_scanner, engine, clock
) -> None:
    doors = [make_scanner(), make_scanner()]
    texts = [holder.show()]
    clock.advance(seconds=30)
    texts.append(holder.show())

    answers = all_at_a_lock(
        engine,
        select(Card),
        *(lambda d=door, t=text: d.scan(t) for door, text in zip(doors, texts, strict=True)),
    )

    assert sorted(answer.json()["reasons"] for answer in answers) == [["elsewhere"], ["ok"]]
    assert desk.count(Visit) == 2


def test_undoing_twice_at_once_is_undoing_once(desk, holder, scanner, engine) -> None:
    scan_id = scanner.scan(holder.show()).json()["scan_id"]

    answers = all_at_a_lock(engine, select(Visit), *[lambda: scanner.void(scan_id)] * CROWD)

    assert codes(answers) == ["yes"] * CROWD
    assert len({answer.content for answer in answers}) == 1
    assert desk.count(Voiding) == 1


def test_batches_with_the_same_cards_in_another_order_do_not_stop_each_other(
    desk, make_holder, make_scanner
) -> None:
    doors = [make_scanner(), make_scanner()]
    texts = [make_holder().show() for _ in range(8)]
    orders = [texts, texts[::-1]]

    for _ in range(3):
        batches = [ScanBatch([make_report(text) for text in order]) for order in orders]
        answers = all_at_once(
            *(
                lambda d=door, b=batch: d.ask("scans/batch", to_json(b))
                for door, batch in zip(doors, batches, strict=True)
            )
        )
        assert [answer.status_code for answer in answers] == [200, 200]

    assert desk.count(Scan) == 3 * 2 * len(texts)


def test_a_card_that_is_closed_while_its_phone_renews_has_no_good_credential(
    desk, holder, engine, clock
) -> None:
    def close() -> None:
        with one_session(engine) as db:
            block_card(db, db.scalars(select(Card)).one(), now=clock.now)

    all_at_a_lock(engine, select(Card), holder.renew, close, holder.renew)

    assert [c.sub for c in desk.rows(SignedCredential) if c.revoked_at is None] == []


def test_a_card_that_moves_while_its_old_phone_renews_stays_moved(
    desk, holder, http, engine, clock
) -> None:
    card = desk.rows(Card)[0]
    new_phone, code = HttpHolder(http, clock), desk.another_code(card.id)

    moved, *_ = all_at_a_lock(
        engine,
        select(Card),
        lambda: new_phone.activate(code, replace_phone=True),
        holder.renew,
        holder.renew,
    )

    assert moved.is_success
    good = [c for c in desk.rows(SignedCredential) if c.revoked_at is None]
    keys = {read_credential(c.raw).credential.holder for c in good}
    assert keys == {new_phone.phone.point}
    assert read_credential(new_phone.credential).credential.sub in {c.sub for c in good}
