"""The holder's screens, used as a person uses them."""

import asyncio
import json
from collections.abc import Callable

import flet as ft

from mobile_app.device.links import LINK_CODE
from tests.mobile_app.harness import Harness
from tests.mobile_app.phones import HolderPhone, make_phone


def pictures(app: Harness) -> list[bytes]:
    return [image.src for image in app.all(ft.Image)]


def spoken(app: Harness) -> list[str]:
    """What a screen reader says of controls that are labelled for it."""
    return [control.label for control in app.all(ft.Semantics) if control.label]


async def type_code(app: Harness, code: str) -> None:
    await app.type(app.one(ft.TextField), code)


async def test_first_screen_offers_two_ways(phone: HolderPhone) -> None:
    async with Harness(phone.main) as app:
        assert app.has_button("Minulla on kortti")
        assert app.has_button("Olen kohteessa töissä")
        assert app.says("Mitä tiedoilleni tapahtuu")


async def test_typed_code_leads_to_the_card(phone: HolderPhone, code: str) -> None:
    async with Harness(phone.main) as app:
        await app.press("Minulla on kortti")
        await type_code(app, code.lower())
        await app.press("Ota käyttöön")
        await app.until(lambda: pictures(app))

        assert app.page.route == "/"
        assert app.says("sinä + enintään 2 lasta")
        assert app.has_button("Käynnit")


async def test_code_is_shown_in_groups_while_one_types(phone: HolderPhone) -> None:
    async with Harness(phone.main, route="/activate") as app:
        await type_code(app, "7k3m9q")

        field = app.one(ft.TextField)
        assert field.helper == "7K3M-9Q"
        assert field.value == "7k3m9q"  # what was typed is left alone


async def test_link_brings_the_card_and_leaves_no_code_behind(
    phone: HolderPhone, code: str
) -> None:
    preferences = {LINK_CODE: code.replace("-", "")}
    async with Harness(phone.main, route="/activate", preferences=preferences) as app:
        await app.until(lambda: pictures(app))

        assert LINK_CODE not in app.preferences
        assert app.page.route == "/"
    assert code.replace("-", "") not in json.dumps(phone.store.records)


async def test_link_on_a_phone_is_taken_out_of_the_address(phone: HolderPhone, code: str) -> None:
    route = f"/app/activate#{code.replace('-', '')}"
    async with Harness(phone.main, route=route) as app:
        await app.until(lambda: pictures(app))

        assert app.addresses[0] == "/activate"
        assert not any("#" in address for address in app.addresses)


async def test_refusal_has_words_and_loses_nothing_typed(phone: HolderPhone, code: str) -> None:
    async with Harness(phone.main, route="/activate") as app:
        phone.network.down = True
        await type_code(app, code)
        await app.press("Ota käyttöön")
        await app.until(lambda: app.says("Palvelimeen ei juuri nyt saada yhteyttä"))
        assert app.one(ft.TextField).value == code

        phone.network.down = False
        await app.press("Ota käyttöön")
        await app.until(lambda: pictures(app))


async def test_wrong_symbol_is_told_at_once(phone: HolderPhone) -> None:
    async with Harness(phone.main, route="/activate") as app:
        await type_code(app, "7K3M-9QX2-B4T2")
        await app.press("Ota käyttöön")

        assert app.says("Tarkista merkit")
        assert phone.network.requests == []


async def test_moving_a_card_asks_first(phone: HolderPhone, code: str) -> None:
    phone.network.refuse("/activations", "card_on_another_phone", status=409)
    async with Harness(phone.main, route="/activate") as app:
        await type_code(app, code)
        await app.press("Ota käyttöön")
        await app.until(lambda: app.says("se lakkaa toimimasta toisessa"))
        phone.network.refusals.clear()
        await app.press("Siirrä kortti tähän")
        await app.until(lambda: pictures(app))


async def test_leaving_the_card_on_the_other_phone_keeps_the_code(
    phone: HolderPhone, code: str
) -> None:
    phone.network.refuse("/activations", "card_on_another_phone", status=409)
    async with Harness(phone.main, route="/activate") as app:
        await type_code(app, code)
        await app.press("Ota käyttöön")
        await app.until(lambda: app.has_button("Jätä kortti sinne"))
        await app.press("Jätä kortti sinne")

        assert not app.has_button("Siirrä kortti tähän")
        assert app.one(ft.TextField).value == code


async def test_button_is_busy_until_the_server_answers(phone: HolderPhone, code: str) -> None:
    seen: list[bool] = []
    answer = phone.network.server.send

    async def slow(*args, **kwargs):
        await app.settle()
        seen.append(app.button("Otetaan käyttöön…").disabled)
        return await answer(*args, **kwargs)

    phone.network.server.send = slow
    async with Harness(phone.main, route="/activate") as app:
        await type_code(app, code)
        await app.press("Ota käyttöön")
        await app.until(lambda: pictures(app))

    assert seen[0] is True


