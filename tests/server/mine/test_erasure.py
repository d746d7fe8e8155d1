"""Erasing a holder: nothing leads back to them, and no group figure changes."""

from datetime import time, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from server.access.service import grant_access
from server.audit.models import AuditEntry
from server.audit.service import Act, note_act
from server.card.models import Card, SignedCredential
from server.card.paper import issue_paper_credential
from server.card.status import status_bits
from server.conflict.models import Conflict
from server.distributor.models import Distributor
from server.distributor.service import CardFilter, count_use, list_cards
from server.feedback.service import post_feedback
from server.grant.renewal import renew_card
from server.holder.models import Holder
from server.message.service import follow_venue
from server.mine.erasure import erase_holder
from server.paperform.table import read_rows
from server.paperform.work import ask_for_lines
from server.report.rollup import catch_up
from server.scan.models import Scan
from server.scan.quarantine import take_quarantined
from server.schema import METADATA
from server.sheet.work import ask_for_sheets
from server.texts import Language
from server.visit.counting import counts
from server.visit.models import Dispute, Visit, Voiding
from server.voiding.service import void_visit_of_area
from server.wellbeing.models import WellbeingConsent, WellbeingShare
from server.work.service import keep_file
from shared.feedback import NewFeedback
from shared.rules.validity import HELSINKI
from shared.scan import Category
from shared.token.codes import print_code
from tests.factories import NOON, SECRET, make_report
from tests.server.callers import (
    all_at_a_lock,
    fresh_nonce,
    one_session,
    refusal,
    send_proof,
)

CARD_LEFT = {("card", "id"), ("audit_entry", "card_id"), ("report_card", "card_id")}
"""The log cannot be changed, so the id of a card stays in it, and leads to a row that is blank."""
VISIT_LEFT = {("audit_entry", "subject_id")}
"""Likewise of a visit that was undone; it leads nowhere."""


def put(http, holder, path: str, **body):
    return http.put(path, json=body, headers=holder.speaking)


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


def everything_kept(engine) -> dict[tuple[str, str], str]:
    """Every value of every column of every table, as text, by table and column."""
    kept: dict[tuple[str, str], str] = {}
    with engine.connect() as connection:
        for table in METADATA.sorted_tables:
            for row in connection.execute(select(table)).mappings():
                for name, value in row.items():
                    place = (table.name, str(name))
                    kept[place] = f"{kept.get(place, '')}\n{written(value)}"
    return kept


