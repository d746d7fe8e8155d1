"""What a holder tells a venue: kept once, masked, limited, and nobody else's."""

from itertools import count

import pytest

from server.feedback.desk import answer_thread
from server.feedback.models import FeedbackPost, FeedbackThread
from server.ids import new_id
from server.visit.models import Visit
from shared.feedback import Author
from tests.factories import NOON
from tests.server.callers import all_at_once, one_session, refusal


@pytest.fixture
def venue_writes(engine, desk):
    """Put a post of the venue into a thread."""
    numbers = count(100)

    def write(thread_id: str, words: str = "Kiitos!") -> str:
        with one_session(engine) as db:
            [thread] = [t for t in desk.rows(FeedbackThread) if str(t.id) == thread_id]
            post = FeedbackPost(
                id=new_id(desk.clock()), thread_id=thread.id, holder_id=thread.holder_id,
                author=Author.VENUE, words=words, posted_at=desk.clock(), number=next(numbers),
            )  # fmt: skip
            db.add(post)
            return str(post.id)

    return write


def test_what_is_told_is_read_again(teller, scanner) -> None:
    visit_id = teller.visit(scanner)
    told = teller.tell(visit_id, "Kiitos!\r\nHissi oli  rikki.", stars=4).json()

    assert told == teller.holder.read(f"feedback/threads/{told['thread_id']}").json()
    assert teller.threads() == [told]
    assert (told["venue_name"], told["visit_id"]) == ("Teatteri", visit_id)
    assert (told["stars"], told["closed"]) == (4, False)
    [post] = told["posts"]
    assert (post["author"], post["words"]) == ("holder", "Kiitos!\nHissi oli  rikki.")


def test_the_same_post_sent_again_is_one_post_whatever_it_says_then(teller, scanner, desk) -> None:
    visit_id, post_id = teller.visit(scanner), str(new_id(NOON))
    first = teller.tell(visit_id, "Yksi", post_id=post_id).json()
    assert teller.tell(visit_id, "Yksi", post_id=post_id).json() == first
    assert teller.tell(visit_id, "Kaksi", post_id=post_id).json() == first
    again = teller.reply(first["thread_id"], "Lisää", post_id=post_id)
    assert again.json() == first
    assert desk.count(FeedbackPost) == 1


def test_the_same_post_sent_twice_at_once_is_one_post(teller, scanner, desk) -> None:
    visit_id, post_id = teller.visit(scanner), str(new_id(NOON))
    send = [lambda: teller.tell(visit_id, post_id=post_id)] * 4
    answers = all_at_once(*send)
    assert {answer.status_code for answer in answers} == {200}
    assert desk.count(FeedbackPost) == desk.count(FeedbackThread) == 1


def test_an_id_that_is_somebody_elses_tells_nothing(make_teller, scanner) -> None:
    one, other = make_teller(), make_teller()
    post_id = str(new_id(NOON))
    assert one.tell(one.visit(scanner), "Salaisuus", post_id=post_id).is_success
    answer = other.tell(other.visit(scanner), post_id=post_id)
    assert refusal(answer) == (409, "post_id_taken")
    assert "Salaisuus" not in answer.text


def test_stars_given_again_for_a_visit_take_the_place_of_the_earlier(teller, scanner, desk) -> None:
    visit_id = teller.visit(scanner)
    teller.tell(visit_id, "", stars=2)
    told = teller.tell(visit_id, "Muutin mieltäni", stars=5).json()
    assert (told["stars"], len(told["posts"])) == (5, 2)
    assert desk.count(FeedbackThread) == 1


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("Ihana 👩\u200d👧 ilta ❤\ufe0f", "Ihana 👩\u200d👧 ilta ❤\ufe0f"),
        ("\u202eשלם", "שלם"),
        ("<b onload=alert(1)>", "<b onload=alert(1)>"),
        ("Soita 040 1234567 tai a@bb.fi", "Soita ⟦phone⟧ tai ⟦email⟧"),
        ("131052-308T ks. https://x.example/y", "⟦identity⟧ ks. ⟦link⟧"),
        ("a\0b", "ab"),
    ],
)
def test_words_are_kept_as_words_and_masked(teller, scanner, desk, words, kept) -> None:
    assert teller.tell(teller.visit(scanner), words).json()["posts"][0]["words"] == kept
    assert [post.words for post in desk.rows(FeedbackPost)] == [kept]