async def test_card_ticks_without_talking_to_screen_readers(phone: HolderPhone, code: str) -> None:
    await phone.activated(code)
    async with Harness(phone.main) as app:
        await app.until(lambda: app.says("Uusi koodi 30 s kuluttua"))
        phone.clock.pass_time(seconds=1)
        await app.until(lambda: app.says("Uusi koodi 29 s kuluttua"))

        silent = [control for control in app.all(ft.Semantics) if control.exclude_semantics]
        assert any("29 s" in label for control in silent for label in app.labels(control))
        assert not any(control.live_region for control in app.all(ft.Semantics))
        assert any("QR-koodi" in words for words in spoken(app))


async def test_card_on_the_screen_draws_a_new_code_by_itself(phone: HolderPhone, code: str) -> None:
    await phone.activated(code)
    async with Harness(phone.main) as app:
        await app.until(lambda: pictures(app))
        (first,) = pictures(app)
        phone.clock.pass_time(seconds=30)
        await app.until(lambda: pictures(app) != [first])


async def test_nothing_is_signed_while_the_card_is_not_seen(phone: HolderPhone, code: str) -> None:
    await phone.activated(code)
    signed: list[str] = []
    sign = phone.device.keys.sign

    async def counting(name: str, data: bytes) -> bytes:
        signed.append(name)
        return await sign(name, data)

    phone.device.keys.sign = counting
    async with Harness(phone.main, route="/settings") as app:
        await app.until(lambda: phone.network.asked("/card"))
        before = len(signed)
        phone.clock.pass_time(seconds=90)
        await asyncio.sleep(1.3)  # a whole beat of the card below
        assert len(signed) == before


async def test_tap_enlarges_the_code_and_another_brings_the_card_back(
    phone: HolderPhone, code: str
) -> None:
    await phone.activated(code)
    async with Harness(phone.main) as app:
        await app.until(lambda: pictures(app))
        (picture,) = [one for one in app.all(ft.Semantics) if one.label and one.button]
        await app.fire(picture, "tap")
        assert [view.route for view in app.all(ft.View)][-1] == "/show"
        assert app.all(ft.View)[-1].bgcolor == "#FFFFFF"

        await app.press("Takaisin korttiin")
        assert [view.route for view in app.all(ft.View)] == ["/"]


async def test_printed_code_stands_beside_the_qr(
    phone: HolderPhone, granted: tuple[object, str]
) -> None:
    card = await phone.activated(granted[1])
    assert card.held is not None
    code = card.held.facts.card_code
    async with Harness(phone.main) as app:
        assert app.says(f"{code[:3]}-{code[3:6]}-{code[6:]}")


async def test_hindered_card_says_why_instead_of_showing_a_code(
    phone: HolderPhone, code: str
) -> None:
    await phone.activated(code)
    phone.network.refuse("/holder-sessions", "key_changed")
    async with Harness(phone.main) as app:
        await app.until(lambda: app.says("Korttisi on nyt toisessa puhelimessa"))

        assert pictures(app) == []
        await app.press("Minulla on aktivointikoodi")
        assert app.page.route == "/activate"


async def test_preview_says_who_holds_the_key(server, phone_clock, code: str) -> None:
    preview = make_phone(server, phone_clock, preview=True)
    await preview.activated(code)
    async with Harness(preview.main) as app:
        assert app.says("palvelin säilyttää korttisi avainta")


async def test_phone_does_not_claim_to_be_a_preview(phone: HolderPhone, code: str) -> None:
    await phone.activated(code)
    async with Harness(phone.main) as app:
        assert not app.says("esiversio")


async def test_address_that_leads_nowhere_leads_home(phone: HolderPhone) -> None:
    async with Harness(phone.main, route="/no/such/page") as app:
        await app.press("Tätä sivua ei ole. Siirry alkuun.")
        assert app.has_button("Minulla on kortti")


async def test_two_phones_in_one_process_are_strangers(
    phone: HolderPhone, another_phone: Callable[[], HolderPhone], code: str
) -> None:
    await phone.activated(code)
    async with Harness(another_phone().main) as app:
        assert app.has_button("Minulla on kortti")


async def test_an_app_that_is_too_old_asks_to_be_loaded_again_and_shows_the_card(
    server, phone_clock, code: str
) -> None:
    loaded: list[str] = []
    phone = make_phone(server, phone_clock, load_again=lambda: loaded.append("again"))
    await phone.activated(code)
    phone.network.refuse("/", "app_too_old", status=426)

    async with Harness(phone.main) as app:
        await app.until(lambda: app.says("liian vanha palvelimelle"))
        assert pictures(app)
        await app.press("Lataa uudelleen")

    assert loaded == ["again"]


async def test_a_phone_that_may_clear_the_card_away_is_told_of(
    phone: HolderPhone, code: str
) -> None:
    phone.store.lasting = False
    await phone.activated(code)
    async with Harness(phone.main) as app:
        await app.until(lambda: app.says("Lisää Kaikukortti aloitusnäytölle, niin kortti säilyy."))

    phone.store.lasting = True
    async with Harness(phone.main) as app:
        await app.until(lambda: pictures(app))
        assert not app.says("aloitusnäytölle")
