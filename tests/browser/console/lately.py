"""What has happened in the town lately, so that its pages have something to show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import httpx
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.area.models import Area
from server.broker.service import add_broker, allow
from server.card.desk import block_card
from server.clock import utc_now
from server.distributor.models import Distributor
from server.event.service import EventFacts, add_event
from server.grant.renewal import replace_card
from server.grant.service import CardRequest, grant_card
from server.limit.models import Counted, Period, UseLimit
from server.limit.service import set_limit
from server.venue.models import Venue
from server.venue.service import draw_pairing_code
from shared.scan import Category
from tests.browser.console.people import pair_scanner
from tests.browser.town import DESK, THEATRE, Town
from tests.factories import SECRET
from tests.server.callers import HttpScanner

LONGEST_NAME = "Kaupunginteatterinpäänäyttämönkahvionpuoleinensisäänkäynti-2"
"""60 characters without a space, as a scanner may be called."""
LONG_NAME = "Yhteisten unelmien ja hiljaisten laulujen ilta kaikenikäisille kuulijoille"
HOLDER: Mapping[str, object] = {
    "birth_year": 1975, "home_postcode": "33100", "children": 2, "grounds": "unemployment_benefit",
    "life_situation": "rehabilitating", "gender": "other",
}  # fmt: skip
TOLD_NOTHING: Mapping[str, object] = {
    "birth_year": 1958, "home_postcode": "33100", "children": 0, "grounds": "small_pension",
}  # fmt: skip
COMMUNITY: Mapping[str, object] = {
    "birth_year": None, "home_postcode": None, "children": 10, "community": True,
}  # fmt: skip


@dataclass(frozen=True)
class Lately:
    """The cards that the pages show."""

    card: UUID
    community: UUID
    blocked: UUID
    replaced: UUID


def happen(town: Town) -> Lately:
    """Let cards come and go, events be added, and two doors not hear each other."""
    now = utc_now()
    with town.sessions.begin() as db:
        desk = db.scalars(select(Distributor).where(Distributor.name == DESK)).one()
        card, community, blocked, replaced = (
            grant_card(db, desk, CardRequest(**asked), secret=SECRET, now=now).card  # type: ignore[arg-type]
            for asked in (HOLDER, COMMUNITY, TOLD_NOTHING, TOLD_NOTHING)
        )
        block_card(db, blocked, now=now)
        replace_card(db, replaced, now=now)
        _add_events(db, _theatre(db), now=now)
        _set_limits(db, _theatre(db), now=now)
    _scan_at_two_doors(town)
    return Lately(card.id, community.id, blocked.id, replaced.id)


def _add_events(db: Session, theatre: Venue, *, now: datetime) -> None:
    for name, in_days in (("Kolme sisarta", 1), (LONG_NAME, 2), ("Mennyt ilta", -2)):
        starts_at = now + timedelta(days=in_days)
        ends_at = starts_at + timedelta(hours=3)
        facts = EventFacts(
            name, Category.CULTURE, starts_at, ends_at, course=name == LONG_NAME, places=12,
            fee_cents=4000 if name == LONG_NAME else None, accessibility=("step_free", "captions"),
        )  # fmt: skip
        add_event(db, theatre, facts, now=now)


def _set_limits(db: Session, theatre: Venue, *, now: datetime) -> None:
    share = UseLimit(
        counted=Counted.USES, most=1, period=Period.ACADEMIC_YEAR, courses=True, covers_cents=2550
    )
    set_limit(db, db.get_one(Area, theatre.area_id), share, now=now)
    day = UseLimit(counted=Counted.PERSONS, most=200, period=Period.DAY, courses=False)
    set_limit(db, theatre, day, now=now)
    for name in ("Lippupiste", LONG_NAME):
        broker, _ = add_broker(db, name=name, secret=SECRET, now=now)
    allow(db, theatre.id, broker, now=now)


def _scan_at_two_doors(town: Town) -> None:
    phone, undone = town.phone(), town.phone()
    with httpx.Client(base_url=f"{town.url}/api/v1/") as http:
        front, back = (_scanner(town, http, name) for name in ("Pääovi", LONGEST_NAME))
        assert front.scan(phone.show(now=utc_now()), children=1).is_success
        assert back.scan(phone.show(now=utc_now()), children=2).is_success
        report = front.scan(undone.show(now=utc_now()), assistant=True)
        assert front.void(report.json()["scan_id"]).is_success


def _scanner(town: Town, http: httpx.Client, name: str) -> HttpScanner:
    with town.sessions.begin() as db:
        code = draw_pairing_code(db, _theatre(db), scanner_name=name, secret=SECRET, now=utc_now())
    return pair_scanner(http, code)


def _theatre(db: Session) -> Venue:
    return db.scalars(select(Venue).where(Venue.name == THEATRE)).one()
