"""Wellbeing on the phone: told with a tap, asked now and then, kept here and nowhere else."""

import json
from datetime import UTC, datetime, timedelta

import flet as ft
import pytest

from mobile_app.mood.mood import Mood
from mobile_app.visit.own import NOTES, Note
from mobile_app.wellbeing.scales import WHO5
from mobile_app.wellbeing.state import ANSWERS, ASKED, MOODS, Wellbeing
from tests.factories import NOON
from tests.mobile_app.harness import Harness
from tests.mobile_app.phones import HolderPhone
from tests.mobile_app.visit.history import visit, visits_from


@pytest.fixture
async def holder(phone: HolderPhone, code: str) -> HolderPhone:
    await phone.activated(code)
    return phone


def kept(holder: HolderPhone, prefix: str) -> list[str]:
    return sorted(key for key in holder.store.records if key.startswith(prefix))


async def choose_answer(app: Harness, number: int, value: int) -> None:
    group = app.all(ft.RadioGroup)[number]
    app.page.session.apply_patch(group._i, {"value": str(value)})
    await app.fire(group, "change", str(value))


async def test_one_tap_tells_and_another_of_the_day_changes_it(holder: HolderPhone) -> None:
    async with Harness(holder.main, route="/wellbeing") as app:
        await app.press("Hyvältä")
        assert app.says("Tallessa tälle päivälle: Hyvältä.")
        await app.press("Huonolta")
        assert app.says("Tallessa tälle päivälle: Huonolta.")

    assert kept(holder, MOODS) == [f"{MOODS}2026-11-22"]
    again = Wellbeing(holder.device)
    await again.load()
    assert list(again.moods.values()) == [Mood.BAD]


async def test_new_card_invites_once_and_a_no_lasts_for_weeks(holder: HolderPhone) -> None:
    async with Harness(holder.main) as app:
        await app.until(lambda: app.says("Yksi napautus, jos haluat."))
        await app.press("Ei nyt")
        assert not app.says("Yksi napautus, jos haluat.")

    wellbeing, card_id = Wellbeing(holder.device), holder.store.records[ASKED]["card_id"]
    for days, invited in ((0, False), (27, False), (28, True)):
        holder.clock.at = NOON + timedelta(days=days)
        await wellbeing.see_whether_to_invite(card_id)
        assert wellbeing.invited is invited, days
    holder.clock.at = NOON
    await wellbeing.see_whether_to_invite("the card of next year")
    assert wellbeing.invited


async def test_five_questions_want_all_answers_and_give_a_score(holder: HolderPhone) -> None:
    async with Harness(holder.main, route="/wellbeing/who5") as app:
        await choose_answer(app, 0, 5)
        await app.press("Valmis")
        assert app.says("Vastaa vielä näihin: 2, 3, 4, 5.")
        for number in range(1, 5):
            await choose_answer(app, number, 3)
        await app.press("Valmis")

        await app.until(lambda: app.says("68 pistettä sadasta 22.11.2026."))
        assert not app.says("Kriisipuhelin")
    assert kept(holder, ANSWERS) == [f"{ANSWERS}2026-11-22-who5"]


async def test_low_score_offers_somebody_to_talk_to_and_says_how_it_was_before(
    holder: HolderPhone,
) -> None:
    wellbeing = Wellbeing(holder.device)
    await wellbeing.answer(WHO5, [4, 4, 4, 4, 4])
    holder.clock.pass_time(days=40)
    await wellbeing.answer(WHO5, [2, 2, 2, 3, 3])
    async with Harness(holder.main, route="/wellbeing") as app:
        await app.until(lambda: app.says("48 pistettä sadasta"))

        assert app.says("Viimeksi pisteitä oli 80: nyt niitä on selvästi vähemmän.")
        assert app.says("Kriisipuhelin")
        assert not app.says("masennus")


async def test_skipping_goes_back_and_keeps_nothing(holder: HolderPhone) -> None:
    async with Harness(holder.main, route="/wellbeing/who5") as app:
        await choose_answer(app, 0, 5)
        skip = app.all(ft.OutlinedButton, "Ohita")[-1]
        await app.fire(skip, "click")
    assert kept(holder, ANSWERS) == []
    assert kept(holder, ASKED) == [ASKED]


