"""A local-only pilot keeps its cards in and others out, both ways, and leaves it to staff (R15)."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from server.area.models import Area
from server.area.rules import set_local_only
from server.distributor.models import Distributor
from server.scan.service import answer_card, record_scan
from shared.rules.admission import Colour, Reason
from shared.scan import CardQuestion, Category, ScanOutcome
from tests.factories import NOON, HolderPhone, make_area, make_report, make_scanner, make_venue


@pytest.fixture
def phone(db: Session, ring, settings) -> HolderPhone:
    return HolderPhone(db, ring=ring, settings=settings)


@pytest.fixture
def home(db: Session, phone) -> Area:
    distributor = db.get_one(Distributor, phone.card.distributor_id)
    return db.get_one(Area, distributor.area_id)


@pytest.fixture
def elsewhere(db: Session) -> Area:
    return make_area(db, "049", "Espoo")


@pytest.fixture
def told(db: Session, ring, settings):
    """What the register says of something read at a door of an area."""

    def record(area: Area, text: str, **over):
        scanner = make_scanner(db, venue=make_venue(db, area=area))
        at = over.pop("at", NOON)
        report = make_report(text, at=at, **over)
        return record_scan(db, scanner, report, ring=ring, settings=settings, now=at)

    return record


@pytest.fixture
def ask(db: Session, ring, settings):
    def act(scanner, question: CardQuestion):
        return answer_card(db, scanner, question, ring=ring, settings=settings, now=NOON)

    return act


def begin(area: Area, *, at=NOON - timedelta(days=1)) -> None:
    set_local_only(area, local_only=True, now=at)


@pytest.mark.parametrize("pilot", ["home", "elsewhere"])
def test_a_pilot_keeps_cards_apart_both_ways(phone, elsewhere, told, request, pilot) -> None:
    begin(request.getfixturevalue(pilot))
    receipt = told(elsewhere, phone.show())
    assert receipt.reasons == [Reason.LOCAL_ONLY]
    assert receipt.colour is Colour.AMBER
    assert receipt.differs  # the door could not know
    assert receipt.outcome is ScanOutcome.RECORDED  # somebody came in: nothing is refused


def test_a_card_of_a_pilot_works_at_home(phone, home, told) -> None:
    begin(home)
    assert told(home, phone.show()).reasons == [Reason.OK]


def test_without_a_pilot_a_card_works_everywhere(phone, elsewhere, told) -> None:
    assert told(elsewhere, phone.show()).reasons == [Reason.OK]


def test_a_pilot_says_nothing_of_what_was_read_before_it_began(phone, home, elsewhere, told):
    begin(home, at=NOON + timedelta(seconds=1))
    begin(elsewhere, at=NOON + timedelta(days=1))
    assert told(elsewhere, phone.show()).reasons == [Reason.OK]
    later = NOON + timedelta(seconds=30)
    assert Reason.LOCAL_ONLY in told(elsewhere, phone.show(now=later), at=later).reasons


def test_a_pilot_that_ended_keeps_nothing_apart(phone, home, elsewhere, told) -> None:
    begin(home)
    set_local_only(home, local_only=False, now=NOON)
    assert told(elsewhere, phone.show()).reasons == [Reason.OK]


def test_a_door_that_asks_about_a_card_is_told(  # noqa: PLR0913, PLR0917 - fixtures
    db, phone, home, elsewhere, told, ask
) -> None:
    scanner = make_scanner(db, venue=make_venue(db, area=elsewhere))
    question = CardQuestion(phone.card.code, Category.CULTURE)
    before = ask(scanner, question)
    begin(home)
    after = ask(scanner, question)
    assert (before.reasons, after.reasons) == ([Reason.OK_CODE], [Reason.LOCAL_ONLY])
    assert after.colour is Colour.AMBER
    online = told(elsewhere, phone.card.code, reasons=[Reason.LOCAL_ONLY])
    assert not online.differs


def test_a_worse_reason_stands_first(db, phone, home, elsewhere, told) -> None:
    begin(home)
    phone.card.blocked_at = NOON - timedelta(hours=1)
    db.flush()
    assert told(elsewhere, phone.show()).reasons == [Reason.REVOKED, Reason.LOCAL_ONLY]
