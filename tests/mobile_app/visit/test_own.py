"""What the holder adds to the visits: own entries, notes, moods; and what becomes of them."""

from dataclasses import replace
from datetime import UTC, datetime

import flet as ft
import pytest
from sqlalchemy.orm import Session

from mobile_app.card.activation import Activation
from mobile_app.mood.mood import Mood
from mobile_app.visit.own import NOTES, OWN, Draft, Slip
from mobile_app.visit.state import Visits
from tests.factories import NOON
from tests.mobile_app.harness import Harness
from tests.mobile_app.phones import HolderPhone, grant
from tests.mobile_app.visit.history import visit, visits_from


@pytest.fixture
async def holder(phone: HolderPhone, code: str) -> HolderPhone:
    await phone.activated(code)
    return phone


async def opened(app: Harness, place: str) -> None:
    """Tap the row of a place."""
    await app.until(lambda: app.says(place))
    [row] = [box for box in app.all(ft.Container, place) if box.on_click is not None and box.ink]
    await app.fire(row, "click")
    await app.until(lambda: app.says("Miltä tuntui?"))


def note_field(app: Harness) -> ft.TextField:
    return app.one(ft.TextField, "Muistiinpano")


async def test_mood_and_note_are_kept_with_the_visit_and_survive_a_restart(
    holder: HolderPhone,
) -> None:
    visits_from(holder, visit(1))
    async with Harness(holder.main, route="/visits") as app:
        await opened(app, "Teatteri 1")
        await app.press("Hyvältä")
        await app.type(note_field(app), "  Lapset nauroivat 🎭 مرحبا  ")
        await app.press("Tallenna muistiinpano")
        assert app.says("Muistiinpano on tallessa.")

    async with Harness(holder.main, route="/visits") as app:
        await app.until(lambda: app.says("Lapset nauroivat 🎭 مرحبا"))
        assert app.says("Hyvältä")
        await opened(app, "Teatteri 1")
        assert note_field(app).value == "Lapset nauroivat 🎭 مرحبا"
        await app.press("Hyvältä")  # once more takes it away
    again = Visits(holder.device)
    await again.load()
    assert again.entries[0].note.mood is None


async def test_note_of_a_hundred_thousand_characters_is_told_its_limit_and_stays_typed(
    holder: HolderPhone,
) -> None:
    visits_from(holder, visit(1))
    async with Harness(holder.main, route="/visits") as app:
        await opened(app, "Teatteri 1")
        await app.type(note_field(app), "x" * 100_000)
        await app.press("Tallenna muistiinpano")

        assert app.says("siihen mahtuu 2000 merkkiä. Lyhennä sitä 98000 merkkiä.")
        assert not app.says("Muistiinpano on tallessa.")
    assert [key for key in holder.store.records if key.startswith(NOTES)] == []


async def test_own_visit_is_in_the_list_marked_and_can_be_deleted(holder: HolderPhone) -> None:
    visits_from(holder, visit(1))
    async with Harness(holder.main, route="/visits") as app:
        await app.until(lambda: app.says("Teatteri 1"))
        await app.press("Lisää oma käynti")
        await app.press("Tallenna käynti")
        assert app.one(ft.TextField, "Paikka").error == "Kirjoita, missä kävit."

        await app.type(app.one(ft.TextField, "Paikka"), "Kesäteatteri")
        await app.type(app.one(ft.TextField, "Päivä"), "23.11.2026")
        await app.press("Tallenna käynti")
        assert app.one(ft.TextField, "Paikka").error is None
        assert "22.11.2026" in str(app.one(ft.TextField, "Päivä").error)
        await app.type(app.one(ft.TextField, "Päivä"), "21.11.2026")
        await app.type(app.one(ft.TextField, "Lapsia mukana"), "2")
        await app.press("Tallenna käynti")

        await app.until(lambda: app.says("Oma merkintä: ei rekisterissä."))
        assert app.says("21.11.2026 · Kulttuuri")
        assert app.says("2 lasta mukana")
        assert app.says("2 käyntiä tässä kuussa")
        await opened(app, "Kesäteatteri")
        await app.press("Poista tämä merkintä")
        await app.press("Poista")
        await app.until(lambda: not app.says("Kesäteatteri"))
    assert [key for key in holder.store.records if key.startswith(OWN)] == []