async def test_trend_is_a_sentence_a_line_and_a_list(holder: HolderPhone) -> None:
    visits, _ = visits_from(holder, visit(1))
    await visits.refresh()
    wellbeing = Wellbeing(holder.device)
    for days, mood in ((40, Mood.BAD), (7, Mood.GOOD), (0, Mood.VERY_GOOD)):
        holder.clock.at = NOON - timedelta(days=days)
        await wellbeing.tell(mood)
    async with Harness(holder.main, route="/wellbeing") as app:
        sentence = "Tämä kuukausi on tuntunut paremmalta kuin lokakuu."
        await app.until(lambda: app.says(sentence))
        assert [one.label for one in app.all(ft.Semantics) if one.image][-1] == sentence
        await app.press("Näytä luettelona")
        assert app.says("Viikko alkaen 16.11.2026 · Tosi hyvältä · 1 käynti")


async def test_phone_that_lost_its_clock_keeps_nothing_and_says_why(holder: HolderPhone) -> None:
    holder.clock.at = datetime(1970, 1, 1, tzinfo=UTC)
    async with Harness(holder.main, route="/wellbeing") as app:
        await app.press("Hyvältä")
        assert app.says("Tämän puhelimen mukaan on 1.1.1970. Aseta ensin kello")
    wellbeing = Wellbeing(holder.device)
    assert not await wellbeing.answer(WHO5, [1] * 5)
    await wellbeing.see_whether_to_invite("any card")
    assert not wellbeing.invited
    assert kept(holder, MOODS) == kept(holder, ANSWERS) == []


async def test_nothing_of_it_is_sent(holder: HolderPhone) -> None:
    before = len(holder.network.requests)
    wellbeing = Wellbeing(holder.device)
    await wellbeing.tell(Mood.GOOD)
    await wellbeing.answer(WHO5, [3] * 5)
    await wellbeing.load()

    assert len(holder.network.requests) == before


async def test_unreadable_moods_and_answers_are_passed_over(holder: HolderPhone) -> None:
    holder.store.records |= {
        f"{MOODS}2026-11-01": {"mood": 99},
        f"{MOODS}yesterday": {"mood": 3},
        f"{ANSWERS}1": {"at": NOON.isoformat(), "scale": "who5", "given": [9] * 5},
        f"{ANSWERS}2": {"unreadable": True},
        ASKED: {"at": "never"},
    }
    wellbeing = Wellbeing(holder.device)
    await wellbeing.load()
    await wellbeing.see_whether_to_invite("any card")

    assert (wellbeing.moods, wellbeing.answers) == ({}, ())
    assert wellbeing.invited


async def test_ten_years_take_less_than_ten_megabytes(holder: HolderPhone) -> None:
    visits, _ = visits_from(holder, *(visit(7 * week + 1) for week in range(520)))
    wellbeing = Wellbeing(holder.device)
    await visits.refresh()
    while visits.cursor is not None:
        await visits.complete()
    for day in range(3650):
        holder.clock.at = NOON - timedelta(days=day)
        await wellbeing.tell(Mood.GOOD)
    assert len(visits.entries) == 520
    for entry in visits.entries:
        note = Note("Lapset nauroivat. " * 20, Mood.GOOD)
        await holder.store.put(NOTES + entry.name, note.to_record())

    kept_bytes = sum(len(json.dumps(pair)) for pair in holder.store.records.items())
    assert kept_bytes < 10_000_000


async def test_after_the_card_is_removed_nothing_of_it_flashes_up(holder: HolderPhone) -> None:
    _, api = visits_from(holder, visit(1))
    async with Harness(holder.main, route="/wellbeing") as app:
        await app.press("Hyvältä")
        await app.go("/visits")
        await app.until(lambda: app.says("Teatteri 1"))
        await app.go("/settings")
        await app.press("Poista kortti tästä puhelimesta")
        await app.press("Poista kortti")
        await app.until(lambda: app.says("Minulla on kortti"))
        assert kept(holder, "own/") == []

        api.all = []
        seen: list[str] = []
        deliver = app._on_message

        def note(message) -> None:
            seen.append(str(app._wire.pack(message.body), "utf-8", "replace"))
            deliver(message)

        app._wire._deliver = note
        await app.go("/wellbeing")
        await app.go("/visits")
        assert any("Ei vielä käyntejä" in one for one in seen)
        assert not any("Tallessa" in one or "Teatteri" in one for one in seen)