def written(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def traces_of(desk, card: Card) -> set[str]:
    """All that could lead to the holder: ids, codes, names of credentials, keys."""
    cards = [one for one in desk.rows(Card) if one.holder_id == card.holder_id]
    ours = {one.id for one in cards}
    signed = [one for one in desk.rows(SignedCredential) if one.card_id in ours]
    found = {str(card.holder_id), *(str(one) for one in ours)}
    for one in cards:
        found |= {one.code}
        found |= {one.key_x.hex()} if one.key_x else set()
    found |= {one.sub for one in signed} | {one.raw.hex() for one in signed}
    return found | {one.sub for one in desk.rows(Visit)} | {print_code(card.code).lower()}


def erase(http, holder):
    return send_proof(http, "erasures", holder.proof())


def test_after_a_whole_life_nothing_leads_back_to_the_holder(life, desk, http, engine) -> None:
    holder, card = life
    visits = {str(one.id) for one in desk.rows(Visit)}
    traces = traces_of(desk, card) | visits
    kept_before = everything_kept(engine)
    for trace in traces:
        assert any(trace in text for text in kept_before.values()), trace
    filled = {table for table, _ in kept_before}
    assert {"conflict", "dispute", "sheet_page", "work_file", "paper_line", "activation"} <= filled
    assert {"feedback_post", "following", "report_use", "report_card"} <= filled

    assert erase(http, holder).json()["visits"] == 5

    kept = everything_kept(engine)
    left = dict.fromkeys((str(one.id) for one in desk.rows(Card)), CARD_LEFT)
    left |= dict.fromkeys(visits, VISIT_LEFT)
    for trace in traces:
        found = {place for place, text in kept.items() if trace in text}
        assert found <= left.get(trace, set()), (trace, found)
    for table in (Dispute, WellbeingShare, WellbeingConsent, Conflict):
        assert desk.count(table) == 0


def test_no_two_visits_can_be_laid_together_and_only_their_day_is_left(life, desk, http) -> None:
    holder, _ = life
    erase(http, holder)

    visits = desk.rows(Visit)
    assert {(v.holder_id, v.card_id, v.sub, v.shown_at_s) for v in visits} == {
        (None, None, "", None)
    }
    times = {at.astimezone(HELSINKI).time() for v in visits for at in (v.visited_at, v.recorded_at)}
    assert times == {time(12)}
    named = {entry.subject_id for entry in desk.rows(AuditEntry)} - {None}
    assert not named & ({v.id for v in visits} | {s.id for s in desk.rows(Scan)})


def group_figures(engine) -> list[tuple[object, ...]]:
    """What reports add up: uses by venue, category and day; readings; what was undone."""
    with one_session(engine) as db:
        counted = select(Visit.venue_id, Visit.category, Visit.children, Visit.visited_at).where(
            counts()
        )
        days = [(v, c, n, at.date()) for v, c, n, at in db.execute(counted)]
        numbers = [db.scalar(select(func.count()).select_from(t)) for t in (Scan, Visit, Voiding)]
        return [*sorted(days, key=str), tuple(numbers)]


def test_group_figures_stay(life, http, engine) -> None:
    holder, _ = life
    before = group_figures(engine)
    assert len(before) == 3, "of two doors at one event one counts"

    erase(http, holder)

    assert group_figures(engine) == before


def test_how_many_cards_were_used_stays_and_nobody_sees_the_card(  # noqa: PLR0913, PLR0917 - fixtures
    desk, http, engine, make_holder, make_scanner, clock
) -> None:
    scanner = make_scanner()
    holders = [make_holder() for _ in range(10)]
    for holder in holders[:5]:
        scanner.scan(holder.show())
    clock.advance(days=20)
    with one_session(engine) as db:
        before = count_use(db, desk.distributor.id, now=clock.now)
    assert (before.used, before.unused) == (5, 5)

    for holder in (holders[0], holders[9]):
        holder.sign_in()
        assert erase(http, holder).is_success

    with one_session(engine) as db:
        after = count_use(db, desk.distributor.id, now=clock.now)
        listed = list_cards(db, desk.distributor.id, CardFilter(), now=clock.now)
    assert (after.used, after.unused, after.in_force) == (5, 5, 8)
    assert len(listed) == 8
    assert all(card.erased_at is None for card in listed)


def test_doors_hear_that_the_card_is_closed_and_its_later_scans_make_no_visit(  # noqa: PLR0913, PLR0917 - fixtures
    desk, http, holder, scanner, engine, clock
) -> None:
    [card], [signed] = desk.rows(Card), desk.rows(SignedCredential)
    seen_before = make_report(holder.show())
    assert scanner.report(seen_before).json()["outcome"] == "recorded"
    scanned_offline, code = holder.show(), print_code(card.code)
    assert erase(http, holder).is_success

    with one_session(engine) as db:
        bits = status_bits(db, signed.place >> 16, now=clock.now)
    place = signed.place & 0xFFFF
    assert bits[place >> 3] >> (place & 7) & 1
    late = scanner.scan(scanned_offline)
    assert (late.json()["outcome"], late.json()["reasons"][0]) == ("no_visit", "unknown_key")
    assert scanner.scan(code).json()["reasons"] == ["code_unknown"]
    assert scanner.report(seen_before).json()["outcome"] == "already_recorded"
    assert desk.count(Visit) == 1


def test_the_phone_and_its_codes_open_nothing_any_more(desk, http, holder) -> None:
    [card] = desk.rows(Card)
    code = desk.another_code(card.id)
    assert erase(http, holder).is_success

    assert refusal(holder.read("card")) == (401, "sign_in_required")
    assert refusal(erase(http, holder)) == (401, "unknown_key"), "which tells that it is done"
    assert refusal(holder.activate(code)) == (404, "code_refused")


def test_a_bearer_alone_or_an_old_proof_erases_nobody(desk, http, holder) -> None:
    used = holder.proof()
    assert send_proof(http, "holder-sessions", used).is_success
    assert refusal(send_proof(http, "erasures", used)) == (401, "nonce_refused")
    assert refusal(http.post("erasures", headers=holder.speaking))[0] == 422
    own_nonce = holder.proof(nonce=bytes(16))
    assert refusal(send_proof(http, "erasures", own_nonce)) == (401, "nonce_refused")
    assert [card.erased_at for card in desk.rows(Card)] == [None]


def test_a_closed_card_can_be_erased_and_another_phones_cannot(
    desk, http, make_holder, clock
) -> None:
    closed, moved = make_holder(), make_holder()
    first, second = desk.rows(Card)
    desk.block(first.id)
    assert erase(http, closed).is_success

    nonce = fresh_nonce(http)
    new_phone = type(moved)(http, clock)
    new_phone.activate(desk.another_code(second.id), replace_phone=True)
    assert refusal(send_proof(http, "erasures", moved.proof(nonce))) == (401, "key_changed")


def test_another_holder_is_not_touched(http, make_holder, scanner) -> None:
    one, other = make_holder(), make_holder()
    for holder in (one, other):
        scanner.scan(holder.show())
    before = other.read("holder").json()

    assert erase(http, one).is_success

    assert other.read("holder").json() == before
    assert len(other.read("visits").json()["visits"]) == 1


def test_a_scan_in_the_same_instant_makes_a_visit_of_nobody_or_none(
    desk, http, holder, scanner, engine
) -> None:
    proof, text = holder.proof(), holder.show()

    erased, scanned = all_at_a_lock(
        engine,
        select(Card),
        lambda: send_proof(http, "erasures", proof),
        lambda: scanner.scan(text),
    )

    assert erased.is_success
    assert scanned.is_success
    assert [visit.holder_id for visit in desk.rows(Visit)] in ([], [None])
    assert [scan.card_id for scan in desk.rows(Scan)] == [None]


def test_what_the_phone_sends_meanwhile_is_refused_and_not_kept(
    desk, http, holder, scanner, engine
) -> None:
    visit_id = scanner.scan(holder.show()).json()["visit_id"]
    proof = holder.proof()
    told = {"dispute_id": str(uuid4()), "visit_id": visit_id}
    shared = {"meter": "who5", "months": [{"month": "2026-11-01", "points": 48}]}

    answers = all_at_a_lock(
        engine,
        select(Card),
        lambda: send_proof(http, "erasures", proof),
        lambda: http.post("disputes", json=told, headers=holder.speaking),
        lambda: put(http, holder, f"wellbeing-sharings/{uuid4()}", **shared),
    )

    assert answers[0].is_success
    for answer in answers[1:]:
        assert answer.is_success or refusal(answer)[1] == "sign_in_required"
    assert (desk.count(Dispute), desk.count(WellbeingShare)) == (0, 0)


def test_a_desk_can_erase_a_holder_without_a_phone(desk, engine, clock) -> None:
    card = desk.grant().card
    with one_session(engine) as db:
        erase_holder(db, card.holder_id, now=clock.now)

    [left] = desk.rows(Card)
    assert left.erased_at == clock.now
    assert (left.birth_year, left.home_postcode, left.children) == (None, None, 0)
    assert [holder.id for holder in desk.rows(Holder)] == [left.holder_id]
    assert left.holder_id != card.holder_id
    assert left.granted_at == NOON
