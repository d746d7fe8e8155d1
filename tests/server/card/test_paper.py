"""The printed card: one at a time, as long as the card, and doors know it for paper."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.card.desk import block_card
from server.card.issue import PLACE_RESTS
from server.card.models import Card, CredentialKind, SignedCredential
from server.card.paper import issue_paper_credential
from server.clock import seconds
from server.scan.service import record_scan
from server.signing import NoSigningKey, verify_es256
from shared.rules.admission import Reason
from shared.rules.validity import local_day
from shared.scan import ScanOutcome
from shared.token.cose import settle
from shared.token.credential import CardClass
from shared.token.keyset import KeyRole
from shared.token.paper import PaperCard
from shared.token.presentation import read_token, verify_token, write_text
from tests.factories import NOON, HolderPhone, make_card, make_report, make_scanner, make_venue
from tests.server.callers import all_at_a_lock, one_session


@pytest.fixture
def print_card(db: Session, ring, settings):
    def act(card, *, now=NOON) -> SignedCredential:
        signed = issue_paper_credential(
            db, card, ring=ring, status_lists=settings.status_lists, now=now
        )
        db.flush()
        return signed

    return act


@pytest.fixture
def report(db: Session, ring, settings, clock):
    def act(text: str, **over):
        scan = make_report(text, at=clock.now, **over)
        scanner = make_scanner(db, venue=make_venue(db))
        return record_scan(db, scanner, scan, ring=ring, settings=settings, now=clock.now)

    return act


def test_the_printed_text_verifies_as_paper_with_the_rings_keys(db, print_card, ring) -> None:
    card, _ = make_card(db)

    token = read_token(write_text(print_card(card).raw))

    key = ring.key_set.keys[token.kid]
    assert isinstance(token, PaperCard)
    assert key.role is KeyRole.PAPER
    assert settle(verify_token(token, key.point), verify_es256)


def test_it_holds_from_the_first_valid_day_to_the_end_of_the_last(db, print_card) -> None:
    card, _ = make_card(db, children=3)
    reprinted_on = NOON + timedelta(days=200)

    printed = read_token(write_text(print_card(card, now=reprinted_on).raw)).credential

    assert local_day(printed.not_before_s) == card.first_valid_on
    assert local_day(printed.not_before_s - 1) < card.first_valid_on
    assert local_day(printed.until_s - 1) == card.last_valid_on
    assert local_day(printed.until_s) > card.last_valid_on
    assert (printed.card_class, printed.count) == (CardClass.PERSONAL, 3)
    assert printed.holder is None


def test_a_communitys_card_is_printed_as_one(db, print_card) -> None:
    card, _ = make_card(db, community=True, birth_year=None, home_postcode=None, children=12)

    printed = read_token(write_text(print_card(card).raw)).credential

    assert (printed.card_class, printed.count) == (CardClass.COMMUNITY, 12)


def test_the_register_keeps_what_it_signed(db, print_card) -> None:
    card, _ = make_card(db)

    signed = print_card(card)

    token = read_token(write_text(signed.raw))
    assert (signed.kind, signed.card_id) == (CredentialKind.PAPER, card.id)
    assert (signed.sub, signed.place) == (token.credential.sub, token.credential.place)
    assert (signed.kid, signed.issued_at) == (token.kid, NOON)
    assert seconds(signed.usable_until) == token.credential.until_s
    assert signed.reserved_until == signed.usable_until + PLACE_RESTS
    assert signed.revoked_at is None


def test_a_second_print_closes_the_first(db, print_card) -> None:
    card, _ = make_card(db)
    first, later = print_card(card), NOON + timedelta(days=3)

    second = print_card(card, now=later)

    db.refresh(first)
    assert (first.revoked_at, second.revoked_at) == (later, None)
    assert (first.sub, first.place) != (second.sub, second.place)


def test_a_third_print_leaves_alone_when_the_first_was_closed(db, print_card) -> None:
    card, _ = make_card(db)
    first = print_card(card)
    print_card(card, now=NOON + timedelta(days=3))

    print_card(card, now=NOON + timedelta(days=4))

    db.refresh(first)
    assert first.revoked_at == NOON + timedelta(days=3)


def test_printing_leaves_the_phone_and_other_cards_alone(db, print_card, ring, settings) -> None:
    phone = HolderPhone(db, ring=ring, settings=settings)
    other, _ = make_card(db)
    print_card(other)

    print_card(phone.card)
    print_card(phone.card)

    kept = select(SignedCredential).where(SignedCredential.revoked_at.is_(None))
    held = [(row.card_id, row.kind) for row in db.scalars(kept)]
    assert set(held) == {
        (phone.card.id, CredentialKind.MOBILE),
        (phone.card.id, CredentialKind.PAPER),
        (other.id, CredentialKind.PAPER),
    }
    assert len(held) == 3


def test_a_door_admits_it(db, print_card, report) -> None:
    card, _ = make_card(db, children=2)

    receipt = report(write_text(print_card(card).raw), children=2)

    assert receipt.outcome is ScanOutcome.RECORDED
    assert receipt.reasons == [Reason.OK_PAPER]


def test_a_door_admits_a_communitys(db, print_card, report) -> None:
    card, _ = make_card(db, community=True, birth_year=None, home_postcode=None, children=12)

    receipt = report(write_text(print_card(card).raw), children=12)

    assert receipt.reasons == [Reason.OK_COMMUNITY]


def test_a_door_does_not_admit_the_card_that_a_second_print_closed(
    db, print_card, report, clock
) -> None:
    card, _ = make_card(db)
    old = write_text(print_card(card).raw)
    new = write_text(print_card(card).raw)
    clock.advance(minutes=1)

    assert report(old, admitted=False).reasons[0] is Reason.REVOKED
    assert report(new).reasons == [Reason.OK_PAPER]


def test_a_blocked_cards_paper_is_closed_with_it(db, print_card) -> None:
    card, _ = make_card(db)
    signed = print_card(card)

    block_card(db, card, now=NOON)

    db.refresh(signed)
    assert signed.revoked_at == NOON


def test_without_a_key_for_paper_nothing_is_signed(db, ring, settings) -> None:
    card, _ = make_card(db)
    phones_only = {k: v for k, v in ring.key_set.keys.items() if v.role is not KeyRole.PAPER}
    bare = type(ring)(
        private=ring._private,
        keys=ring.keys,
        key_set=replace(ring.key_set, keys=phones_only),
        roots=ring.roots,
    )

    with pytest.raises(NoSigningKey):
        issue_paper_credential(db, card, ring=bare, status_lists=settings.status_lists, now=NOON)


def test_two_desks_that_print_at_once_leave_one_printed_card(
    engine, desk, ring, settings, clock
) -> None:
    card_id = desk.grant().card.id

    def print_it() -> None:
        with one_session(engine) as db:
            card = db.get_one(Card, card_id)
            issue_paper_credential(
                db, card, ring=ring, status_lists=settings.status_lists, now=clock.now
            )

    all_at_a_lock(engine, select(Card), print_it, print_it, print_it)

    rows = desk.rows(SignedCredential)
    assert len(rows) == 3
    assert len([row for row in rows if row.revoked_at is None]) == 1
