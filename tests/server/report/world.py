"""A small made-up world with every kind of figure: areas, holders, wellbeing, stars, erasures."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from server.area.models import Area
from server.card.models import Card
from server.distributor.models import Distributor
from server.feedback.models import FeedbackThread
from server.ids import new_id
from server.mine.erasure import erase_holder
from server.venue.models import Scanner
from server.visit.models import Visit
from server.wellbeing.models import WellbeingConsent, WellbeingShare
from shared.wellbeing import Meter
from tests.factories import NOON, make_area, make_card, make_scanner, make_venue

JANUARY = datetime(2026, 1, 15, 12, tzinfo=UTC)


def make_desk(db: Session, code: str, name: str) -> tuple[Area, Distributor]:
    """Make an area that grants cards."""
    area = make_area(db, code, name)
    distributor = Distributor(id=new_id(NOON), area_id=area.id, name=name)
    db.add(distributor)
    db.flush()
    return area, distributor


def make_door(db: Session, area: Area, *categories: str) -> Scanner:
    """Make a venue with a scanner, from the beginning of the year."""
    venue = make_venue(db, area=area, categories=list(categories) or ["culture"])
    scanner = make_scanner(db, venue=venue)
    scanner.enrolled_at = JANUARY
    db.flush()
    return scanner


def grant(db: Session, distributor: Distributor, **over: object) -> Card:
    """Grant a card somewhere."""
    card, _ = make_card(db, **{"now": JANUARY} | over)
    card.distributor_id = distributor.id
    db.flush()
    return card


def share(db: Session, holder_id: UUID, meter: Meter, points: Iterable[int]) -> None:
    """Share points of the months from January on."""
    consent = WellbeingConsent(
        id=uuid4(), holder_id=holder_id, meter=meter, agreed_at=NOON, stopped_at=None
    )
    db.add(consent)
    db.flush()
    for n, one in enumerate(points):
        month = date(JANUARY.year, 1 + n, 1)
        db.add(
            WellbeingShare(
                id=uuid4(), consent_id=consent.id, holder_id=holder_id, meter=meter, month=month,
                points=one,
            )
        )  # fmt: skip
    db.flush()


def rate(db: Session, visit: Visit, stars: int | None) -> None:
    """Give stars to a visit."""
    db.add(
        FeedbackThread(
            id=uuid4(), holder_id=visit.holder_id, venue_id=visit.venue_id, visit_id=visit.id,
            stars=stars, latest_at=NOON, unanswered=True,
        )
    )  # fmt: skip
    db.flush()


def liven(db: Session, year: int, *, seed: int = 1, erased: int = 3) -> None:
    """Give a synthetic year what it lacks: shared wellbeing, stars, and erased holders."""
    chance = Random(seed)  # noqa: S311 - a test
    visits = db.execute(select(Visit.id, Visit.holder_id, Visit.venue_id).order_by(Visit.id)).all()
    threads = [
        {
            "id": uuid4(), "holder_id": holder, "venue_id": venue, "visit_id": visit,
            "stars": chance.choice([1, 3, 4, 4, 5, 5, 5]), "latest_at": NOON, "unanswered": False,
        }
        for visit, holder, venue in visits
        if chance.random() < 0.3
    ]  # fmt: skip
    db.execute(insert(FeedbackThread), threads)
    holders = sorted({holder for _, holder, _ in visits})
    consents, shares = [], []
    for holder in holders:
        for meter, most in ((Meter.MOOD, 5), (Meter.WHO5, 25)):
            if chance.random() < 0.5:
                continue
            key = {"holder_id": holder, "meter": meter}
            consent = {"id": uuid4(), "agreed_at": NOON, "stopped_at": None}
            consents.append(key | consent)
            for month in range(1, chance.choice([2, 3, 4, 13])):
                points = chance.randint(1, most) * (1 if meter is Meter.MOOD else 4)
                shares.append(
                    key
                    | {"id": uuid4(), "consent_id": consent["id"], "points": points}
                    | {"month": date(year, month, 1)}
                )
    db.execute(insert(WellbeingConsent), consents)
    db.execute(insert(WellbeingShare), shares)
    db.flush()
    for holder in chance.sample(holders, erased):
        erase_holder(db, holder, now=NOON + timedelta(days=1))
    db.flush()
