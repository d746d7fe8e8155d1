"""What has happened in the town lately, so that its pages have something to show."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import httpx
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.area.models import Area
from server.broker.service import add_broker, allow
from server.card.desk import block_card
from server.card.models import Card
from server.clock import utc_now
from server.dispute.service import tell_dispute
from server.distributor.models import Distributor
from server.event.service import EventFacts, add_event
from server.grant.renewal import replace_card
from server.grant.service import CardRequest, grant_card
from server.ids import new_id
from server.limit.models import Counted, Period, UseLimit
from server.limit.service import set_limit
from server.paperform.table import read_rows
from server.paperform.work import LookOn, ask_for_lines
from server.report.rollup.cells import area_scope
from server.sheet.work import ask_for_sheets
from server.texts import Language
from server.venue.models import Venue
from server.venue.service import draw_pairing_code
from server.visit.models import Visit, Voiding
from server.work.models import Work, WorkKind, WorkState
from server.work.runner import Chunk, do_at_once
from server.work.service import cancel_work
from shared.scan import Category
from shared.visit import DisputeReport
from tests.browser.console.counted import let_have_been_counted
from tests.browser.console.people import pair_scanner
from tests.browser.console.places import DISTRIBUTOR, VENUE, access_of
from tests.browser.console.talk import let_talk
from tests.browser.town import DESK, THEATRE, Town
from tests.factories import SECRET
from tests.server.callers import HttpScanner
from tests.server.report.published import publish

LONGEST_NAME = "Kaupunginteatterinpäänäyttämönkahvionpuoleinensisäänkäynti-2"
"""60 characters without a space, as a scanner may be called."""
PATIENCE_S = 60
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
    looked_at: UUID
    """Lines from paper: one that can be recorded, and some that cannot."""
    running: UUID
    """Lines that are being recorded, by a process that never ends."""
    stopped: UUID
    ready: UUID
    """Sheets that wait to be downloaded."""
    sheets_stopped: UUID
    thread: UUID
    """Feedback of a holder, with an answer, and a post that is reported."""


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
        looked_at, running, stopped = _paper(db, town, card, now=now)
        ready = _sheets(db, desk, card, now=now)
        sheets_stopped = _sheets(db, desk, card, now=now)
        sheets_stopped.done, sheets_stopped.total = 120, 500
        cancel_work(sheets_stopped, now=now)
    _scan_at_two_doors(town)
    with town.sessions.begin() as db:
        thread_id = let_talk(db, _theatre(db))
    _say_not_mine(town)
    let_have_been_counted(town, now=now)
    _publish(town)
    _wait_for(town, ready)
    return Lately(
        card.id, community.id, blocked.id, replaced.id, looked_at.id, running.id, stopped.id,
        ready.id, sheets_stopped.id, thread_id,
    )  # fmt: skip


def _paper(db: Session, town: Town, card: Card, *, now: datetime) -> tuple[Work, Work, Work]:
    theatre = _theatre(db)
    asking = {"access_id": access_of(db, VENUE).id, "venue_id": theatre.id, "now": now}
    works = []
    for _ in range(3):
        rows = [
            {"day": "1.11.2026", "time": "18.00", "code": card.code, "category": "kulttuuri"},
            {"day": "31.2.2026", "code": card.code, "children": "2"},
            {"day": "1.11.2026", "code": LONGEST_NAME},
        ]
        lines = list(read_rows(rows, own=theatre.categories, now=now))
        work = ask_for_lines(db, lines, **asking)  # type: ignore[arg-type]
        do_at_once(LookOn(town.ring, town.settings), Chunk(db, work, now))
        works.append(work)
    for work in works[1:]:
        work.kind, work.done, work.total = WorkKind.PAPER_RECORD, 12_000, 50_000
    looked_at, running, stopped = works
    running.state, running.leased_by = WorkState.RUNNING, new_id(now)
    running.leased_until = now + timedelta(days=1)
    stopped.state = WorkState.CANCELLED
    return looked_at, running, stopped


def _sheets(db: Session, desk: Distributor, card: Card, *, now: datetime) -> Work:
    access_id = access_of(db, DISTRIBUTOR).id
    return ask_for_sheets(
        db, [card], language=Language.FINNISH, access_id=access_id, distributor_id=desk.id, now=now
    )


def _wait_for(town: Town, work: Work) -> None:
    for _ in range(PATIENCE_S):
        with town.sessions() as db:
            if db.get_one(Work, work.id).state is WorkState.DONE:
                return
        time.sleep(1)
    raise AssertionError("the sheets are not ready")


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
        counted=Counted.USES,
        most=1,
        period=Period.ACADEMIC_YEAR,
        courses=True,
        covers_cents=2550,
        category=Category.SPORT,
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


def _say_not_mine(town: Town) -> None:
    """Let the holder of the newest visit that stands say that it is not theirs."""
    with town.sessions.begin() as db:
        standing = select(Visit).outerjoin(Voiding, Voiding.visit_id == Visit.id)
        newest = standing.where(Voiding.visit_id.is_(None)).order_by(Visit.recorded_at.desc())
        visit = db.scalars(newest.limit(1)).one()
        card = db.get_one(Card, visit.card_id)
        tell_dispute(db, card, DisputeReport(uuid4(), visit.id), now=utc_now())


def _publish(town: Town) -> None:
    """Publish two years, with some figures that are hidden."""
    with town.sessions.begin() as db:
        [tampere] = db.scalars(select(Area).where(Area.municipality_code == "837"))
        scope = area_scope(tampere.id)
        hidden = {("uses", scope, "cat:education"), ("uses", scope, "cat:science")}
        publish(db, "2024", percent=80)
        publish(db, "2025", hidden=frozenset(hidden))
