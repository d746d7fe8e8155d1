"""What the holder writes to venues: kept until the server has it, once, and readable offline."""

import asyncio
from dataclasses import replace
from uuid import UUID

import flet as ft
import pytest

from mobile_app.card.held import PRIVATE
from mobile_app.feedback.outbox import WAITING
from mobile_app.feedback.state import Feedback
from mobile_app.message.keep import ASK_EVERY, BEGIN_AFTER, Postman
from mobile_app.message.state import Inbox
from mobile_app.visit.state import Visits
from tests.mobile_app.harness import Harness
from tests.mobile_app.voices import Town


def posts(town: Town) -> list[str]:
    return [post.words for post in town.posts()]


async def opened(phone) -> Feedback:
    feedback = Feedback(phone.device)
    await feedback.load()
    return feedback


async def test_what_is_told_is_in_the_register_and_on_the_phone(town, phone) -> None:
    visit = await town.visit()
    feedback = await opened(phone)
    assert await feedback.tell(UUID(visit), "Teatteri", " Kiitos! \u202e", 5)
    assert (posts(town), feedback.waiting, feedback.offline) == (["Kiitos!"], (), False)
    again = await opened(phone)
    assert again.threads == feedback.threads
    assert (again.threads[0].stars, str(again.threads[0].visit_id)) == (5, visit)
    assert again.of_visit(visit) == again.threads[0]


async def test_what_is_written_offline_waits_outlives_the_app_and_goes_once(town, phone) -> None:
    visit = await town.visit()
    phone.network.down = True
    feedback = await opened(phone)
    await feedback.tell(UUID(visit), "Teatteri", "Yksi", None)
    phone.clock.pass_time(seconds=1)
    await feedback.tell(UUID(visit), "Teatteri", "Kaksi", None)
    assert (posts(town), len(feedback.waiting), feedback.offline) == ([], 2, True)

    phone.network.down = False
    later = await opened(phone)
    assert [post.words for post in later.waiting] == ["Yksi", "Kaksi"]
    await later.refresh()
    await later.refresh()
    assert (sorted(posts(town)), later.waiting, later.offline) == (["Kaksi", "Yksi"], (), False)


async def test_a_lost_answer_makes_no_second_post(town, phone) -> None:
    visit = await town.visit()
    feedback = await opened(phone)
    await feedback.refresh()
    phone.network.loses_answers = 1
    await feedback.tell(UUID(visit), "Teatteri", "Yksi", 3)
    assert (posts(town), len(feedback.waiting)) == (["Yksi"], 1)
    await feedback.refresh()
    assert (posts(town), feedback.waiting) == (["Yksi"], ())


@pytest.mark.usefixtures("town")
async def test_what_the_server_refuses_stays_with_its_reason_until_it_is_dropped(
    phone,
) -> None:
    feedback = await opened(phone)
    await feedback.tell(UUID(int=7), "Teatteri", "Olin kyllä siellä", None)
    [post] = feedback.waiting
    assert (post.refused, post.words) == ("no_recent_visit", "Olin kyllä siellä")
    await feedback.refresh()
    assert phone.network.asked("POST /api/v1/feedback") == 1
    await feedback.send_again(post)
    assert phone.network.asked("POST /api/v1/feedback") == 2
    await feedback.drop(feedback.waiting[0])
    assert feedback.waiting == (await opened(phone)).waiting == ()


async def test_too_many_posts_wait_for_the_next_day(town, phone) -> None:
    visit = await town.visit()
    feedback = await opened(phone)
    for number in range(6):
        await feedback.tell(UUID(visit), "Teatteri", f"{number}", None)
    assert (len(posts(town)), [post.words for post in feedback.waiting]) == (5, ["5"])
    assert feedback.refusal == "too_many_posts"
    phone.clock.pass_time(hours=24)
    await feedback.refresh()
    assert (len(posts(town)), feedback.waiting, feedback.refusal) == (6, (), None)


async def test_an_answer_is_new_until_it_is_seen_also_after_a_restart(town, phone) -> None:
    visit = await town.visit()
    feedback = await opened(phone)
    await feedback.tell(UUID(visit), "Teatteri", "Hei", None)
    assert not feedback.is_new(feedback.threads[0])
    town.answer("Hei vaan")
    await feedback.refresh()
    assert feedback.is_new(feedback.threads[0])
    await feedback.see(feedback.threads[0])
    assert not feedback.is_new(feedback.threads[0])
    again = await opened(phone)
    assert not again.is_new(again.threads[0])


async def test_a_thread_that_the_server_forgot_is_forgotten_here_too(town, phone) -> None:
    visit = await town.visit()
    feedback = await opened(phone)
    await feedback.tell(UUID(visit), "Teatteri", "Hei", None)
    town.forget()
    await feedback.refresh()
    assert feedback.threads == (await opened(phone)).threads == ()


async def test_removing_the_card_takes_all_of_it_away_and_nothing_comes_back(town, phone) -> None:
    visit = await town.visit()
    feedback, inbox = await opened(phone), Inbox(phone.device)
    await feedback.tell(UUID(visit), "Teatteri", "Hei", None)
    await inbox.refresh()
    phone.network.down = True
    await feedback.tell(UUID(visit), "Teatteri", "Odottaa", None)
    card = await phone.card()
    await card.sign_out()
    phone.network.down = False
    await feedback.refresh()
    await inbox.refresh()
    assert (feedback.threads, feedback.waiting, feedback.heard_at) == ((), (), None)
    assert [key for key in phone.store.records if key.startswith(PRIVATE)] == []


