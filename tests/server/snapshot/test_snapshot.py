"""One request that refreshes a scanner: complete, small, and free when nothing has changed."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from server.card.models import Card, CredentialKind, SignedCredential
from server.signing import verify_es256
from server.venue.models import Scanner, Venue
from shared.token.cose import settle
from shared.token.credential import read_credential
from shared.token.keyset import accept_key_set
from shared.token.status import StatusList, accept_status_list
from shared.venue import EnrolledScanner, ScannerSnapshot
from shared.wire import from_base64url, from_json
from tests.factories import NOON
from tests.server.callers import one_session, refusal

BUDGET_BYTES = 64 * 1024
CARDS = 15_000
REVOKED = 750
"""One in twenty: phones lost, cards closed, and every credential that was renewed before its end
is revoked too, until it would have run out by itself."""


@pytest.fixture
def ask(scanner):
    def act(held: str | None = None, **query: object):
        headers = scanner.speaking | ({} if held is None else {"If-None-Match": held})
        return scanner.http.get("scanner/snapshot", headers=headers, params=query)

    return act


@pytest.fixture
def believed(ring, clock):
    """The status lists of an answer, after the checks that a scanner makes."""

    def act(answer) -> dict[int, StatusList]:
        snapshot = from_json(ScannerSnapshot, answer.content)
        now_s = int(clock.now.timestamp())
        keys = settle(
            accept_key_set(
                from_base64url(snapshot.key_set), roots=ring.roots, held=None, now_s=now_s
            ),
            verify_es256,
        ).keys
        return {
            number: settle(
                accept_status_list(
                    from_base64url(raw), keys=keys, held_issued_at_s=0, now_s=now_s, number=number
                ),
                verify_es256,
            )
            for number, raw in snapshot.status_lists.items()
        }

    return act


def test_it_is_all_that_a_scanner_refreshes(ask, scanner, believed, ring) -> None:
    answer = ask()

    snapshot = from_json(ScannerSnapshot, answer.content)
    told = scanner.http.get("scanner", headers=scanner.speaking).content
    assert snapshot.scanner == from_json(EnrolledScanner, told)
    assert from_base64url(snapshot.key_set) == ring.key_set.raw
    assert set(believed(answer)) == {0}
    assert (snapshot.limits.most_children, snapshot.limits.batch_most) == (23, 500)
    assert (snapshot.limits.undo_within_s, snapshot.limits.body_most_bytes) == (900, 524_288)
    assert answer.headers["cache-control"] == "private, no-cache"


def test_it_carries_the_lists_that_are_asked_for(ask, believed) -> None:
    assert set(believed(ask(lists=[0, 3, 3]))) == {0, 3}
    for wrong in ([-1], [65_536], list(range(17)), ["x"]):
        assert refusal(ask(lists=wrong)) == (422, "malformed_request")


@pytest.fixture
def waits(engine):
    """What the register knows of the reports that wait on the scanner, and since when."""

    def read() -> tuple[int | None, object]:
        with one_session(engine) as db:
            scanner = db.scalars(select(Scanner)).one()
            return scanner.waiting, scanner.waiting_at

    return read


def test_what_waits_is_written_down_also_when_nothing_else_is_new(ask, waits, clock) -> None:
    first = ask()
    assert waits() == (None, None)  # as every app before
    clock.advance(seconds=30)
    answer = ask(held=first.headers["etag"], waiting=12)
    assert (answer.status_code, answer.headers["etag"]) == (304, first.headers["etag"])
    assert waits() == (12, clock.now)
    clock.advance(seconds=30)
    ask()
    assert waits()[0] == 12
    for wrong in (-1, "x", 10**9):
        assert refusal(ask(waiting=wrong)) == (422, "malformed_request")
    assert waits()[0] == 12


def test_a_number_that_stays_the_same_is_written_down_every_five_minutes(ask, waits, clock) -> None:
    ask(waiting=0)
    began = clock.now
    clock.advance(minutes=5, milliseconds=-1)
    ask(waiting=0)
    assert waits() == (0, began)
    clock.advance(milliseconds=1)
    ask(waiting=0)
    assert waits() == (0, clock.now)


def test_it_is_for_scanners(http, holder) -> None:
    assert refusal(http.get("scanner/snapshot")) == (401, "sign_in_required")
    assert refusal(holder.read("scanner/snapshot")) == (401, "sign_in_required")


def test_nothing_is_sent_twice_while_nothing_changes(ask, clock) -> None:
    first = ask()
    clock.advance(minutes=10)  # noon begins a quarter

    again = ask(first.headers["etag"])

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"] == f'"{first.json()["version"]}"'


def test_a_card_that_is_closed_is_told_at_once(ask, holder, desk, believed) -> None:
    held = ask().headers["etag"]
    desk.block(desk.rows(Card)[0].id)

    answer = ask(held)

    place = read_credential(holder.credential).credential.place
    assert answer.status_code == 200
    assert believed(answer)[0].bit(place & 0xFFFF) == 1


def test_other_lists_are_another_version(ask) -> None:
    assert ask(ask().headers["etag"], lists=[0, 1]).status_code == 200


def test_a_list_in_which_nothing_changes_does_not_grow_old(ask, clock, scanner, believed) -> None:
    first = ask()
    clock.advance(minutes=15)
    scanner.sign_in()

    later = ask(first.headers["etag"])

    assert later.status_code == 200
    assert believed(later)[0].issued_at_s == int(clock.now.timestamp())


def test_a_venue_with_another_name_is_told(ask, desk) -> None:
    held = ask().headers["etag"]
    with desk.sessions.begin() as db:
        db.execute(Venue.__table__.update().values(name="Museo"))

    assert ask(held).json()["scanner"]["venue_name"] == "Museo"


def test_fifteen_thousand_cards_are_few_bytes(ask, engine, desk, believed) -> None:
    card_id = desk.grant().card.id
    places = random.Random(15).sample(range(65_536), CARDS)  # noqa: S311 - the same every time
    with one_session(engine) as db:
        db.execute(
            insert(SignedCredential),
            [
                {
                    "sub": f"{place:010}",
                    "card_id": card_id,
                    "kind": CredentialKind.MOBILE,
                    "kid": b"\0\1",
                    "place": place,
                    "raw": b"",
                    "issued_at": NOON,
                    "usable_until": NOON + timedelta(days=35),
                    "reserved_until": NOON + timedelta(days=49),
                    "revoked_at": NOON if n < REVOKED else None,
                }
                for n, place in enumerate(places)
            ],
        )

    answer = ask()

    size = len(answer.content) + len(str(dict(answer.headers)))
    print(f"snapshot for {CARDS} cards, {REVOKED} of them revoked: {size} bytes")  # noqa: T201 - a figure
    assert size <= BUDGET_BYTES
    assert sum(byte.bit_count() for byte in believed(answer)[0].bits) == REVOKED
