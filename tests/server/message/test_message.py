"""Messages to many: they reach followers and the area's people, seldom, and go away again."""

from datetime import timedelta

import pytest

from server.area.models import Area
from server.card.models import Card
from server.distributor.models import Distributor
from server.ids import new_id
from server.message.errors import NewsEmpty, NewsTooLong, TooMuchNews
from server.message.models import Following, Message
from server.message.service import FOLLOWED_MOST, send_message, withdraw_message
from tests.factories import NOON, make_venue
from tests.server.callers import all_at_once, one_session, refusal


@pytest.fixture
def send(engine, clock):
    def act(words: str = "Tervetuloa!", *, message_id=None, **sender):
        with one_session(engine) as db:
            clock.advance(seconds=1)
            message_id = message_id or new_id(clock())
            return send_message(db, words, message_id=message_id, now=clock(), **sender)

    return act


def follow(holder, venue):
    path = f"followed-venues/{venue.id}"
    return holder.http.put(path, headers=holder.speaking)


def unfollow(holder, venue):
    path = f"followed-venues/{venue.id}"
    return holder.http.delete(path, headers=holder.speaking)


def inbox(holder) -> list[str]:
    return [one["words"] for one in holder.read("messages").json()["messages"]]


def test_a_follower_reads_what_is_sent_from_then_on(holder, desk, send, clock) -> None:
    venue = desk.venue(name="Uimahalli")
    send("Ennen", venue_id=venue.id)
    clock.advance(seconds=1)
    told = follow(holder, venue).json()
    assert told == {"venues": [{"venue_id": str(venue.id), "venue_name": "Uimahalli"}]}
    assert follow(holder, venue).json() == told == holder.read("followed-venues").json()
    clock.advance(seconds=1)
    send("Jälkeen", venue_id=venue.id)

    [message] = holder.read("messages").json()["messages"]
    assert (message["sender_name"], message["words"]) == ("Uimahalli", "Jälkeen")
    assert message["venue_id"] == str(venue.id)
    assert unfollow(holder, venue).json() == unfollow(holder, venue).json() == {"venues": []}
    assert inbox(holder) == []


def test_who_lives_in_the_area_reads_its_coordinator_and_nobody_else_does(
    engine, desk, make_holder, send
) -> None:
    here = make_holder()
    with one_session(engine) as db:
        area = Area(id=new_id(NOON), municipality_code="837", name="Tampere")
        db.add(area)
        db.flush()
        elsewhere = Distributor(id=new_id(NOON), area_id=area.id, name="Toinen")
        db.add(elsewhere)
    desk.distributor = elsewhere
    there = make_holder()
    send("Espoolle", area_id=desk.area_id)
    send("Tampereelle", area_id=area.id)
    assert (inbox(here), inbox(there)) == (["Espoolle"], ["Tampereelle"])
    [message] = here.read("messages").json()["messages"]
    assert (message["sender_name"], message["venue_id"]) == ("Espoo", None)


def test_pages_of_the_inbox_have_no_gaps(holder, desk, send, clock) -> None:
    for number in range(5):
        clock.advance(days=4)
        send(f"{number}", area_id=desk.area_id)
    holder.renew()
    holder.sign_in()
    first = holder.read("messages", limit=3).json()
    rest = holder.read("messages", limit=3, cursor=first["next_cursor"]).json()
    assert [one["words"] for one in first["messages"] + rest["messages"]] == list("43210")
    assert rest["next_cursor"] is None
    assert refusal(holder.read("messages", cursor="x")) == (422, "malformed_cursor")


def test_a_venue_that_is_not_there_is_not_followed(holder) -> None:
    nowhere = type("Nowhere", (), {"id": new_id(NOON)})
    assert refusal(follow(holder, nowhere)) == (404, "venue_unknown")


def test_nobody_follows_the_whole_country(engine, holder, desk) -> None:
    holder_id = desk.rows(Card)[0].holder_id
    with one_session(engine) as db:
        for number in range(FOLLOWED_MOST):
            venue = make_venue(db, name=f"Kohde {number}")
            db.add(Following(holder_id=holder_id, venue_id=venue.id, since_at=NOON))
    assert refusal(follow(holder, desk.venue())) == (409, "too_many_followed")


def test_messages_are_cleaned_masked_and_limited(desk, send) -> None:
    venue_id = desk.venue().id
    send("Soita 040 1234567\u202e\r\nHei", venue_id=venue_id)
    assert [message.words for message in desk.rows(Message)] == ["Soita ⟦phone⟧\nHei"]
    with pytest.raises(NewsEmpty):
        send(" \n ", venue_id=venue_id)
    with pytest.raises(NewsTooLong):
        send("x" * 1001, venue_id=venue_id)


def test_two_a_week_also_if_one_was_withdrawn(engine, desk, send, clock) -> None:
    venue_id = desk.venue().id
    send(venue_id=venue_id)
    send(venue_id=venue_id)
    with one_session(engine) as db:
        last = desk.rows(Message)[-1].id
        assert withdraw_message(db, last, venue_id=venue_id, now=clock())
    with pytest.raises(TooMuchNews) as refused:
        send(venue_id=venue_id)
    assert 600_000 < refused.value.retry_after_s <= 604_800
    send(venue_id=desk.venue().id)
    send(area_id=desk.area_id)
    clock.advance(days=7)
    send(venue_id=venue_id)


def test_one_form_sent_twice_at_once_is_one_message(desk, send) -> None:
    venue_id, message_id = desk.venue().id, new_id(NOON)
    answers = all_at_once(*[lambda: send(venue_id=venue_id, message_id=message_id)] * 3)
    assert sorted(answers) == [False, False, True]
    assert desk.count(Message) == 1


def test_what_is_withdrawn_nobody_reads_and_only_its_sender_withdraws_it(
    engine, holder, desk, send, clock
) -> None:
    venue, other = desk.venue(), desk.venue()
    follow(holder, venue)
    clock.advance(seconds=1)
    send(venue_id=venue.id)
    [message] = desk.rows(Message)
    with one_session(engine) as db:
        assert not withdraw_message(db, message.id, venue_id=other.id, now=NOON)
        assert not withdraw_message(db, message.id, area_id=desk.area_id, now=NOON)
    assert len(inbox(holder)) == 1
    with one_session(engine) as db:
        assert withdraw_message(db, message.id, venue_id=venue.id, now=NOON)
        assert not withdraw_message(db, message.id, venue_id=venue.id, now=NOON)
    assert inbox(holder) == []


@pytest.mark.parametrize(("followers", "told"), [(0, 0), (4, 0), (5, 5), (9, 5), (10, 10)])
def test_how_many_it_went_to_is_never_kept_exactly(engine, desk, send, followers, told) -> None:
    venue = desk.venue()
    cards = [desk.grant().card for _ in range(followers)]
    with one_session(engine) as db:
        for card in cards:
            db.add(Following(holder_id=card.holder_id, venue_id=venue.id, since_at=NOON))
    send(venue_id=venue.id)
    send(area_id=desk.area_id)
    assert [message.receivers for message in desk.rows(Message)] == [told, told]


def test_a_message_goes_after_a_year(app, desk, send, clock) -> None:
    send(area_id=desk.area_id)
    clock.advance(days=364)
    send(area_id=desk.area_id)
    app.state.runner.work_off()
    assert desk.count(Message) == 2
    clock.now += timedelta(days=1)
    app.state.runner.work_off()
    assert desk.count(Message) == 1