async def test_a_spoilt_record_holds_back_nothing_else(town, phone) -> None:
    visit = await town.visit()
    phone.network.down = True
    feedback = await opened(phone)
    await feedback.tell(UUID(visit), "Teatteri", "Hei", None)
    await phone.store.put(f"{WAITING}0", {"not": "a post"})
    phone.network.down = False
    await feedback.refresh()
    assert posts(town) == ["Hei"]


@pytest.mark.usefixtures("town")
async def test_nothing_is_asked_at_the_start_and_then_every_quarter_of_an_hour(phone) -> None:
    postman = Postman(phone.device, await opened(phone), Inbox(phone.device))
    await postman.look()
    assert phone.network.asked("feedback") == 0
    phone.clock.pass_time(seconds=BEGIN_AFTER.total_seconds())
    for _ in range(3):
        await postman.look()
    assert (phone.network.asked("feedback"), phone.network.asked("messages")) == (1, 1)
    phone.clock.pass_time(seconds=ASK_EVERY.total_seconds())
    await postman.look()
    assert phone.network.asked("messages") == 2


async def test_what_waits_is_tried_again_soon(town, phone) -> None:
    visit = await town.visit()
    feedback = await opened(phone)
    postman = Postman(phone.device, feedback, Inbox(phone.device))
    await postman.look()
    phone.network.down = True
    await feedback.tell(UUID(visit), "Teatteri", "Hei", None)
    phone.clock.pass_time(seconds=11)
    await postman.look()
    phone.network.down = False
    phone.clock.pass_time(seconds=31)
    await postman.look()
    assert (posts(town), feedback.waiting) == (["Hei"], ())


async def test_without_a_card_nobody_is_asked(phone) -> None:
    postman = Postman(phone.device, await opened(phone), Inbox(phone.device))
    for _ in range(4):
        await postman.look()
        phone.clock.pass_time(minutes=20)
    assert phone.network.requests == []


async def test_the_way_from_a_visit_to_an_answer(town, phone) -> None:
    await town.visit()
    async with Harness(phone.main, route="/visits") as app:
        await app.until(lambda: app.says("Teatteri"))
        [row] = [box for box in app.all(ft.Container, "Teatteri") if box.on_click is not None]
        await app.fire(row, "click")
        await app.until(lambda: app.says("Miltä tuntui?"))
        await app.press("Kerro kohteelle")
        await app.until(lambda: app.says("Millaista oli?"))
        await app.press("Lähetä kohteelle")
        assert app.says("Kirjoita ensin jotain.")
        await app.type(app.one(ft.TextField, "Viesti kohteelle"), "x" * 2001)
        assert app.says("Lyhennä sitä 1 merkkiä.")
        await app.type(app.one(ft.TextField, "Viesti kohteelle"), "Soita 040 1234567 ❤\ufe0f")
        assert app.says("Soita [puhelinnumero poistettu] ❤\ufe0f")
        group = app.one(ft.RadioGroup)
        app.page.session.apply_patch(group._i, {"value": "4"})
        await app.fire(group, "change", "4")
        await app.press("Lähetä kohteelle")
        await app.until(lambda: app.says("Keskustelut kohteiden kanssa"))
        assert await asyncio.to_thread(posts, town) == ["Soita ⟦phone⟧ ❤\ufe0f"]

        await asyncio.to_thread(town.answer, "Kiitos <b>palautteesta</b>!")
        phone.clock.pass_time(minutes=1)
        await app.until(lambda: app.has_button("Päivitä"))
        await app.press("Päivitä")
        await app.until(lambda: "Uusi" in app.words())
        [row] = [box for box in app.all(ft.Container, "Teatteri") if box.ink]
        await app.fire(row, "click")
        await app.until(lambda: app.says("Kiitos <b>palautteesta</b>!"))
        assert app.says("4 tähteä: hyvä")
        await app.press("Ilmoita asiaton viesti")
        await app.press("Ilmoita")
        await app.until(lambda: app.says("Olet ilmoittanut tästä."))
        await app.type(app.one(ft.TextField, "Vastauksesi"), "Ei kestä")
        await app.press("Lähetä vastaus")
        await app.until(lambda: app.says("Ei kestä"))
        written = await asyncio.to_thread(town.posts)
    assert [post.reported_at is not None for post in written] == [False, True, False]


async def test_two_taps_are_one_post(town, phone) -> None:
    visit = await town.visit()
    async with Harness(phone.main, route="/visits") as app:
        await app.until(lambda: app.says("Teatteri"))
        await app.go(f"/visits/{visit}/tell")
        await app.until(lambda: app.has_button("Lähetä kohteelle"))
        await app.type(app.one(ft.TextField, "Viesti kohteelle"), "Kerran")
        button = app.button("Lähetä kohteelle")
        press = app.page.session.dispatch_event
        await asyncio.gather(*[press(button._i, "click", None) for _ in range(2)])
        await app.until(lambda: app.says("Keskustelut kohteiden kanssa"))
        assert await asyncio.to_thread(posts, town) == ["Kerran"]


@pytest.mark.usefixtures("town")
async def test_a_visit_that_is_not_here_cannot_be_told_of(phone) -> None:
    async with Harness(phone.main, route="/visits/x/tell") as app:
        await app.until(lambda: app.says("Tätä käyntiä ei ole täällä."))


async def test_an_old_visit_offers_nothing_to_tell(town, phone) -> None:
    visit = await town.visit()
    visits = Visits(phone.device)
    await visits.refresh()
    entry = visits.entry(visit)
    assert visits.can_be_told(entry)
    assert not visits.can_be_told(replace(entry, own=True))
    assert not visits.can_be_told(replace(entry, undone=True))
    phone.clock.pass_time(days=90, minutes=1)
    assert not visits.can_be_told(entry)
