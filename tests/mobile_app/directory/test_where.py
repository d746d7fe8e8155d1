"""Where one can go, on the phone: kept, looked through, liked, put into the calendar."""

import json
from datetime import timedelta

import flet as ft
import pytest
from icalendar import Calendar

from mobile_app.card.held import PRIVATE
from mobile_app.device.http import Answer
from mobile_app.directory.kept import HEARD, TOLD
from mobile_app.directory.state import CHOICES, Places
from mobile_app.mine.export import with_favourites
from tests.factories import NOON
from tests.mobile_app.directory.town import directory, event, loaded, told_to, venue
from tests.mobile_app.harness import Harness
from tests.mobile_app.phones import HolderPhone


@pytest.fixture
async def holder(phone: HolderPhone, code: str) -> HolderPhone:
    await phone.activated(code)
    return phone


async def test_the_real_server_tells_a_phone_without_a_card(phone: HolderPhone, granted) -> None:
    del granted
    places = Places(phone.device)
    await places.refresh()

    assert places.heard_at == NOON
    assert not places.offline
    assert phone.network.requests == ["GET /api/v1/directory"]


async def test_what_was_heard_is_there_without_network_and_after_a_restart(
    phone: HolderPhone,
) -> None:
    told_to(phone, directory(event()))
    await Places(phone.device).refresh()
    phone.network.down = True
    phone.clock.pass_time(hours=1)
    places = await loaded(phone)
    await places.refresh()

    assert places.offline
    assert [place.title for place in places.places] == ["Konsertti 101", "Teatteri 1"]
    assert places.heard_at == NOON


async def test_a_list_that_has_not_changed_is_confirmed_and_not_written_again(
    phone: HolderPhone,
) -> None:
    api = told_to(phone, directory(event()))
    places = await loaded(phone)
    await places.refresh()
    kept = phone.store.records[TOLD]
    phone.clock.pass_time(hours=2)
    await places.refresh()

    assert api.held == [None, "1"]
    assert places.heard_at == NOON + timedelta(hours=2)
    assert phone.store.records[TOLD] is kept
    assert phone.store.records[HEARD] == {"heard_at": (NOON + timedelta(hours=2)).isoformat()}


@pytest.mark.parametrize("content", [b"<html>login</html>", b"{}", b'{"version": 1}', b"[]"])
async def test_a_captive_portal_is_no_directory(phone: HolderPhone, content: bytes) -> None:
    async def portal(*_args, **_named) -> Answer:
        return Answer(200, content)

    phone.network.send = portal
    places = await loaded(phone)
    await places.refresh()

    assert places.offline
    assert places.places == ()
    assert TOLD not in phone.store.records


async def test_a_kept_list_that_cannot_be_read_is_asked_for_again(phone: HolderPhone) -> None:
    api = told_to(phone, directory(event()))
    await Places(phone.device).refresh()
    await phone.store.put(TOLD, {"venues": "?"})
    await phone.store.put(CHOICES, {"favourites": 3})
    places = await loaded(phone)
    await places.refresh()

    assert api.held == [None, None]
    assert len(places.places) == 2


async def test_favourites_survive_a_restart_and_a_refresh_and_go_with_the_card(
    holder: HolderPhone,
) -> None:
    told_to(holder, directory(event()))
    places = await loaded(holder)
    await places.refresh()
    name = places.places[0].name
    await places.toggle_favourite(name)
    await places.choose_town("837")
    again = await loaded(holder)
    await again.refresh()
    assert again.choices.favourites == {name}
    assert again.choices.town == "837"
    await again.toggle_favourite(name)
    assert again.choices.favourites == frozenset()

    card = await holder.card()
    await card.sign_out()
    assert not any(key.startswith(PRIVATE) for key in holder.store.records)
    assert TOLD in holder.store.records