@pytest.mark.parametrize(
    ("over", "refused"),
    [
        ({"words": "x" * 2001}, (422, "feedback_too_long")),
        ({"words": "x" * 100_000}, (422, "feedback_too_long")),
        ({"words": " \n\t\u200b"}, (422, "feedback_empty")),
        ({"stars": 0}, (422, "stars_out_of_range")),
        ({"stars": 6}, (422, "stars_out_of_range")),
        ({"visit_id": str(new_id(NOON))}, (409, "no_recent_visit")),
        ({"secret": 1}, (422, "malformed_request")),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(teller, scanner, desk, over, refused) -> None:
    over = {"words": "x"} | over
    visit_id = over.pop("visit_id", None) or teller.visit(scanner)
    assert refusal(teller.tell(visit_id, **over)) == refused
    assert desk.count(FeedbackPost) == desk.count(FeedbackThread) == 0


def test_two_thousand_characters_are_kept_also_where_each_is_masked(teller, scanner) -> None:
    assert teller.tell(teller.visit(scanner), " " + "@ab," * 500 + " ").is_success


def test_stars_without_words_are_enough_and_words_without_stars(teller, scanner) -> None:
    assert teller.tell(teller.visit(scanner), "", stars=1).is_success
    assert teller.tell(teller.visit(scanner), "Sanoja").is_success


def test_feedback_needs_a_visit_of_ones_own_that_is_not_long_ago(
    make_teller, make_scanner, clock
) -> None:
    one, other, scanner = make_teller(), make_teller(), make_scanner()
    visit_id = one.visit(scanner)
    assert refusal(other.tell(visit_id)) == (409, "no_recent_visit")
    clock.advance(days=91)
    one.holder.renew()
    one.holder.sign_in()
    assert refusal(one.tell(visit_id)) == (409, "no_recent_visit")


def test_an_undone_visit_is_none(teller, scanner, desk) -> None:
    visit_id = teller.visit(scanner)
    scanner.void(str(desk.rows(Visit)[0].scan_id))
    assert refusal(teller.tell(visit_id)) == (409, "no_recent_visit")


def test_five_posts_a_day_to_one_venue_and_then_a_rest(teller, make_scanner, clock) -> None:
    here, there = make_scanner(), make_scanner()
    thread_id = teller.tell(teller.visit(here)).json()["thread_id"]
    for number in range(4):
        assert teller.reply(thread_id, f"Lisää {number}").is_success
    refused = teller.reply(thread_id, "Vielä")
    assert refusal(refused) == (429, "too_many_posts")
    assert 86_000 < refused.json()["retry_after_s"] <= 86_400
    assert teller.tell(teller.visit(there)).is_success
    clock.advance(hours=24)
    teller.holder.sign_in()
    assert teller.reply(thread_id, "Uusi päivä").is_success


def test_twenty_posts_a_day_in_all(teller, make_scanner) -> None:
    for _ in range(4):
        thread_id = teller.tell(teller.visit(make_scanner())).json()["thread_id"]
        for number in range(4):
            assert teller.reply(thread_id, f"Lisää {number}").is_success
    refused = teller.tell(teller.visit(make_scanner()))
    assert refusal(refused) == (429, "too_many_posts")


def test_what_the_venue_writes_does_not_use_up_the_holders_posts(
    teller, scanner, venue_writes
) -> None:
    thread_id = teller.tell(teller.visit(scanner)).json()["thread_id"]
    for _ in range(6):
        venue_writes(thread_id)
    assert teller.reply(thread_id, "Kiitos itsellesi").is_success


def test_both_sides_may_write_at_once(engine, teller, scanner, desk) -> None:
    thread_id = teller.tell(teller.visit(scanner)).json()["thread_id"]
    [thread] = desk.rows(FeedbackThread)

    def answer(number: int) -> None:
        with one_session(engine) as db:
            form = {"post_id": new_id(NOON), "now": desk.clock()}
            answer_thread(db, thread.venue_id, thread.id, f"Kiitos {number}", **form)

    def reply() -> None:
        assert teller.reply(thread_id, "Lisää").is_success

    all_at_once(lambda: answer(1), reply, lambda: answer(2), reply)
    assert sorted(post.number for post in desk.rows(FeedbackPost)) == [1, 2, 3, 4, 5]


def test_nobody_reads_writes_or_reports_in_anothers_thread(
    make_teller, scanner, venue_writes
) -> None:
    one, other = make_teller(), make_teller()
    thread_id = one.tell(one.visit(scanner)).json()["thread_id"]
    post_id = venue_writes(thread_id)
    unknown = (404, "thread_unknown")
    assert refusal(other.holder.read(f"feedback/threads/{thread_id}")) == unknown
    assert refusal(other.reply(thread_id, "Hei")) == unknown
    assert refusal(other.post(f"feedback/posts/{post_id}/report")) == (404, "post_unknown")
    assert other.threads() == []


def test_a_holder_reports_what_the_venue_wrote_and_nothing_else(
    teller, scanner, desk, venue_writes
) -> None:
    told = teller.tell(teller.visit(scanner)).json()
    mine, theirs = told["posts"][0]["post_id"], venue_writes(told["thread_id"])
    assert refusal(teller.post(f"feedback/posts/{mine}/report")) == (404, "post_unknown")
    for _ in range(2):
        thread = teller.post(f"feedback/posts/{theirs}/report").json()
    assert [post["reported"] for post in thread["posts"]] == [False, True]
    assert sum(post.reported_at is not None for post in desk.rows(FeedbackPost)) == 1


def test_nobody_writes_in_a_closed_thread(engine, teller, scanner, desk) -> None:
    visit_id = teller.visit(scanner)
    thread_id = teller.tell(visit_id).json()["thread_id"]
    with one_session(engine) as db:
        db.get_one(FeedbackThread, desk.rows(FeedbackThread)[0].id).closed_at = NOON
    assert refusal(teller.reply(thread_id, "Hei")) == (409, "thread_closed")
    assert refusal(teller.tell(visit_id)) == (409, "thread_closed")
    assert teller.threads()[0]["closed"] is True


def test_of_a_post_that_was_taken_away_nobody_hears_the_words(
    engine, teller, scanner, desk
) -> None:
    teller.tell(teller.visit(scanner), "Rumaa puhetta")
    with one_session(engine) as db:
        db.get_one(FeedbackPost, desk.rows(FeedbackPost)[0].id).removed_at = NOON
    assert [(post["words"], post["removed"]) for post in teller.threads()[0]["posts"]] == [
        ("", True)
    ]


def test_pages_of_threads_have_no_gaps_and_no_doubles(teller, scanner) -> None:
    told = [teller.tell(teller.visit(scanner), f"{n}").json()["thread_id"] for n in range(5)]
    found, cursor = [], None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = teller.holder.read("feedback/threads", **query).json()
        found += [thread["thread_id"] for thread in page["threads"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert found == told[::-1]
    broken = teller.holder.read("feedback/threads", cursor="x")
    assert refusal(broken) == (422, "malformed_cursor")


def test_a_thread_in_which_nobody_wrote_for_a_year_is_forgotten_as_a_whole(
    app, teller, scanner, clock, desk
) -> None:
    teller.tell(teller.visit(scanner))
    clock.advance(days=30)
    teller.holder.renew()
    teller.holder.sign_in()
    teller.tell(teller.visit(scanner_again(scanner)), "Toinen")
    clock.advance(days=336)
    app.state.runner.work_off()
    assert [post.words for post in desk.rows(FeedbackPost)] == ["Toinen"]
    assert desk.count(FeedbackThread) == 1
    clock.advance(days=30)
    app.state.runner.work_off()
    assert desk.count(FeedbackThread) == desk.count(FeedbackPost) == 0


def scanner_again(scanner):
    scanner.sign_in()
    return scanner
