"""Erasing a holder: nothing leads back to them, and no group figure changes."""

from datetime import time
from uuid import uuid4

from sqlalchemy import func, select

from server.audit.models import AuditEntry
from server.card.models import Card, SignedCredential
from server.card.status import status_bits
from server.conflict.models import Conflict
from server.distributor.service import CardFilter, count_use, list_cards
from server.holder.models import Holder
from server.mine.erasure import erase_holder
from server.scan.models import Scan
from server.visit.counting import counts
from server.visit.models import Dispute, Visit, Voiding
from server.wellbeing.models import WellbeingConsent, WellbeingShare
from shared.rules.validity import HELSINKI
from shared.token.codes import print_code
from tests.factories import NOON, make_report
from tests.server.callers import (
    all_at_a_lock,
    fresh_nonce,
    one_session,
    refusal,
    send_proof,
)
from tests.server.mine.life import everything_kept, put, traces_of

CARD_LEFT = {("card", "id"), ("audit_entry", "card_id"), ("report_card", "card_id")}
"""The log cannot be changed, so the id of a card stays in it, and leads to a row that is blank."""
VISIT_LEFT = {("audit_entry", "subject_id")}
"""Likewise of a visit that was undone; it leads nowhere."""


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
    closed = make_holder()
    [first] = desk.rows(Card)
    moved = make_holder()
    [second] = [card for card in desk.rows(Card) if card.id != first.id]
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
