"""Renewal: a new name and place, and the old one is closed only when the new one has arrived."""

from server.card.models import SignedCredential
from shared.token.credential import read_credential


def what(holder):
    return read_credential(holder.credential).credential


def revoked(desk) -> set[str]:
    return {row.sub for row in desk.rows(SignedCredential) if row.revoked_at is not None}


def test_a_renewed_credential_has_a_new_name_and_a_new_place(holder, clock) -> None:
    old = what(holder)
    clock.advance(days=8)
    holder.sign_in()

    assert holder.renew().is_success

    new = what(holder)
    assert new.sub != old.sub
    assert new.place != old.place
    assert new.holder == old.holder
    assert new.until_s == old.until_s + 8 * 86_400


def test_the_old_credential_is_closed_when_the_new_one_is_proven(holder, desk, clock) -> None:
    old = what(holder).sub
    clock.advance(days=8)
    holder.sign_in()
    holder.renew()
    assert revoked(desk) == set()

    holder.sign_in()

    assert revoked(desk) == {old}


def test_proving_the_old_one_again_closes_nothing(holder, desk, clock) -> None:
    old = holder.credential
    clock.advance(days=8)
    holder.sign_in()
    holder.renew()
    holder.credential = old  # the answer was lost
    clock.advance(minutes=1)

    assert holder.sign_in().is_success

    assert revoked(desk) == set()


def test_renewing_again_before_proving_gives_the_same(holder, desk, clock) -> None:
    clock.advance(days=8)
    holder.sign_in()
    holder.renew()
    first = holder.credential
    clock.advance(minutes=10)

    holder.renew()

    assert holder.credential == first
    assert desk.count(SignedCredential) == 2


def test_a_new_number_of_children_is_in_the_next_credential(holder, desk) -> None:
    card_id = desk.rows(SignedCredential)[0].card_id
    holder.renew()
    desk.change_card(card_id, children=5)

    holder.renew()

    assert what(holder).count == 5


def test_a_credential_ends_with_the_card(holder, clock) -> None:
    clock.advance(days=360)
    holder.sign_in()

    holder.renew()

    last_valid_on = holder.read("card").json()["last_valid_on"]
    assert last_valid_on == "2027-11-21"
    assert what(holder).until_s == 1826834400  # 2027-11-22T00:00+02:00
