"""The holder's history over HTTP: complete, in order, and nobody else's."""

import base64
from datetime import timedelta

import pytest

from server.card.models import Card
from server.ids import new_id
from server.scan.models import Scan
from server.venue.models import Scanner
from server.visit.models import Visit
from shared.scan import Category
from tests.factories import NOON
from tests.server.callers import HttpHolder, one_session, refusal


@pytest.fixture
def remember(engine, desk):
    """Store visits of a card at given instants, as if they had been recorded long ago."""

    def act(card: Card, *instants) -> None:
        venue_id = desk.venue().id
        with one_session(engine) as db:
            scanner_id = _scanner(db, venue_id)
            for at in instants:
                scan_id = new_id(at)
                db.execute(Scan.__table__.insert(), _scan(scan_id, scanner_id, venue_id, card, at))
                db.execute(
                    Visit.__table__.insert(), _visit(scan_id, scanner_id, venue_id, card, at)
                )

    return act


def read_all(holder, *, limit: int) -> list[dict]:
    visits, cursor = [], None
    for _ in range(100):
        query = {"limit": limit} | ({} if cursor is None else {"cursor": cursor})
        page = holder.read("visits", **query).json()
        assert len(page["visits"]) <= limit
        visits += page["visits"]
        cursor = page["next_cursor"]
        if cursor is None:
            return visits
    raise AssertionError("the pages never end")


def test_a_visit_is_in_the_history_as_it_was(holder, scanner) -> None:
    told = scanner.scan(holder.show(), children=2, assistant=True, category=Category.SCIENCE).json()

    (visit,) = holder.read("visits").json()["visits"]
    assert visit == {
        "visit_id": told["visit_id"],
        "venue_name": "Teatteri",
        "category": "science",
        "visited_at": "2026-11-22T12:00:05Z",
        "children": 2,
        "assistant": True,
        "voided_at": None,
        "counted": True,
        "event_name": None,
        "dispute": None,
    }


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 200])
def test_pages_have_no_gaps_and_no_doubles_also_with_equal_times(
    holder, desk, remember, limit
) -> None:
    card = desk.rows(Card)[0]
    remember(card, *[NOON - timedelta(days=day // 3) for day in range(7)])
    remember(card, *[NOON - timedelta(microseconds=n) for n in range(2)])

    visits = read_all(holder, limit=limit)

    assert len({visit["visit_id"] for visit in visits}) == len(visits) == 9
    times = [visit["visited_at"] for visit in visits]
    assert times == sorted(times, reverse=True)


def test_a_visit_that_comes_in_between_two_pages_moves_nothing(holder, desk, remember) -> None:
    card = desk.rows(Card)[0]
    remember(card, *[NOON - timedelta(days=day) for day in range(1, 4)])
    first = holder.read("visits", limit=2).json()
    remember(card, NOON)

    rest = holder.read("visits", limit=2, cursor=first["next_cursor"]).json()

    seen = [visit["visited_at"][:10] for visit in first["visits"] + rest["visits"]]
    assert seen == ["2026-11-21", "2026-11-20", "2026-11-19"]


def test_nobody_sees_anothers_visits(make_holder, scanner) -> None:
    one, other = make_holder(), make_holder()
    scanner.scan(one.show())
    for _ in range(2):
        cursor = one.read("visits", limit=1).json()["next_cursor"]
        assert cursor is None

    assert len(one.read("visits").json()["visits"]) == 1
    assert other.read("visits").json()["visits"] == []


def test_anothers_cursor_shows_only_ones_own(make_holder, desk, remember) -> None:
    one, other = make_holder(), make_holder()
    cards = {str(card.id): card for card in desk.rows(Card)}
    for holder, days in ((one, (1, 2, 3)), (other, (2, 4))):
        card = cards[holder.read("card").json()["card_id"]]
        remember(card, *[NOON - timedelta(days=day) for day in days])
    cursor = one.read("visits", limit=1).json()["next_cursor"]

    visits = other.read("visits", cursor=cursor).json()["visits"]

    assert [visit["visited_at"][:10] for visit in visits] == ["2026-11-20", "2026-11-18"]


def test_history_follows_the_holder_from_card_to_card(holder, scanner, desk, http, clock) -> None:
    scanner.scan(holder.show())
    old, new = desk.rows(Card)[0], desk.grant()
    desk.change_card(new.card.id, holder_id=old.holder_id)  # a renewed card follows the old one
    renewed = HttpHolder(http, clock)
    renewed.activate(new.activation_code)
    renewed.sign_in()

    assert len(renewed.read("visits").json()["visits"]) == 1


def _text(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


_ID = "01890000-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "å",
        "\x00",
        "AAAA====",
        "....",
        "A" * 200,
        _text("nonsense"),
        _text(f"2026-11-22T12:00:00+00:00 {_ID[:-1]}"),
        _text(f"0001-01-01T00:00:00+14:00 {_ID}"),
        _text(f"9999-12-31T23:59:59-14:00 {_ID}"),
        _text(f"2026-11-22T12:00:00 {_ID}"),
        _text(f"0001-01-01T00:00:00 {_ID}"),
        _text(f"2026-13-40T00:00:00+00:00 {_ID}"),
        _text(f"2026-11-22T12:00:00+00:00 {_ID} "),
        _text(" "),
        _text("\x00 \x00"),
    ],
)
def test_a_cursor_that_we_did_not_give_is_malformed(holder, cursor) -> None:
    assert refusal(holder.read("visits", cursor=cursor)) == (422, "malformed_cursor")


@pytest.mark.parametrize("cursor", ["A" * 201, "A" * 30_000])
def test_a_huge_cursor_is_refused(holder, cursor) -> None:
    assert refusal(holder.read("visits", cursor=cursor))[0] == 422


@pytest.mark.parametrize("limit", ["0", "-1", "201", "1e9", "", "x", "9" * 5000])
def test_a_page_has_from_1_to_200_visits(holder, limit) -> None:
    assert refusal(holder.read("visits", limit=limit)) == (422, "malformed_request")


def _scanner(db, venue_id):
    scanner = Scanner(
        id=new_id(NOON),
        venue_id=venue_id,
        name="Ovi",
        key_x=bytes(32),
        key_odd=False,
        enrolled_at=NOON,
    )
    db.add(scanner)
    db.flush()
    return scanner.id


def _scan(scan_id, scanner_id, venue_id, card, at) -> dict:
    return {
        "id": scan_id,
        "scanner_id": scanner_id,
        "venue_id": venue_id,
        "card_id": card.id,
        "category": "culture",
        "scanned_at": at,
        "closed_at": at,
        "received_at": at,
        "admitted": True,
        "children": 0,
        "assistant": False,
        "scanner_reasons": ["ok"],
        "register_reasons": ["ok"],
        "register_colour": "green",
        "outcome": "recorded",
        "differs": False,
    }


def _visit(scan_id, scanner_id, venue_id, card, at) -> dict:
    return {
        "id": new_id(at),
        "scan_id": scan_id,
        "holder_id": card.holder_id,
        "card_id": card.id,
        "venue_id": venue_id,
        "scanner_id": scanner_id,
        "event": "E",
        "sub": "q7Rk2-XzT0",
        "category": "culture",
        "visited_at": at,
        "recorded_at": at,
        "children": 0,
        "assistant": False,
        "again": False,
    }
