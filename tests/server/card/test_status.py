"""What doors download: the key set and the status lists."""

import pytest

from server.card.models import Card
from server.signing import verify_es256
from shared.token.cose import settle
from shared.token.credential import read_credential
from shared.token.keyset import accept_key_set
from shared.token.status import accept_status_list
from tests.server.callers import refusal


@pytest.fixture
def fetch(http, ring, clock):
    def act(number: int = 0, *, held_s: int = 0):
        raw = http.get(f"status-lists/{number}").content
        checks = accept_status_list(
            raw,
            keys=ring.key_set.keys,
            held_issued_at_s=held_s,
            now_s=int(clock.now.timestamp()),
            number=number,
        )
        return settle(checks, verify_es256)

    return act


def bit(listed, holder) -> int | None:
    return listed.bit(read_credential(holder.credential).credential.place & 0xFFFF)


def test_the_key_set_is_one_that_pinned_roots_accept(http, ring, clock) -> None:
    answer = http.get("key-set")

    now_s = int(clock.now.timestamp())
    checks = accept_key_set(answer.content, roots=ring.roots, held=None, now_s=now_s)
    assert settle(checks, verify_es256).seq == ring.key_set.seq
    assert answer.headers["content-type"] == "application/cose"
    assert answer.headers["cache-control"] == "no-cache"


def test_a_good_card_has_no_bit(holder, fetch) -> None:
    assert bit(fetch(), holder) == 0


def test_a_blocked_card_has_its_bit_and_no_other_card(make_holder, desk, fetch) -> None:
    closed, other = make_holder(), make_holder()
    before = fetch()
    card_id = closed.read("card").json()["card_id"]
    desk.block(next(card.id for card in desk.rows(Card) if str(card.id) == card_id))

    after = fetch(held_s=before.issued_at_s)

    assert (bit(before, closed), bit(after, closed), bit(after, other)) == (0, 1, 0)
    assert sum(byte.bit_count() for byte in after.bits) == 1


def test_the_old_phones_bit_is_set_when_the_card_moves(holder, desk, fetch) -> None:
    old_place = read_credential(holder.credential).credential.place
    code = desk.another_code(desk.rows(Card)[0].id)

    holder.phone = type(holder.phone)()
    holder.activate(code, replace_phone=True)

    assert fetch().bit(old_place) == 1
    assert bit(fetch(), holder) == 0


def test_a_bit_is_cleared_when_its_credential_has_run_out_by_itself(
    holder, desk, fetch, clock
) -> None:
    desk.block(desk.rows(Card)[0].id)
    clock.advance(days=34)
    assert bit(fetch(), holder) == 1
    clock.advance(days=2)

    assert bit(fetch(), holder) == 0


def test_a_list_says_which_key_set_is_newest_and_may_be_kept_half_its_time(
    http, fetch, ring
) -> None:
    listed = fetch()

    assert listed.seq == ring.key_set.seq
    assert http.get("status-lists/0").headers["cache-control"] == f"max-age={listed.ttl_s // 2}"


@pytest.mark.parametrize("number", ["65536", "-1", "x", "9" * 5000])
def test_there_is_no_list_of_another_number(http, number) -> None:
    assert refusal(http.get(f"status-lists/{number}")) == (422, "malformed_request")
