"""Guessing codes: five tries an hour each, and slow when many guess."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from server.app import API, create_app
from server.ids import new_id
from server.signin.codes import SLOW_BY, draw_code, hash_code
from server.signin.models import WrongTry
from shared.token.codes import ALPHABET, CodeKind, check_code
from tests.factories import SECRET
from tests.server.callers import HttpHolder, HttpScanner, one_session, refusal


def wrong() -> str:
    return draw_code(CodeKind.ACTIVATION)


@pytest.fixture
def phone(http, clock) -> HttpHolder:
    return HttpHolder(http, clock)


def test_five_wrong_codes_and_one_has_to_wait(phone, desk, clock) -> None:
    code = desk.grant().activation_code
    for _ in range(5):
        assert refusal(phone.activate(wrong())) == (404, "code_refused")
        clock.advance(minutes=1)

    answer = phone.activate(code)  # the right one: whoever guesses must not learn it

    assert refusal(answer) == (429, "too_many_tries")
    assert answer.headers["retry-after"] == str(55 * 60 + 1)
    assert answer.json()["retry_after_s"] == 55 * 60 + 1
    clock.advance(minutes=55, seconds=1)
    assert phone.activate(code).is_success


def test_wrong_tries_are_kept_although_the_request_is_refused(phone, desk) -> None:
    phone.activate(wrong())

    assert desk.count(WrongTry) == 1


def test_waiting_and_good_codes_count_for_nothing(phone, desk) -> None:
    phone.activate(desk.grant().activation_code)
    for _ in range(9):
        phone.activate(wrong())

    assert desk.count(WrongTry) == 5


def test_pairing_codes_and_activation_codes_are_counted_together(phone, desk, http, clock) -> None:
    for _ in range(5):
        phone.activate(wrong())

    scanner = HttpScanner(http, clock)
    assert refusal(scanner.pair(desk.pairing_code())) == (429, "too_many_tries")


def test_another_client_is_not_held_up(app, phone, desk, clock) -> None:
    for _ in range(6):
        phone.activate(wrong())
    base_url = f"http://testserver{API}/"

    with TestClient(app, base_url=base_url, client=("192.0.2.7", 5000)) as elsewhere:
        assert HttpHolder(elsewhere, clock).activate(desk.grant().activation_code).is_success


def test_the_address_is_not_kept(phone, desk) -> None:
    phone.activate(wrong())

    kept = desk.rows(WrongTry)[0].client
    assert kept != "testclient"
    assert len(kept) == 64


def test_wrong_tries_are_forgotten_after_an_hour(phone, desk, clock) -> None:
    phone.activate(wrong())
    clock.advance(hours=1)
    phone.activate(wrong())

    assert desk.count(WrongTry) == 1


class TestSlowDown:
    @pytest.fixture
    def pauses(self) -> list[float]:
        return []

    @pytest.fixture
    def app(self, engine, settings, ring, clock, pauses):
        async def pause(seconds: float) -> None:
            pauses.append(seconds)

        return create_app(engine, settings, ring=ring, clock=clock, pause=pause)

    def crowd(self, engine, clock, tries: int, *, client: str = "{:064x}") -> None:
        with one_session(engine) as db:
            at = clock.now - timedelta(minutes=59)
            db.add_all(
                WrongTry(id=new_id(at), client=client.format(number), tried_at=at)
                for number in range(tries)
            )

    def test_a_hundred_wrong_tries_slow_nobody_down(self, phone, engine, clock, pauses) -> None:
        self.crowd(engine, clock, 100)

        phone.activate(wrong())

        assert pauses == []

    def test_more_than_a_hundred_slow_everybody_down(
        self, phone, desk, engine, clock, pauses
    ) -> None:
        self.crowd(engine, clock, 101)

        assert phone.activate(desk.grant().activation_code).is_success
        assert HttpScanner(phone.http, clock).pair(desk.pairing_code()).is_success

        assert pauses == [SLOW_BY.total_seconds()] * 2

    def test_after_an_hour_all_is_quick_again(self, phone, engine, clock, pauses) -> None:
        self.crowd(engine, clock, 101)
        clock.advance(minutes=1)

        phone.activate(wrong())

        assert pauses == []

    def test_mistyped_card_codes_at_doors_slow_nobody_down(
        self, phone, engine, clock, pauses
    ) -> None:
        self.crowd(engine, clock, 101, client="scanner:{}")

        phone.activate(wrong())

        assert pauses == []


class TestDrawing:
    @pytest.mark.parametrize("kind", list(CodeKind))
    def test_a_drawn_code_is_a_code(self, kind) -> None:
        for _ in range(200):
            check_code(draw_code(kind), kind)

    def test_drawn_codes_use_every_symbol_and_do_not_repeat(self) -> None:
        drawn = [draw_code(CodeKind.ACTIVATION) for _ in range(500)]

        assert set("".join(code[:-1] for code in drawn)) == set(ALPHABET)
        assert len(set(drawn)) == 500

    def test_the_kept_hash_depends_on_the_secret(self) -> None:
        assert hash_code("0" * 12, SECRET) != hash_code("0" * 12, SECRET + b"x")
