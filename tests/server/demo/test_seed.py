"""The demo: a small network that is made once, and codes to try it with."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from server.app import create_app
from server.card.models import Activation, Card, SignedCredential
from server.demo.accesses import fresh_broker_key
from server.demo.seed import DEMO_HISTORY_S, fresh_codes, seed_demo
from server.keygen import make_keys
from server.schema import METADATA
from server.signing import load_key_ring
from server.venue.models import Pairing, Venue
from server.visit.models import Visit
from tests.factories import NOON
from tests.server.callers import HttpHolder, HttpScanner, one_session


@pytest.fixture(scope="module")
def old_ring(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo-keys")
    now_s = int(NOON.timestamp())
    make_keys(
        keys_dir=folder, roots_dir=folder / "roots", from_s=now_s - DEMO_HISTORY_S, now_s=now_s
    )
    return load_key_ring(folder, now_s=now_s)


@pytest.fixture
def seeded(engine, old_ring, settings):
    with one_session(engine) as db:
        seed_demo(db, ring=old_ring, settings=settings, now=NOON)
    return engine


def sizes(engine) -> dict[str, int]:
    with one_session(engine) as db:
        return {
            name: db.scalar(select(func.count()).select_from(table))
            for name, table in METADATA.tables.items()
        }


def test_there_are_twelve_cards_three_venues_and_visits(seeded) -> None:
    with one_session(seeded) as db:
        visits = db.scalars(select(Visit)).all()

    there = sizes(seeded)
    assert (there["card"], there["venue"], there["area"]) == (12, 3, 1)
    assert there["visit"] == there["scan"] == 33
    assert all(visit.visited_at <= NOON for visit in visits)
    assert len({visit.venue_id for visit in visits}) == 3


def test_seeding_again_changes_nothing(seeded, old_ring, settings) -> None:
    before = sizes(seeded)

    with one_session(seeded) as db:
        seed_demo(db, ring=old_ring, settings=settings, now=NOON + timedelta(days=1))

    assert sizes(seeded) == before


def test_the_history_is_genuine_all_green(seeded) -> None:
    with one_session(seeded) as db:
        visits = db.scalars(select(Visit)).all()
        assert not any(visit.again for visit in visits)
        unrevoked = select(SignedCredential).where(SignedCredential.revoked_at.is_(None))
        assert db.scalars(unrevoked).all() == []  # every card is off its phone, ready to try
        assert db.scalars(select(Card).where(Card.key_x.is_not(None))).all() == []


def test_fresh_codes_are_good_and_for_every_card_that_can_be_tried(
    seeded, settings, clock, demo_http
) -> None:
    with one_session(seeded) as db:
        codes = fresh_codes(db, settings=settings, now=NOON)
        cards = db.scalars(select(Card)).all()
        used = db.scalars(select(Activation).where(Activation.used_at.is_not(None))).all()
    closed = sum(card.blocked_at is not None for card in cards)
    over = sum(card.last_valid_on < NOON.date() for card in cards)

    assert len(codes.activations) == 12 - closed - over == 10
    assert (len(codes.pairings), len(codes.cards)) == (3, 12)
    assert used
    for code in codes.activations[:3]:
        holder = HttpHolder(demo_http, clock)
        assert holder.activate(code.code).is_success
        assert holder.sign_in().is_success
    for code in codes.pairings:
        scanner = HttpScanner(demo_http, clock)
        assert scanner.pair(code.code).is_success
        assert scanner.sign_in().is_success
    known = scanner.ask(
        "card-questions", f'{{"text": "{codes.cards[0].code}", "category": "sport"}}'
    )
    assert known.json()["reasons"] != ["code_unknown"]


def test_a_holder_of_the_demo_sees_the_history(seeded, settings, clock, demo_http) -> None:
    with one_session(seeded) as db:
        codes = fresh_codes(db, settings=settings, now=NOON)
    seen = []
    for code in codes.activations:
        holder = HttpHolder(demo_http, clock)
        holder.activate(code.code)
        holder.sign_in()
        seen.append(len(holder.read("visits").json()["visits"]))

    assert sorted(seen) == [0, 0, 0, 0, 1, 2, 2, 4, 9, 12]


@pytest.fixture
def demo_http(seeded, settings, old_ring, clock):
    app = create_app(seeded, settings, ring=old_ring, clock=clock)
    with TestClient(app, base_url="http://testserver/api/v1/") as http:
        yield http


def test_every_pairing_code_belongs_to_a_venue(seeded, settings) -> None:
    with one_session(seeded) as db:
        fresh_codes(db, settings=settings, now=NOON)
        unused = db.scalars(select(Pairing).where(Pairing.used_at.is_(None))).all()
        venues = db.scalars(select(Venue.id)).all()

    assert sorted(pairing.venue_id for pairing in unused) == sorted(venues)


def test_the_broker_of_the_demo_may_record_for_every_venue(seeded, settings, demo_http) -> None:
    keys = []
    for _ in range(2):
        with one_session(seeded) as db:
            keys.append(fresh_broker_key(db, settings=settings, now=NOON))

    before, now = (
        demo_http.get("broker", headers={"Authorization": f"Bearer {key}"}) for key in keys
    )
    assert before.status_code == 401
    assert len(now.json()["venues"]) == 3