async def test_the_screen_lists_events_first_and_says_how_old_it_is(phone: HolderPhone) -> None:
    told_to(phone, directory(event(places_left=4), event(102, cancelled=True, places_left=9)))
    async with Harness(phone.main, route="/where") as app:
        await app.until(lambda: app.says("Konsertti 101"))

        words = app.words()
        assert words.index("Konsertti 101") < words.index("Teatteri 1")
        assert app.says("4 paikkaa jäljellä")
        assert not app.says("9 paikkaa")
        assert app.says("Peruttu")
        assert app.says("Tilanne 22.11.2026 klo 14.00")
        assert app.says("2 tapahtumaa · 1 kohde")


async def test_a_cold_phone_without_network_says_what_to_do(phone: HolderPhone) -> None:
    phone.network.down = True
    async with Harness(phone.main, route="/where") as app:
        await app.until(lambda: app.says("Avaa tämä sivu kerran yhteyden kanssa"))

        phone.network.down = False
        await app.press("Päivitä")
        await app.until(lambda: app.says("Luettelossa ei ole vielä kohteita"))


def chip(app: Harness, words: str) -> ft.Chip:
    return app.one(ft.Chip, words)


async def test_typing_and_chips_narrow_the_list(phone: HolderPhone) -> None:
    town = directory(
        event(101),
        event(102, hours=24 * 3, name="Peli", places_left=0, languages=["sv"]),
        venues=[venue(), venue(2, municipality="091", accessibility=["step_free"])],
    )
    told_to(phone, town)
    async with Harness(phone.main, route="/where") as app:
        await app.until(lambda: app.says("Peli"))
        await app.type(app.one(ft.TextField, "Etsi"), "pel")
        assert not app.says("Konsertti 101")
        await app.type(app.one(ft.TextField, "Etsi"), "")

        await app.fire(chip(app, "Tänään"), "select", "true")
        assert chip(app, "Tänään").selected
        assert app.says("Konsertti 101")
        assert not app.says("Peli")
        await app.fire(chip(app, "Tänään"), "select", "false")
        await app.fire(chip(app, "Paikkoja jäljellä"), "select", "true")
        assert not app.says("Peli")

        await app.press("Poista rajaukset")
        await app.press("Lisää rajauksia")
        await app.fire(chip(app, "Portaaton sisäänkäynti"), "select", "true")
        assert app.says("0 tapahtumaa · 1 kohde")
        await app.fire(chip(app, "ruotsiksi"), "select", "true")
        assert app.says("Mitään ei löytynyt")


async def test_the_municipality_is_chosen_and_remembered(phone: HolderPhone) -> None:
    told_to(phone, directory(event(), venues=[venue(), venue(2, municipality="091")]))
    async with Harness(phone.main, route="/where") as app:
        await app.until(lambda: app.says("Konsertti 101"))
        await app.press("Lisää rajauksia")
        town = app.one(ft.DropdownM2, "Kunta")
        app.page.session.apply_patch(town._i, {"value": "091"})
        await app.fire(town, "change", "091")
        assert app.says("0 tapahtumaa · 1 kohde")
    async with Harness(phone.main, route="/where") as app:
        await app.until(lambda: app.says("0 tapahtumaa · 1 kohde"))


async def test_a_long_list_is_drawn_a_window_at_a_time(phone: HolderPhone) -> None:
    told_to(phone, directory(*(event(100 + n, hours=n) for n in range(1, 501))))
    async with Harness(phone.main, route="/where") as app:
        await app.until(lambda: app.says("Konsertti 101"))
        assert app.says("500 tapahtumaa")
        assert not app.says("Konsertti 121")
        await app.press("Näytä lisää")
        assert app.says("Konsertti 121")


