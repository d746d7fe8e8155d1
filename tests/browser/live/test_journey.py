"""The main job, as people do it: two browsers, a camera, one visit."""

import asyncio
from datetime import timedelta

import pytest
from playwright.async_api import expect

from server.clock import utc_now
from tests.browser.browser import nothing_to_read, open_app, picture_of
from tests.browser.live.conftest import Door
from tests.browser.town import THEATRE, Town

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_from_grant_to_history(town: Town, holder_browser, door: Door) -> None:
    _, code = town.grant()
    card = await open_app(holder_browser, f"{town.url}/live/")
    await card.press("Minulla on kortti")
    await card.types_untouched("Aktivointikoodi", code)
    await card.press("Ota käyttöön")
    await card.sees("sinä + enintään 2 lasta")
    await card.sees("palvelin säilyttää korttisi avainta")

    scanner = await door.looks_at(await card.shot_of_code())
    await scanner.sees("Voimassa. Aikuinen ja enintään 2 lasta.")
    await scanner.press("Yksi lapsi lisää")
    await expect(scanner.button("Yksi lapsi vähemmän")).to_be_enabled()
    await scanner.press("Yksi lapsi lisää")
    await expect(scanner.button("Yksi lapsi lisää")).to_be_disabled()
    await scanner.press("Yksi lapsi vähemmän")
    await scanner.press("Kirjaa")
    await scanner.sees("Käynti kirjattu")

    await card.press("Käynnit")
    await card.sees(THEATRE)
    await card.sees("1 lapsi mukana")
    [visit] = town.visits()
    assert (visit.children, visit.assistant) == (1, False)

    await scanner.press("Kumoa")
    await scanner.sees("Käynti kumottiin.")
    await card.sees("Peruttu: tätä käyntiä ei lasketa.")


async def test_an_old_screenshot_is_refused_with_what_to_do(town: Town, door: Door) -> None:
    a_while_ago = utc_now() - timedelta(seconds=200)

    scanner = await door.looks_at(picture_of(town.phone().show(now=a_while_ago)))

    await scanner.sees("Pyydä avaamaan kortti sovelluksesta.")
    await scanner.sees("Kuvakaappaus ei käy.")


async def test_an_altered_code_is_refused(town: Town, door: Door) -> None:
    text = town.phone().show(now=utc_now())
    altered = text[:-1] + ("0" if text[-1] != "0" else "1")

    scanner = await door.looks_at(picture_of(altered))

    await scanner.sees("Koodia ei voitu vahvistaa.")


async def test_a_strangers_code_is_no_card(door: Door) -> None:
    scanner = await door.looks_at(picture_of("HTTPS://EXAMPLE.COM/MENU"))

    await scanner.sees("Tämä ei ole kortin koodi.")


async def test_a_blocked_card_is_refused_within_a_minute(town: Town, door: Door) -> None:
    phone = town.phone()
    town.block(phone.card)
    scanner = await door.opens()  # asks for the status list as soon as it opens
    await scanner.sees("sulut 0 min")

    scanner = await door.looks_at(picture_of(phone.show(now=utc_now())))

    await scanner.sees("Kortti ei ole käytössä.")
    await scanner.sees("Kortin antaja auttaa.")


async def test_an_expired_card_is_refused(town: Town, door: Door) -> None:
    phone = town.phone(now=utc_now() - timedelta(days=380))

    scanner = await door.looks_at(picture_of(phone.show(now=utc_now())))

    await scanner.sees("Kortin voimassaolo on päättynyt.")


async def test_the_same_card_twice_asks_who_comes_back(town: Town, door: Door) -> None:
    phone = town.phone(children=0)
    scanner = await door.looks_at(picture_of(phone.show(now=utc_now())))
    await scanner.sees("Voimassa. Aikuinen.")
    await scanner.press("Kirjaa")
    await scanner.sees("Käynti kirjattiin.")

    scanner = await door.looks_at(picture_of(phone.show(now=utc_now())))

    await scanner.sees("Kortti on jo käytetty täällä klo")
    await scanner.press("Ei nyt")
    await scanner.sees("Käynnit: Kulttuuri")


async def test_a_code_that_the_camera_cannot_read_is_typed(town: Town, door: Door) -> None:
    phone = town.phone(children=1)

    scanner = await door.looks_at(picture_of(phone.show(now=utc_now()), blurred=9))
    await scanner.sees("Koodi ei aukea.")
    await scanner.types("Korttikoodi", phone.card.code, enter=True)
    await scanner.sees("Kortti voimassa. Aikuinen ja enintään 1 lapsi.")
    await scanner.press("Kirjaa")

    await scanner.sees("Käynti kirjattu")  # on the scanner; the register hears of it next
    for _ in range(50):
        if any(visit.card_id == phone.card.id for visit in town.visits()):
            return
        await asyncio.sleep(0.2)
    raise AssertionError("the register has no such visit")


async def test_a_usb_reader_types_a_whole_token(town: Town, door: Door) -> None:
    nothing_to_read(door.film)
    scanner = await door.opens()

    await scanner.types("Korttikoodi", town.phone(children=3).show(now=utc_now()), enter=True)

    await scanner.sees("Voimassa. Aikuinen ja enintään 3 lasta.")
    await scanner.press("Kirjaa")
    await scanner.sees("Käynti kirjattu")


async def test_a_photo_is_read_like_a_camera(town: Town, door: Door) -> None:
    nothing_to_read(door.film)
    scanner = await door.opens()
    photo = picture_of(town.phone(children=4).show(now=utc_now()))

    async with scanner.page.expect_file_chooser() as chooser:
        await scanner.press("Valitse kuva")
    await (await chooser.value).set_files(
        {"name": "photo.png", "mimeType": "image/png", "buffer": photo}
    )

    await scanner.sees("Voimassa. Aikuinen ja enintään 4 lasta.")