async def test_deleting_a_note_leaves_the_visit(holder: HolderPhone) -> None:
    visits, _ = visits_from(holder, visit(1))
    await visits.refresh()
    name = visits.entries[0].name
    await visits.choose_mood(name, Mood.GOOD)
    await visits.write_note(name, "Hyvä ilta")

    await visits.remove(name)

    assert [entry.place for entry in visits.entries] == ["Teatteri 1"]
    assert [key for key in holder.store.records if key.startswith("own/")] == []


async def test_phone_that_believes_in_1970_says_what_day_it_takes_it_for(
    holder: HolderPhone,
) -> None:
    holder.clock.at = datetime(1970, 1, 1, 3, tzinfo=UTC)
    visits, _ = visits_from(holder)

    assert (await visits.add_own(Draft("Museo", "22.11.2026"))).day is Slip.FUTURE
    assert (await visits.add_own(Draft("Museo"))).day is Slip.LONG_AGO


async def test_next_years_card_finds_what_was_written_and_signing_out_wipes_it(
    holder: HolderPhone, register: Session
) -> None:
    visits = Visits(holder.device)
    await visits.add_own(Draft("Kesäteatteri"))
    _, next_code = grant(register, now=NOON)
    card = await holder.card()
    attempt = Activation(holder.device, card)
    await attempt.submit(next_code)
    assert attempt.done, attempt.refusal

    again = Visits(holder.device)
    await again.load()
    assert [entry.place for entry in again.entries] == ["Kesäteatteri"]

    await card.sign_out()
    assert [key for key in holder.store.records if key.startswith("own/")] == []


async def test_wiping_takes_everything_and_the_register_tells_its_own_again(
    holder: HolderPhone,
) -> None:
    visits, _ = visits_from(holder, visit(1))
    await visits.refresh()
    await visits.write_note(visits.entries[0].name, "Hyvä ilta")
    await visits.add_own(Draft("Kesäteatteri"))

    await visits.wipe()

    assert visits.entries == ()
    assert [key for key in holder.store.records if key.startswith(("own/", "visit/"))] == []
    await visits.refresh()
    assert [(entry.place, entry.note.text) for entry in visits.entries] == [("Teatteri 1", "")]


async def test_unreadable_entry_takes_no_other_along(holder: HolderPhone) -> None:
    visits = Visits(holder.device)
    await visits.add_own(Draft("Kesäteatteri"))
    await holder.store.put(f"{OWN}nothing", {"unreadable": True})

    again = Visits(replace(holder.device))
    await again.load()

    assert [entry.place for entry in again.entries] == ["Kesäteatteri"]


async def test_hidden_visits_stay_hidden_after_a_restart_until_they_are_shown(
    holder: HolderPhone,
) -> None:
    visits_from(holder, visit(1))
    async with Harness(holder.main, route="/visits") as app:
        await app.until(lambda: app.says("Teatteri 1"))
        await app.press("Piilota käynnit")
        assert not app.says("Teatteri 1")

    async with Harness(holder.main, route="/visits") as app:
        await app.until(lambda: app.says("Käyntisi ovat piilossa"))
        assert not app.says("Teatteri 1")
        await app.press("Näytä käynnit")
        await app.until(lambda: app.says("Teatteri 1"))


async def test_months_are_bars_with_their_names_and_numbers(holder: HolderPhone) -> None:
    visits_from(holder, visit(1), visit(2), visit(40), visit(400))
    async with Harness(holder.main, route="/visits") as app:
        await app.until(lambda: app.says("Teatteri 1"))
        tabs = app.one(ft.Tabs)
        app.page.session.apply_patch(tabs._i, {"selected_index": 2})
        await app.fire(tabs, "change", 2)

        words = app.words()
        assert words[words.index("Marraskuu 2026") + 1] == "2 käyntiä"
        assert words[words.index("Syyskuu 2026") + 1] == "0 käyntiä"
        assert app.says("Kulttuuri: 3 käyntiä")
        assert app.says("2025: 1 käynti")
