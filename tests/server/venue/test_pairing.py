"""Pairing and signing in scanners, over HTTP."""

import pytest

from server.signin.models import Nonce
from server.venue.models import Scanner
from tests.factories import NOON
from tests.server.callers import HttpScanner, fresh_nonce, refusal, send_proof


@pytest.fixture
def device(http, clock) -> HttpScanner:
    return HttpScanner(http, clock)


def test_a_pairing_code_makes_a_scanner_of_its_venue(desk, device) -> None:
    venue = desk.venue(name="Museo", categories=["culture", "science"])

    told = device.pair(desk.pairing_code(venue)).json()

    assert told["venue_name"] == "Museo"
    assert told["categories"] == ["culture", "science"]
    assert told["venue_id"] == str(venue.id)
    assert device.sign_in().is_success
    again = device.http.get("scanner", headers=device.speaking).json()
    assert again == told


def test_a_lost_answer_is_given_again_to_the_same_key(desk, device, clock) -> None:
    code = desk.pairing_code()
    first = device.pair(code).json()["scanner_id"]
    clock.advance(minutes=10)

    assert device.pair(code).json()["scanner_id"] == first
    assert desk.count(Scanner) == 1

    clock.advance(seconds=1)
    assert refusal(device.pair(code)) == (404, "code_refused")


def test_a_used_code_makes_no_other_scanner(desk, device, http, clock) -> None:
    code = desk.pairing_code()
    device.pair(code)

    assert refusal(HttpScanner(http, clock).pair(code)) == (404, "code_refused")


def test_a_pairing_code_lives_a_quarter_of_an_hour(desk, device, clock) -> None:
    code = desk.pairing_code()
    clock.advance(minutes=15)

    assert refusal(device.pair(code)) == (404, "code_refused")


def test_a_pairing_code_activates_no_card(desk, device, http) -> None:
    proof = device.phone.activation_proof(desk.pairing_code(), now=NOON)

    assert refusal(send_proof(http, "activations", proof)) == (404, "code_refused")


def test_a_revoked_scanner_is_out_at_once(desk, scanner) -> None:
    assert scanner.scan(None, admitted=False).is_success
    proof = scanner.proof()
    desk.revoke(scanner.id)

    assert refusal(scanner.scan(None, admitted=False)) == (401, "sign_in_required")
    assert refusal(send_proof(scanner.http, "scanner-sessions", proof)) == (401, "scanner_revoked")
    assert desk.count(Nonce) == 0  # used up by being refused


def test_a_bearer_lives_a_quarter_of_an_hour(scanner, clock) -> None:
    clock.advance(minutes=14, seconds=59)
    assert scanner.scan(None, admitted=False).is_success
    clock.advance(seconds=1)

    assert refusal(scanner.scan(None, admitted=False)) == (401, "sign_in_required")


@pytest.mark.parametrize(
    "device_id", ["nobody", "01890000-0000-7000-8000-000000000000", "-" * 36, "0" * 32]
)
def test_a_scanner_that_nobody_knows_is_unknown(device, device_id) -> None:
    device.id = device_id

    assert refusal(device.sign_in()) == (401, "unknown_device")


def test_a_scanners_id_is_no_use_without_its_key(scanner, device) -> None:
    device.id = scanner.id

    assert refusal(device.sign_in()) == (422, "forged_proof")


def test_a_nonce_opens_once_for_scanners_too(scanner, http) -> None:
    nonce = fresh_nonce(http)

    assert send_proof(http, "scanner-sessions", scanner.proof(nonce)).is_success
    again = send_proof(http, "scanner-sessions", scanner.proof(nonce))
    assert refusal(again) == (401, "nonce_refused")


def test_another_key_with_a_used_pairing_code_leaves_a_line(desk, http, clock, capsys) -> None:
    code = desk.pairing_code()
    assert HttpScanner(http, clock).pair(code).is_success
    assert "used_code_tried" not in capsys.readouterr().out

    assert refusal(HttpScanner(http, clock).pair(code)) == (404, "code_refused")

    said = capsys.readouterr().out
    assert said.count("used_code_tried") == 1
    assert code not in said
