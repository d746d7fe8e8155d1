"""A life in the register."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from server.access.service import grant_access
from server.audit.service import Act, note_act
from server.card.models import Card
from server.card.paper import issue_paper_credential
from server.distributor.models import Distributor
from server.feedback.service import post_feedback
from server.grant.renewal import renew_card
from server.message.service import follow_venue
from server.paperform.table import read_rows
from server.paperform.work import ask_for_lines
from server.report.rollup.upkeep import catch_up
from server.scan.models import Scan
from server.scan.quarantine import take_quarantined
from server.sheet.work import ask_for_sheets
from server.texts import Language
from server.visit.models import Visit
from server.voiding.service import void_visit_of_area
from server.work.service import keep_file
from shared.feedback import NewFeedback
from shared.scan import Category
from shared.token.codes import print_code
from tests.factories import SECRET, make_report
from tests.server.callers import (
    one_session,
)
from tests.server.mine.life import put


@pytest.fixture
def life(http, engine, desk, clock, make_holder, make_scanner, ring, settings):  # noqa: PLR0913, PLR0915, PLR0917 - a life
    """A holder to whom everything has happened that can; gives the phone and the first card."""
    holder = make_holder(
        grounds="income_support", life_situation="studying", gender="woman", children=1
    )
    [card] = desk.rows(Card)
    venue = desk.venue()
    front, back = make_scanner(venue), make_scanner(venue)
    old = make_report(print_code(card.code), at=clock.now - timedelta(days=40))
    shown = holder.show()
    undone = front.scan(shown, category=Category.SPORT).json()["scan_id"]
    assert front.void(undone).is_success
    assert front.scan(shown).json()["outcome"] == "recorded"
    assert back.scan(holder.show()).json()["outcome"] == "recorded"
    assert front.scan(holder.show(), admitted=False).is_success
    code_read = front.scan(print_code(card.code), category=Category.SCIENCE)
    assert code_read.json()["outcome"] == "recorded"
    with one_session(engine) as db:
        old_card = db.get_one(Card, card.id)
        access, _ = grant_access(
            db, db.get_one(Distributor, desk.distributor.id), handle="asema", secret=SECRET,
            now=clock.now,
        )  # fmt: skip
        issue_paper_credential(
            db, old_card, ring=ring, status_lists=settings.status_lists, now=clock.now
        )
        note_act(db, Act.CARD_GRANTED, access_id=access.id, card_id=card.id, now=clock.now)
        sheets = ask_for_sheets(
            db, [old_card], language=Language.FINNISH, access_id=access.id,
            distributor_id=desk.distributor.id, now=clock.now,
        )  # fmt: skip
        keep_file(db, sheets, b"sealed")
        spelt = print_code(card.code).lower()
        rows = [{"day": "22.11.2026", "code": spelt}, {"day": "kauan sitten", "code": card.code}]
        lines = list(read_rows(rows, own=venue.categories, now=clock.now))
        ask_for_lines(db, lines, access_id=access.id, venue_id=venue.id, now=clock.now)
    desk.another_code(card.id)
    front.report(old)
    with one_session(engine) as db:
        waiting = db.scalars(select(Scan).where(Scan.outcome == "quarantined")).all()
        for scan in waiting:
            take_quarantined(db, desk.area_id, scan.id, now=clock.now)
            note_act(
                db, Act.SCAN_TAKEN, access_id=access.id, card_id=card.id, subject_id=scan.id,
                now=clock.now,
            )  # fmt: skip
        taken = db.scalars(select(Visit).where(Visit.category == Category.SCIENCE)).one()
        void_visit_of_area(db, desk.area_id, taken.id, access_id=access.id, now=clock.now)
        note_act(
            db, Act.VISIT_UNDONE, access_id=access.id, card_id=card.id, subject_id=taken.id,
            now=clock.now,
        )  # fmt: skip
    standing = [v for v in holder.read("visits").json()["visits"] if v["voided_at"] is None]
    told = {"dispute_id": str(uuid4()), "visit_id": standing[0]["visit_id"]}
    assert http.post("disputes", json=told, headers=holder.speaking).is_success
    shared = {"meter": "mood", "months": [{"month": "2026-11-01", "points": 2}]}
    assert put(http, holder, f"wellbeing-sharings/{uuid4()}", **shared).is_success
    with one_session(engine) as db:
        visit_id, place = UUID(standing[0]["visit_id"]), card.holder_id
        post_feedback(db, place, NewFeedback(uuid4(), visit_id, "Kiitos!", 5), now=clock.now)
        follow_venue(db, place, venue.id, now=clock.now)
    with one_session(engine) as db:
        while catch_up(db):
            pass
    clock.advance(days=320)
    with one_session(engine) as db:
        renew_card(db, db.get_one(Card, card.id), now=clock.now)
    assert holder.sign_in().is_success
    assert holder.renew().is_success
    return holder, card