async def test_a_place_tells_what_one_needs_to_know(phone: HolderPhone) -> None:
    there = venue(
        street="Katu 1", getting_there="Bussi 3", greetings={"fi": "Näytä kortti."},
        website="https://teatteri.example", accessibility=["induction_loop"], pilot="Tampere",
    )  # fmt: skip
    told_to(phone, directory(event(places_left=4, languages=["sv"]), venues=[there]))
    async with Harness(phone.main, route="/where") as app:
        await app.until(lambda: app.says("Konsertti 101"))
        await app.go(f"/where/{event().event_id}")
        await app.until(lambda: app.says("Mitä ovella sanotaan"))

        for words in ("Katu 1", "Bussi 3", "Näytä kortti.", "Induktiosilmukka", "ruotsiksi"):
            assert app.says(words), words
        assert app.says("4 paikkaa jäljellä (Tilanne 22.11.2026 klo 14.00)")
        assert app.says("Täällä käyvät vain tämän alueen kortit: Tampere.")
        link = app.button("Lue lisää verkossa")
        assert link.url.url == "https://teatteri.example"


async def test_an_event_is_put_into_the_calendar_and_made_a_favourite(phone: HolderPhone) -> None:
    told_to(phone, directory(event(name="Ilta, jossa; kaikki")))
    saved: list[dict] = []
    methods = {("FilePicker", "save_file"): saved.append}
    async with Harness(phone.main, route=f"/where/{event().event_id}", methods=methods) as app:
        await app.until(lambda: app.says("Luetteloon") or app.says("Ilta, jossa; kaikki"))
        await app.until(lambda: app.has_button("Lisää kalenteriini"))
        await app.press("Lisää kalenteriini")
        await app.until(lambda: app.says("annettiin puhelimellesi"))
        await app.press("Lisää suosikkeihin")
        assert app.has_button("Poista suosikeista")
    [file] = saved
    assert file["file_name"] == "kaikukortti-2026-11-22.ics"
    [entry] = Calendar.from_ical(file["src_bytes"]).walk("VEVENT")
    assert entry["SUMMARY"] == "Ilta, jossa; kaikki"
    assert entry["UID"] == str(event().event_id)
    assert entry.start == event().starts_at


async def test_a_link_that_is_not_safe_is_not_offered(phone: HolderPhone) -> None:
    told_to(phone, directory(event(link="javascript:alert(1)")))
    async with Harness(phone.main, route="/where") as app:
        await app.until(lambda: app.says("Konsertti 101"))
        await app.go(f"/where/{event().event_id}")
        await app.until(lambda: app.says("Mitä ovella sanotaan"))
        assert not app.has_button("Lue lisää verkossa")


async def test_a_place_that_is_gone_leads_back_to_the_list(phone: HolderPhone) -> None:
    told_to(phone, directory())
    async with Harness(phone.main, route="/where/nowhere") as app:
        await app.until(lambda: app.says("Tämä ei ole enää luettelossa"))


async def test_what_an_earlier_card_liked_does_not_come_back(holder: HolderPhone) -> None:
    told_to(holder, directory(event()))
    places = await loaded(holder)
    await places.refresh()
    await places.toggle_favourite(places.places[0].name)
    await (await holder.card()).sign_out()
    await places.load()
    await places.toggle_favourite(places.places[1].name)

    assert places.choices.favourites == {places.places[1].name}


async def test_favourites_are_taken_along_and_deleted_with_everything_else(
    holder: HolderPhone,
) -> None:
    told_to(holder, directory(event()))
    places = await loaded(holder)
    await places.refresh()
    await places.toggle_favourite(places.places[0].name)
    told = json.loads(with_favourites(b'{"visits": []}', places.favourites()))
    assert [one["name"] for one in told["favourites"]] == ["Konsertti 101"]

    await places.wipe()
    assert CHOICES not in holder.store.records
    assert places.favourites() == {}


async def test_the_card_leads_there(holder: HolderPhone) -> None:
    async with Harness(holder.main) as app:
        await app.until(lambda: app.has_button("Minne?"))
        await app.press("Minne?")
        await app.until(lambda: app.says("Luettelossa ei ole vielä kohteita"))
