"""A renewed card goes on on the phone that had the old one (R12)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from server.card.desk import take_off_phone
from server.card.service import activate_card, sign_in_holder
from server.demo.phone import Phone
from server.grant.errors import CardAlreadyFollowed, CardNotRenewable
from server.grant.renewal import renew_card, replace_card
from server.grant.service import draw_activation_code
from server.keycare import LAST_CREDENTIAL_S
from server.signin.errors import KeyChanged
from server.signin.models import BearerGrant
from server.signin.service import give_nonce
from shared.token.keyset import KeyRole
from shared.wire import from_base64url
from tests.factories import NOON, SECRET, HolderPhone


@pytest.fixture
def holder(db, ring, settings) -> HolderPhone:
    return HolderPhone(db, ring=ring, settings=settings)


def sign_in(db, holder, ring, now):
    nonce = from_base64url(give_nonce(db, now=now).nonce)
    proof = holder.phone.service_proof(holder.credential, nonce, now=now)
    return sign_in_holder(db, proof, ring=ring, now=now)


def test_the_phone_changes_over_when_the_new_year_begins(db, holder, ring) -> None:
    old = holder.card
    before = NOON + timedelta(days=330)
    new = renew_card(db, old, now=before)

    def speaks_for(now):
        sign_in(db, holder, ring, now)
        db.flush()
        newest = select(BearerGrant.card_id).order_by(BearerGrant.usable_until.desc()).limit(1)
        return db.scalar(newest)

    assert speaks_for(before) == old.id
    assert speaks_for(NOON + timedelta(days=366)) == new.id


def test_a_phone_that_slept_through_two_years_goes_on(db, holder, ring) -> None:
    first = renew_card(db, holder.card, now=NOON + timedelta(days=330))
    second = renew_card(db, first, now=NOON + timedelta(days=700))
    sign_in(db, holder, ring, NOON + timedelta(days=740))
    db.flush()
    assert db.scalar(select(BearerGrant.card_id)) == second.id


def test_a_new_phone_has_the_renewal_too_and_a_lost_one_neither(db, holder, ring) -> None:
    old, at = holder.card, NOON + timedelta(days=330)
    new = renew_card(db, old, now=at)
    code = draw_activation_code(db, old, secret=SECRET, now=at)
    phone = Phone()
    activate_card(
        db, phone.activation_proof(code, now=at), ring=ring, secret=SECRET, client="t",
        replace_phone=True, status_lists=1, now=at,
    )  # fmt: skip
    db.refresh(new)
    assert (new.key_x, new.key_odd) == (phone.point.x, phone.point.odd)
    take_off_phone(db, new, now=at)
    assert (old.key_x, new.key_x) == (None, None)


def test_every_renewal_can_be_printed_while_the_old_paper_key_still_signs(db, holder) -> None:
    new = renew_card(db, holder.card, now=NOON + timedelta(days=306))
    longest = new.last_valid_on - (NOON + timedelta(days=306)).date() + timedelta(days=1)
    assert longest <= timedelta(seconds=LAST_CREDENTIAL_S[KeyRole.PAPER])


def test_a_replaced_cards_phone_is_left_behind(db, holder, ring) -> None:
    new = replace_card(db, holder.card, now=NOON)
    assert new.key_x is None
    holder.card.key_x = None
    with pytest.raises(KeyChanged):
        sign_in(db, holder, ring, NOON)


def test_only_an_unblocked_card_in_its_last_days_is_renewed_and_followed_once(db, holder) -> None:
    card = holder.card
    with pytest.raises(CardNotRenewable):
        renew_card(db, card, now=NOON)
    at = NOON + timedelta(days=310)
    renew_card(db, card, now=at)
    for follow in (renew_card, replace_card):
        with pytest.raises(CardAlreadyFollowed):
            follow(db, card, now=at)
