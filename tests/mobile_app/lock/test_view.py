"""The lock on the screen: set, asked for, changed, and the way out for whoever forgot the PIN."""

import flet as ft
import pytest
from sqlalchemy.orm import Session

from mobile_app.lock.state import LOCK, Lock
from tests.factories import NOON
from tests.mobile_app.harness import Harness
from tests.mobile_app.phones import HolderPhone, grant

PIN = "2468"
ASKS = "Sovellus on lukittu"
NEW = "PIN-koodi, 4–8 numeroa"  # noqa: RUF001 - from 4 to 8
SLIP = "Valitse 4–8 numeroa."  # noqa: RUF001


@pytest.fixture
async def holder(phone: HolderPhone, code: str) -> HolderPhone:
    await phone.activated(code)
    return phone


@pytest.fixture
async def locked(holder: HolderPhone) -> HolderPhone:
    await Lock(holder.device).set_pin(PIN, everything=False)
    return holder


def field(app: Harness, label: str) -> ft.TextField:
    return app.one(ft.TextField, label)


async def give(app: Harness, pin: str, *, button: str = "Avaa") -> None:
    await app.type(field(app, "PIN-koodi"), pin)
    await app.press(button)


async def choose(app: Harness, value: str) -> None:
    group = app.all(ft.RadioGroup)[-1]
    app.page.session.apply_patch(group._i, {"value": value})
    await app.fire(group, "change", value)


async def set_pin(app: Harness, pin: str, again: str, *, button: str = "Ota lukitus käyttöön"):
    await app.type(field(app, NEW), pin)
    await app.type(field(app, "Sama PIN-koodi uudelleen"), again)
    await app.press(button)


async def test_pin_is_set_and_asked_for_at_the_next_start(holder: HolderPhone) -> None:
    async with Harness(holder.main, route="/settings") as app:
        await app.press("Sovelluksen lukitus")
        assert app.says("Se ei salaa mitään.")
        await set_pin(app, PIN, PIN)
        assert app.says("Lukitus on päällä.")
        await app.go("/visits")
        assert not app.says(ASKS)

    async with Harness(holder.main, route="/visits") as app:
        assert app.says(ASKS)
        assert field(app, "PIN-koodi").password
        assert not app.has_button("Piilota käynnit")
        await give(app, PIN)
        assert app.has_button("Piilota käynnit")


async def test_both_mistakes_are_told_beside_their_fields(holder: HolderPhone) -> None:
    async with Harness(holder.main, route="/settings/lock") as app:
        await set_pin(app, "12a", "12a")
        assert field(app, NEW).error == SLIP
        await set_pin(app, "1234", "1243")
        assert field(app, NEW).error is None
        assert field(app, "Sama PIN-koodi uudelleen").error == "PIN-koodit eivät ole samat."

    assert LOCK not in holder.store.records


async def test_card_is_shown_without_the_pin_unless_everything_is_covered(
    locked: HolderPhone,
) -> None:
    async with Harness(locked.main) as app:
        await app.until(lambda: app.all(ft.Image))
        await app.press("Käynnit")
        assert app.says(ASKS)
        await app.press("Näytä kortti")
        await app.until(lambda: app.all(ft.Image))

        await app.go("/settings/lock")
        await give(app, PIN, button="Jatka")
        await choose(app, "everything")

    async with Harness(locked.main) as app:
        assert app.says(ASKS)
        assert app.all(ft.Image) == []
        assert not app.has_button("Näytä kortti")


async def test_wrong_pin_is_told_and_the_field_is_empty_again(locked: HolderPhone) -> None:
    async with Harness(locked.main, route="/mine") as app:
        before = field(app, "PIN-koodi").key
        await give(app, "1111")

        assert app.says("PIN-koodi ei täsmää. 4 yritystä jäljellä ennen odotusta.")
        assert field(app, "PIN-koodi").key != before

        for _ in range(4):
            await give(app, "1111")
        assert app.says("Voit yrittää uudelleen 30 sekunnin kuluttua.")


async def test_changing_the_lock_asks_for_the_pin_also_while_the_app_is_open(
    locked: HolderPhone,
) -> None:
    async with Harness(locked.main, route="/wellbeing") as app:
        await give(app, PIN)
        await app.go("/settings/lock")
        assert not app.has_button("Poista lukitus käytöstä")
        await give(app, PIN, button="Jatka")
        await set_pin(app, "135790", "135790", button="Vaihda PIN-koodi")
        assert app.says("PIN-koodi on vaihdettu.")

        await app.press("Poista lukitus käytöstä")
        assert app.says("Lukitus on pois päältä.")
    assert LOCK not in locked.store.records


async def test_forgotten_pin_costs_the_card_and_asks_first(locked: HolderPhone) -> None:
    async with Harness(locked.main, route="/visits") as app:
        await app.press("Unohdin PIN-koodini")
        await app.press("Pidä kortti")
        assert app.says(ASKS)

        await app.press("Unohdin PIN-koodini")
        await app.press("Poista kortti")
        await app.until(lambda: app.has_button("Minulla on kortti"))

    assert not [key for key in locked.store.records if key.startswith(("card", "own/", "visit"))]


async def test_lock_of_a_removed_card_does_not_ask_at_the_next_one(
    locked: HolderPhone, register: Session
) -> None:
    async with Harness(locked.main, route="/settings") as app:
        await app.press("Poista kortti tästä puhelimesta")
        await app.press("Poista kortti")
        await app.until(lambda: app.has_button("Minulla on kortti"))
        await locked.activated(grant(register, now=NOON)[1])
        await app.go("/visits")

        assert not app.says(ASKS)


@pytest.mark.parametrize("web", [False, True])
async def test_app_asks_again_after_five_minutes_out_of_sight(
    locked: HolderPhone, *, web: bool
) -> None:
    async with Harness(locked.main, route="/visits", web=web) as app:
        await give(app, PIN)
        for minutes, asks in ((4, False), (5, True)):
            await app.fire(app.page, "app_lifecycle_state_change", {"state": "hide"})
            locked.clock.pass_time(minutes=minutes)
            await app.fire(app.page, "app_lifecycle_state_change", {"state": "show"})
            assert app.says(ASKS) is asks


async def test_phone_without_a_card_has_no_lock(phone: HolderPhone) -> None:
    async with Harness(phone.main, route="/settings") as app:
        assert not app.has_button("Sovelluksen lukitus")
