"""A venue reads and answers feedback, its coordinator decides; nobody learns who wrote."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from server.audit.models import AuditEntry
from server.event.models import Event
from server.feedback.models import FeedbackPost, FeedbackThread
from server.feedback.pseudonyms import pseudonym_of
from server.feedback.service import post_feedback, post_reply, read_thread, report_post
from server.ids import new_id
from server.scan.service import record_scan
from server.venue.models import Scanner, Venue
from server.visit.models import Visit
from shared.feedback import NewFeedback, NewReply
from shared.scan import Category
from tests.factories import NOON, SECRET, HolderPhone, make_report, make_scanner
from tests.server.console.conftest import field_of, words

VISITED_AT = NOON - timedelta(hours=3, minutes=17)


class Told:
    """Feedback that somebody gave: the phone, the thread and its first post."""

    def __init__(self, network, phone: HolderPhone, thread) -> None:
        self.network, self.phone = network, phone
        self.holder_id = phone.card.holder_id
        self.thread_id, self.venue_id = thread.thread_id, thread.venue_id
        self.post_id = thread.posts[0].post_id
        self.path = f"/visitor-feedback/{thread.thread_id}"

    @property
    def number(self) -> str:
        number = pseudonym_of(self.holder_id, self.venue_id, secret=SECRET)
        return f"{number:,}".replace(",", " ")

    def read(self):
        with self.network.sessions() as db:
            return read_thread(db, self.holder_id, self.thread_id)

    def reply(self, text: str, *, at=NOON):
        with self.network.sessions.begin() as db:
            told = NewReply(new_id(at), text)
            return post_reply(db, self.holder_id, self.thread_id, told, now=at)

    def report(self, post_id):
        with self.network.sessions.begin() as db:
            return report_post(db, self.holder_id, post_id, now=NOON)


@pytest.fixture
def tell(network, ring, settings):
    """Let a holder visit a venue and tell of it."""

    def act(text="Oli hyvä ilta.", *, place="Teatteri 1", phone=None, stars=None, **over) -> Told:
        with network.sessions.begin() as db:
            venue = db.scalars(select(Venue).where(Venue.name == place)).one()
            phone = phone or HolderPhone(db, ring=ring, settings=settings, now=VISITED_AT)
            made = make_scanner(db, venue=venue)
            one = select(Scanner).where(Scanner.id == made.id).options(joinedload(Scanner.venue))
            report = make_report(phone.show(now=VISITED_AT), at=VISITED_AT, **over)
            record_scan(
                db, db.scalars(one).one(), report, ring=ring, settings=settings, now=VISITED_AT
            )
            visit_id = db.scalars(select(Visit.id).where(Visit.scan_id == report.scan_id)).one()
            told = NewFeedback(new_id(NOON), visit_id, text, stars)
            thread = post_feedback(db, phone.card.holder_id, told, now=NOON)
            return Told(network, phone, thread)

    return act


def acts(network) -> list[str]:
    with network.sessions() as db:
        return [entry.act for entry in db.scalars(select(AuditEntry).order_by(AuditEntry.id))]


def test_a_venue_reads_answers_and_the_holder_reads_the_answer(network, venue, tell) -> None:
    told = tell("Hissi oli rikki.\n<b>Muuten</b> hyvä", stars=4)
    listed = venue.open("/visitor-feedback")
    assert f"Kävijä {told.number}" in words(listed)
    assert "4/5" in words(listed)
    thread = venue.open(told.path)
    assert "Hissi oli rikki.<br>" in thread.text
    assert "&lt;b&gt;Muuten&lt;/b&gt; hyvä" in thread.text

    answer = venue.submit(
        f"{told.path}/answer", words="Kiitos! Soita 0401234567",
        post_id=field_of(thread, "post_id"),
    )  # fmt: skip
    assert answer.headers["location"].endswith("?done=answered")
    assert [post.words for post in told.read().posts][1:] == ["Kiitos! Soita ⟦phone⟧"]
    assert "[puhelinnumero poistettu]" in words(venue.open(told.path))
    assert told.number in words(venue.open("/visitor-feedback?show=answered"))
    assert "Tällaisia ei ole" in words(venue.open("/visitor-feedback?show=open"))
    assert acts(network) == ["visitor_answered"]


def test_an_answer_sent_twice_is_one_answer(network, venue, tell) -> None:
    told = tell()
    form = {"words": "Kiitos!", "post_id": field_of(venue.open(told.path), "post_id")}
    for _ in range(2):
        assert venue.submit(f"{told.path}/answer", **form).status_code == 303
    assert len(told.read().posts) == 2
    assert acts(network) == ["visitor_answered"]


@pytest.mark.parametrize(
    ("typed", "says"),
    [(" \n", "Kirjoita vastaus."), ("pitkä <i> " * 300, "Lyhennä se 2 000 merkkiin")],
)
def test_an_answer_that_cannot_be_sent_is_kept_in_the_form(venue, tell, typed, says) -> None:
    told = tell()
    answer = venue.submit(f"{told.path}/answer", words=typed, post_id=str(new_id(NOON)))
    assert answer.status_code == 422
    assert says in words(answer)
    assert typed.strip().replace("<", "&lt;").replace(">", "&gt;") in answer.text
    assert len(told.read().posts) == 1


def test_ten_answers_a_day_and_no_siege(venue, tell) -> None:
    told = tell()
    for number in range(10):
        assert venue.submit(f"{told.path}/answer", words=f"{number}").status_code == 303
    assert "Jatka huomenna" in words(venue.submit(f"{told.path}/answer", words="11"))


def test_a_venue_sees_nothing_that_leads_to_the_holder_or_to_a_line_of_its_visits(
    network, venue, tell
) -> None:
    told = tell(stars=5)
    with network.sessions() as db:
        visit = db.scalars(select(Visit)).one()
    card = told.phone.card
    secrets = [told.holder_id, card.id, card.code, visit.id, visit.scan_id, card.birth_year]
    secrets.append(told.post_id)
    local = VISITED_AT + timedelta(hours=2)
    times = [f"{local.hour}.{local.minute:02}", f"{local.hour}:{local.minute:02}", "11/2026"]
    for path in ("/visitor-feedback", told.path):
        page = venue.open(path)
        for secret in [*secrets, *times]:
            assert str(secret) not in page.text, (path, secret)
        of_the_form = re.sub(r'name="post_id" value="[^"]*"', "", page.text)
        ids = {UUID(found) for found in re.findall(r"[0-9a-f-]{36}", of_the_form)}
        assert {one.version for one in ids} <= {4}, "an id of version 7 tells when it was made"
    assert times[0] in words(venue.open("/visits"))


def test_a_pseudonym_stays_at_one_venue_and_is_another_elsewhere(network, venue, tell) -> None:
    first = tell("Yksi")
    second = tell("Kaksi", phone=first.phone)
    elsewhere = tell("Kolme", phone=first.phone, place="Teatteri 2")
    assert first.number == second.number != elsewhere.number
    assert words(venue.open("/visitor-feedback")).count(f"Kävijä {first.number}") == 2
    there = network.browser("kohde-2").open("/visitor-feedback")
    assert f"Kävijä {elsewhere.number}" in words(there)
    assert first.number not in words(there)


def test_the_event_is_named_when_five_holders_came_and_the_month_too(network, venue, tell) -> None:
    with network.sessions.begin() as db:
        mine = db.scalars(select(Venue).where(Venue.name == "Teatteri 1")).one()
        concert = Event(
            id=new_id(NOON), venue_id=mine.id, name="Konsertti", category=Category.CULTURE,
            starts_at=VISITED_AT - timedelta(hours=1), ends_at=NOON,
        )  # fmt: skip
        db.add(concert)
    told = [tell(event_id=concert.id) for _ in range(4)]
    page = words(venue.open(told[0].path))
    assert "Konsertti" not in page
    assert "11/2026" not in page
    other = tell()
    assert "11/2026" in words(venue.open(other.path))
    assert "Konsertti" not in words(venue.open(told[0].path))
    tell(event_id=concert.id)
    assert "Konsertti" in words(venue.open(told[0].path))
    assert "Konsertti" not in words(venue.open(other.path))


def test_one_holder_who_comes_often_is_not_many(venue, tell) -> None:
    first = tell()
    for _ in range(4):
        tell(phone=first.phone)
    assert "11/2026" not in words(venue.open(first.path))


def test_the_average_of_stars_waits_for_five_holders(venue, tell) -> None:
    first = tell(stars=1)
    tell(stars=2, phone=first.phone)
    for _ in range(3):
        tell(stars=5)
    assert "keskimäärin" not in words(venue.open("/visitor-feedback"))
    tell(stars=5)
    assert "keskimäärin 3.8, annettu 6 kertaa" in words(venue.open("/visitor-feedback"))


def test_a_venue_cannot_reach_anothers_thread_or_post(network, venue, tell) -> None:
    theirs, mine = tell(place="Teatteri 2"), tell()
    assert venue.open(theirs.path).status_code == 404
    assert venue.submit(f"{theirs.path}/answer", words="Hei").status_code == 404
    for path in (theirs.path, mine.path):
        answer = venue.submit(f"{path}/posts/{1 if path == theirs.path else 2}/report")
        assert answer.status_code == 404, path
    assert len(theirs.read().posts) == 1
    with network.sessions() as db:
        assert db.get_one(FeedbackPost, theirs.post_id).reported_at is None
    assert acts(network) == []


def test_a_venue_cannot_report_its_own_answer(venue, tell) -> None:
    told = tell()
    venue.submit(f"{told.path}/answer", words="Kiitos!")
    assert venue.submit(f"{told.path}/posts/2/report").status_code == 404


def test_the_coordinator_of_the_area_alone_sees_and_decides_what_is_reported(
    network, venue, coordinator, tell
) -> None:
    told = tell("Rumaa puhetta")
    assert "Rumaa puhetta" not in coordinator.open("/reported").text
    venue.submit(f"{told.path}/posts/1/report")
    page = coordinator.open("/reported")
    assert "Rumaa puhetta" in words(page)
    assert f"Kävijä {told.number}" in words(page)
    for secret in (told.holder_id, told.phone.card.code, told.phone.card.id, told.post_id):
        assert str(secret) not in page.text

    other = network.browser("vastuu-2")
    assert "Rumaa puhetta" not in other.open("/reported").text
    for decision in ("leave", "remove", "close"):
        assert other.submit(f"/reported/{told.thread_id}/1/{decision}").status_code == 404
    assert coordinator.submit(f"/reported/{told.thread_id}/1/shout").status_code == 404

    assert coordinator.submit(f"/reported/{told.thread_id}/1/remove").status_code == 303
    assert coordinator.submit(f"/reported/{told.thread_id}/1/remove").status_code == 404
    assert (told.read().posts[0].words, told.read().posts[0].removed) == ("", True)
    assert "Rumaa puhetta" not in venue.open(told.path).text
    assert "Rumaa puhetta" not in venue.open("/visitor-feedback").text
    assert acts(network) == ["post_reported", "post_removed"]


def test_what_is_left_stays_and_is_not_reported_again(venue, coordinator, tell) -> None:
    told = tell("Terävä mutta asiallinen")
    for _ in range(2):
        venue.submit(f"{told.path}/posts/1/report")
        coordinator.submit(f"/reported/{told.thread_id}/1/leave")
    assert "Terävä mutta asiallinen" in words(venue.open(told.path))
    assert "Terävä" not in words(coordinator.open("/reported"))


def test_a_closed_conversation_takes_no_answer(network, venue, coordinator, tell) -> None:
    told = tell()
    venue.submit(f"{told.path}/answer", words="Rumaa vastausta")
    answer_id = told.read().posts[1].post_id
    told.report(answer_id)
    assert "Teatteri 1 vastasi" in words(coordinator.open("/reported"))
    coordinator.submit(f"/reported/{told.thread_id}/2/close")
    assert told.read().closed
    page = venue.open(told.path)
    assert 'name="words"' not in page.text
    assert venue.submit(f"{told.path}/answer", words="Vielä").status_code == 422
    with network.sessions() as db:
        assert db.scalars(select(FeedbackThread)).one().closed_at is not None


def test_a_full_list_is_read_page_by_page(venue, tell, monkeypatch) -> None:
    monkeypatch.setattr("server.console.visitor_feedback.ROWS", 2)
    told = [tell(f"Viesti {number}") for number in range(5)]
    seen, path = [], "/visitor-feedback"
    while path:
        page = venue.open(path)
        seen += re.findall(r"Viesti \d", page.text)
        more = re.search(r'href="/console(/visitor-feedback\?show=[^"]*cursor=[^"]+)"', page.text)
        path = more[1].replace("&amp;", "&") if more else None
    assert sorted(seen) == [f"Viesti {number}" for number in range(len(told))]
    assert venue.open("/visitor-feedback?cursor=x").status_code == 404
