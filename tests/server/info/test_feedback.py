"""Feedback about accessibility: sent by anybody, answered in time, read with a code (R32)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from server.access.models import Access
from server.audit.models import AuditEntry
from server.ids import new_id
from server.info.models import AccessibilityFeedback
from server.info.service import answer_feedback, clean, send_feedback
from server.signin.codes import draw_code
from server.signin.models import WrongTry
from shared.token.codes import CodeKind
from tests.factories import NOON, SECRET
from tests.server.console.conftest import words
from tests.server.info.conftest import alerted, reply_code


def stored(network) -> list[AccessibilityFeedback]:
    with network.sessions() as db:
        return list(db.scalars(select(AccessibilityFeedback).order_by(AccessibilityFeedback.id)))


def send(browser, text="En löydä hakua.", **over):
    return browser.submit("/info/feedback", words=text, **over)


def read(browser, code, **over):
    return browser.submit("/info/feedback/answer", code=code, **over)


def test_a_message_is_answered_in_time_and_read_again_and_again(
    network, reader, coordinator, clock
) -> None:
    sent = send(reader, "Nappi on\r\nliian pieni.")
    assert sent.status_code == 200
    assert "viimeistään 6.12.2026" in words(sent)
    code = reply_code(sent)
    [one] = stored(network)
    assert (one.words, one.due_on) == ("Nappi on\nliian pieni.", date(2026, 12, 6))
    assert code.replace("-", "").encode() not in one.reply_hash
    assert "Se tulee viimeistään 6.12.2026" in words(read(reader, code))

    shown = coordinator.open("/feedback").text
    assert "Nappi on<br>liian pieni." in shown
    assert "Vastaa viimeistään 6.12.2026" in shown
    assert "Myöhässä" not in shown
    done = coordinator.submit(f"/feedback/{one.id}/answer", answer="Suurennamme nappia.")
    assert done.headers["location"] == "/console/feedback?done=1"
    assert "Vastattu 22.11.2026" in words(coordinator.open("/feedback"))
    assert "vastuu-1" in words(coordinator.open("/feedback"))

    clock.advance(days=40)
    for typed in (code, code.lower().replace("-", " ")):
        answer = words(read(network.browser(), typed))
        assert "Suurennamme nappia." in answer
        assert "Nappi on" in answer
        assert "vastuu-1" not in answer
    with network.sessions() as db:
        [entry] = db.scalars(select(AuditEntry).where(AuditEntry.act == "feedback_answered"))
        access = db.scalars(select(Access).where(Access.handle == "vastuu-1")).one()
        assert (entry.access_id, entry.subject_id) == (access.id, one.id)


@pytest.mark.parametrize(
    ("sent_at", "due_on"),
    [
        (datetime(2026, 11, 22, 21, 59, tzinfo=UTC), date(2026, 12, 6)),
        (datetime(2026, 11, 22, 22, 0, tzinfo=UTC), date(2026, 12, 7)),  # midnight in Helsinki
        (datetime(2026, 10, 24, 21, 0, tzinfo=UTC), date(2026, 11, 8)),  # summer time ends
    ],
)
def test_the_fourteen_days_are_days_in_helsinki(db, sent_at, due_on) -> None:
    sent, _ = send_feedback(db, "Hei", client="c", secret=SECRET, now=sent_at)
    assert sent.due_on == due_on


def test_what_is_late_comes_first_and_says_so_to_both(network, reader, clock) -> None:
    code = reply_code(send(reader, "Ensimmäinen"))
    clock.advance(days=14)
    send(reader, "Toinen")
    assert "Myöhässä" not in words(network.browser("keskus").open("/feedback"))
    clock.advance(hours=10)  # midnight has passed
    shown = words(network.browser("keskus").open("/feedback"))
    assert shown.count("Myöhässä: vastauksen piti tulla viimeistään 6.12.2026") == 1
    assert shown.index("Ensimmäinen") < shown.index("Toinen")
    assert "Voit ilmoittaa siitä Traficomille" in words(read(reader, code))


@pytest.mark.parametrize(
    ("text", "status", "says"),
    [
        ("", 422, "Kirjoita, mitä haluat kertoa."),
        (" \r\n\0 ", 422, "Kirjoita, mitä haluat kertoa."),
        ("ä" * 4001, 422, "Lyhennä se 4 000 merkkiin."),
        ("ä" * 4000, 200, ""),
        ("ä\r\n" * 1999 + "ää", 200, ""),  # a line end is one character, as the browser counts
    ],
)
def test_a_message_has_from_1_to_4000_characters(network, reader, text, status, says) -> None:
    answer = send(reader, text)
    assert (answer.status_code, len(stored(network))) == (status, status == 200)
    assert alerted(answer).endswith(says)
    if status == 422:
        assert 'aria-describedby="words-error words-help"' in answer.text
        assert text.strip("\0 \r\n") in answer.text  # what was typed is not lost


def test_a_message_is_text_and_never_html(network, reader, coordinator) -> None:
    evil = '</textarea><script>alert(1)</script><img src=x onerror="x">'
    code = reply_code(send(reader, evil))
    [one] = stored(network)
    coordinator.submit(f"/feedback/{one.id}/answer", answer=evil)
    pages = [
        coordinator.open("/feedback"),
        read(reader, code),
        send(reader, evil + "x" * 4000),
        coordinator.submit(f"/feedback/{one.id}/answer", answer=evil),
    ]
    for answer in pages:
        assert "<script" not in answer.text
        assert "<img" not in answer.text
        assert "&lt;script&gt;" in answer.text


def test_what_databases_refuse_is_left_out() -> None:
    assert clean(" a\0b\x1b\r\nc\ud800\té👩\N{ZERO WIDTH JOINER}🦽 ") == "ab\nc\té👩‍🦽"


def test_five_messages_an_hour_from_one_place(network, reader, clock) -> None:
    for _ in range(5):
        assert send(reader).status_code == 200
        clock.advance(minutes=1)
    refused = send(reader, "Kuudes")
    assert refused.status_code == 429
    assert "Odota 55 min" in alerted(refused)
    assert "Kuudes" in refused.text
    assert len(stored(network)) == 5
    assert send(network.browser(client=("198.51.100.7", 1))).status_code == 200
    clock.advance(minutes=56)
    assert send(reader).status_code == 200


def test_nothing_tells_who_sent_a_message(network, reader, clock) -> None:
    send(reader)
    columns = set(AccessibilityFeedback.__table__.columns.keys())
    assert columns == {
        "id", "words", "reply_hash", "sent_at", "due_on", "answer", "answered_at", "answered_by_id",
    }  # fmt: skip
    clock.advance(minutes=61)
    send(network.browser(client=("198.51.100.7", 1)))
    with network.sessions() as db:
        assert len(db.scalars(select(WrongTry)).all()) == 1  # the first sender is forgotten


def test_a_wrong_code_shows_nothing_and_five_are_enough(network, reader, clock) -> None:
    code = reply_code(send(reader))
    for _ in range(9):
        assert read(reader, "AAAA-AAAA-AAAA").status_code == 422  # a typing error is no guess
    for _ in range(5):
        answer = read(reader, draw_code(CodeKind.ACTIVATION))
        assert answer.status_code == 404
        assert alerted(answer).endswith("Tarkista koodi.")
    locked = read(reader, code)
    assert locked.status_code == 429
    assert "En löydä hakua." not in locked.text
    assert network.sign_in(reader, "vastuu-1").status_code == 303  # signing in is another matter
    clock.advance(minutes=61)
    assert "En löydä hakua." in read(network.browser(), code).text


def test_the_reader_keeps_plain_finnish(reader) -> None:
    assert 'name="language" value="selko"' in reader.open("/info/accessibility?language=selko").text
    sent = send(reader, language="selko")
    assert "Saimme viestisi." in words(sent)
    assert "Vastaus tulee viimeistään" in words(read(reader, reply_code(sent), language="selko"))


@pytest.mark.parametrize("handle", ["jakaja-1", "kohde-1"])
def test_others_neither_see_nor_answer(network, reader, handle) -> None:
    send(reader)
    [one] = stored(network)
    other = network.browser(handle)
    assert other.open("/feedback").status_code == 403
    assert other.submit(f"/feedback/{one.id}/answer", answer="Ei").status_code == 403
    assert 'href="/console/feedback"' not in other.open("/info/privacy").text
    assert reader.open("/feedback").status_code == 401
    assert stored(network)[0].answer is None


@pytest.mark.parametrize("handle", ["vastuu-1", "vastuu-2", "keskus"])
def test_every_coordinator_and_the_service_may_answer(network, reader, handle) -> None:
    send(reader)
    [one] = stored(network)
    browser = network.browser(handle)
    assert 'href="/console/feedback" aria-current="page"' in browser.open("/feedback").text
    assert browser.submit(f"/feedback/{one.id}/answer", answer="Kiitos").status_code == 303
    assert stored(network)[0].answer == "Kiitos"


@pytest.mark.parametrize("typed", ["", " ", "x" * 4001])
def test_a_mistake_in_an_answer_stores_nothing_and_loses_nothing(
    network, reader, national, typed
) -> None:
    send(reader, "Yksi")
    send(reader, "Kaksi")
    one, _ = stored(network)
    answer = national.submit(f"/feedback/{one.id}/answer", answer=typed)
    assert answer.status_code == 422
    assert f'id="answer-{one.id}-error"' in answer.text
    assert f'<a href="#answer-{one.id}">' in answer.text
    assert answer.text.count("x" * 4001) == typed.count("x" * 4001)
    assert stored(network)[0].answered_at is None


def test_the_first_answer_stands(network, reader, coordinator, national) -> None:
    send(reader)
    [one] = stored(network)
    coordinator.submit(f"/feedback/{one.id}/answer", answer="Ensin")
    late = national.submit(f"/feedback/{one.id}/answer", answer="Sitten")
    assert late.status_code == 422
    assert "Joku on jo vastannut" in alerted(late)
    assert "Sitten" in late.text
    assert stored(network)[0].answer == "Ensin"
    nothing = national.submit(f"/feedback/{new_id(NOON)}/answer", answer="Hei")
    assert nothing.status_code == 404
    with network.sessions() as db:
        assert len(db.scalars(select(AuditEntry)).all()) == 1


def test_long_lists_go_on_from_page_to_page(network, national) -> None:
    with network.sessions.begin() as db:
        access_id = db.scalars(select(Access.id).where(Access.handle == "keskus")).one()
        for number in range(104):
            at = NOON + timedelta(seconds=number)
            text = f"viesti-{number:03}."
            sent, _ = send_feedback(db, text, client=str(number), secret=SECRET, now=at)
            db.flush()
            if number >= 52:
                answer_feedback(db, sent.id, "Kiitos", access_id=access_id, now=at)
    first = national.open("/feedback").text
    assert [f"viesti-{n:03}." in first for n in (0, 49, 50, 51, 103, 54, 53, 52)] == [
        True, True, False, False, True, True, False, False,
    ]  # fmt: skip
    ids = [one.id for one in stored(network)]
    assert "viesti-051." in national.open(f"/feedback?after={ids[49]}").text
    assert f"/console/feedback?after={ids[49]}" in first
    assert f"/console/feedback?before={ids[54]}" in first
    assert "viesti-052." in national.open(f"/feedback?before={ids[54]}").text


def test_a_message_from_another_site_is_refused(network, reader) -> None:
    headers = {"sec-fetch-site": "cross-site"}
    answer = reader.post("/console/info/feedback", data={"words": "Hei"}, headers=headers)
    assert answer.status_code == 403
    assert stored(network) == []
