"""Undoing a visit at the door (R20)."""

from datetime import timedelta

import pytest

from server.visit.models import Visit, Voiding
from shared.ids import uuid7
from tests.server.callers import refusal


@pytest.fixture
def scan_id(holder, scanner) -> str:
    return scanner.scan(holder.show()).json()["scan_id"]


def test_a_visit_can_be_undone_for_a_quarter_of_an_hour(scanner, scan_id, clock, desk) -> None:
    clock.advance(minutes=15, seconds=5)  # staff confirmed five seconds after the scan
    scanner.sign_in()

    told = scanner.void(scan_id).json()

    assert told["voided_at"] == "2026-11-22T12:15:05Z"
    assert (desk.count(Visit), desk.count(Voiding)) == (1, 1)  # nothing is deleted


def test_after_that_it_is_too_late(scanner, scan_id, clock, desk) -> None:
    clock.advance(minutes=15, seconds=6)
    scanner.sign_in()

    assert refusal(scanner.void(scan_id)) == (409, "undo_too_late")
    assert desk.count(Voiding) == 0


def test_undoing_twice_is_answered_the_same_also_later(scanner, scan_id, clock, desk) -> None:
    first = scanner.void(scan_id)
    clock.advance(minutes=14)

    assert scanner.void(scan_id).content == first.content
    clock.advance(minutes=14)
    scanner.sign_in()
    assert scanner.void(scan_id).content == first.content
    assert desk.count(Voiding) == 1


def test_another_scanner_of_the_venue_may_undo(desk, holder, make_scanner) -> None:
    venue = desk.venue()
    one, other = make_scanner(venue), make_scanner(venue)
    scan_id = one.scan(holder.show()).json()["scan_id"]

    assert other.void(scan_id).is_success


def test_another_venue_does_not_find_the_visit(make_scanner, scan_id) -> None:
    assert refusal(make_scanner().void(scan_id)) == (404, "visit_not_found")


def test_a_scan_that_made_no_visit_has_none_to_undo(scanner, holder) -> None:
    scan_id = scanner.scan(holder.show(), admitted=False).json()["scan_id"]

    assert refusal(scanner.void(scan_id)) == (404, "visit_not_found")
    unknown = uuid7(unix_ms=0, random=bytes(10))
    assert refusal(scanner.void(str(unknown))) == (404, "visit_not_found")


def test_the_holder_sees_that_it_was_undone(scanner, scan_id, holder) -> None:
    scanner.void(scan_id)

    (visit,) = holder.read("visits").json()["visits"]
    assert visit["voided_at"] == "2026-11-22T12:00:00Z"


def test_a_confirmation_dated_ahead_does_not_stretch_the_time_to_undo(
    scanner, holder, clock
) -> None:
    ahead = clock.now + timedelta(minutes=50)
    scan_id = scanner.scan(holder.show(), closed_at=ahead).json()["scan_id"]

    (visit,) = holder.read("visits").json()["visits"]
    assert visit["visited_at"] == "2026-11-22T12:00:00Z"  # the scan's: some clock was moved
    clock.advance(minutes=15, seconds=1)
    scanner.sign_in()
    assert refusal(scanner.void(scan_id)) == (409, "undo_too_late")


@pytest.mark.parametrize(
    "body", ['{"scan_id": 7}', '{"scan_id": "x"}', "{}", "[]", '{"scan_id": null, "why": 1}', ""]
)
def test_a_request_to_undo_names_one_scan(scanner, body) -> None:
    assert refusal(scanner.ask("voidings", body)) == (422, "malformed_request")
