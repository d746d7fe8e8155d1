"""Messages to many on the phone: fetched quietly, readable offline; nobody hears what is read."""

import asyncio
from uuid import UUID

import flet as ft

from mobile_app.feedback.state import Feedback
from mobile_app.message.state import KEPT, Inbox
from tests.mobile_app.harness import Harness


async def opened(phone) -> Inbox:
    inbox = Inbox(phone.device)
    await inbox.open()
    return inbox


async def venue_of(town, phone) -> UUID:
    visit = await town.visit()
    feedback = Feedback(phone.device)
    await feedback.tell(UUID(visit), "Teatteri", "Hei", None)
    return feedback.threads[0].venue_id


async def test_what_was_sent_is_there_also_without_network(town, phone) -> None:
    venue_id = await venue_of(town, phone)
    inbox = await opened(phone)
    assert await inbox.follow(venue_id, wanted=True)
    assert inbox.follows(venue_id)
    town.send("Ensi-ilta perjantaina", "Teatteri")
    town.send("Uusi kirjasto avataan")
    await inbox.refresh()
    phone.network.down = True
    again = await opened(phone)
    await again.refresh()
    assert [one.words for one in again.messages] == [
        "Uusi kirjasto avataan",
        "Ensi-ilta perjantaina",
    ]
    assert (again.offline, again.follows(venue_id)) == (True, True)
    assert not await again.follow(venue_id, wanted=False)
    assert again.follows(venue_id)
    phone.network.down = False
    assert await again.follow(venue_id, wanted=False)
    await again.refresh()
    assert [one.words for one in again.messages] == ["Uusi kirjasto avataan"]


async def test_what_is_new_stays_marked_until_the_inbox_is_opened_again(town, phone) -> None:
    town.send("Yksi")
    inbox = await opened(phone)
    await inbox.refresh()
    await inbox.see()
    await inbox.refresh()
    assert inbox.is_new(inbox.messages[0])
    again = await opened(phone)
    assert not again.is_new(again.messages[0])
    town.send("Kaksi")
    await again.refresh()
    assert [again.is_new(one) for one in again.messages] == [True, False]


async def test_a_spoilt_record_is_an_empty_inbox(town, phone) -> None:
    await phone.store.put(KEPT, {"page": 7})
    inbox = await opened(phone)
    assert inbox.messages == ()
    town.send("Yksi")
    await inbox.refresh()
    assert len(inbox.messages) == 1


async def test_the_screen_says_what_there_is_and_how_old_it_is(town, phone) -> None:
    async with Harness(phone.main, route="/messages") as app:
        await app.until(lambda: app.says("Viestejä ei ole vielä."))
        await asyncio.to_thread(town.send, "Uusi kirjasto avataan www.example.fi")
        await app.until(lambda: "Päivitä" in app.words())
        await app.press("Päivitä")
        await app.until(lambda: app.says("Uusi kirjasto avataan [linkki poistettu]"))
        assert app.says("Uusi")
        assert app.says("Tilanne 22.11.2026")
        phone.network.down = True
        await app.until(lambda: "Päivitä" in app.words())
        await app.press("Päivitä")
        await app.until(lambda: app.says("Ei yhteyttä. Nämä viestit ovat tallessa"))
        assert app.says("Uusi kirjasto avataan")


async def test_a_venue_is_followed_from_its_conversation(town, phone) -> None:
    await venue_of(town, phone)
    async with Harness(phone.main, route="/messages") as app:
        await app.until(lambda: app.says("Sinä: Hei"))
        [row] = [box for box in app.all(ft.Container, "Teatteri") if box.ink]
        await app.fire(row, "click")
        await app.until(lambda: app.all(ft.Switch, "Seuraa tätä kohdetta"))
        switch = app.one(ft.Switch)
        app.page.session.apply_patch(switch._i, {"value": True})
        await app.fire(switch, "change", data=True)
        await app.until(lambda: app.one(ft.Switch).value is True)
    assert len((await opened(phone)).followed) == 1
