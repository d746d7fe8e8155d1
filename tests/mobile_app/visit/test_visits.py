"""The holder's visits: what is fetched, what is kept, what is shown."""

from dataclasses import replace
from datetime import timedelta

import flet as ft
import pytest

from mobile_app.device.api import Api
from mobile_app.ui.texts import Texts
from mobile_app.visit.diary import entries_of
from mobile_app.visit.row_view import row_lines
from mobile_app.visit.shelf import HEARD, MONTHS
from mobile_app.visit.state import Visits
from shared.visit import HolderVisit
from tests.factories import NOON
from tests.mobile_app.harness import Harness
from tests.mobile_app.phones import HolderPhone
from tests.mobile_app.visit.history import numbers, visit, visits_from


@pytest.fixture
async def holder(phone: HolderPhone, code: str) -> HolderPhone:
    await phone.activated(code)
    return phone


async def test_visits_are_there_at_once_and_without_network(holder: HolderPhone) -> None:
    first, _ = visits_from(holder, visit(1), visit(2))
    await first.refresh()

    again = Visits(holder.device)
    await again.load()

    assert numbers(again) == [1, 2]
    assert again.heard_at == NOON


async def test_server_that_is_away_leaves_what_is_shown(holder: HolderPhone) -> None:
    visits = Visits(holder.device)
    visits.rows, visits.heard_at = [visit(1)], NOON
    holder.network.down = True
    holder.clock.pass_time(hours=1)
    await visits.refresh()

    assert visits.offline
    assert numbers(visits) == [1]
    assert visits.heard_at == NOON  # the age of what is shown, not of the attempt


async def test_fresh_visit_comes_on_top_and_an_undone_one_is_taken_over(
    holder: HolderPhone,
) -> None:
    visits, api = visits_from(holder, visit(2), visit(3))
    await visits.refresh()
    api.all = [visit(1), visit(2, voided_at=NOON), visit(3)]
    await visits.refresh()

    assert numbers(visits) == [1, 2, 3]
    assert visits.rows[1].voided_at == NOON


async def test_older_visits_join_at_the_end_and_survive_a_refresh(holder: HolderPhone) -> None:
    visits, _ = visits_from(holder, *(visit(n) for n in range(1, 8)))
    await visits.refresh()
    await visits.older()
    await visits.older()
    assert numbers(visits) == [1, 2, 3, 4, 5, 6, 7]
    assert visits.cursor is None

    await visits.refresh()

    assert numbers(visits) == [1, 2, 3, 4, 5, 6, 7]
    assert visits.cursor is None


async def test_gap_between_old_and_new_is_never_shown_as_a_pause(holder: HolderPhone) -> None:
    visits, api = visits_from(holder, visit(8), visit(9))
    await visits.refresh()
    api.all = [visit(n) for n in range(1, 10)]
    await visits.refresh()

    assert numbers(visits) == [1, 2, 3]
    assert visits.cursor == "3"


async def test_nothing_is_kept_after_signing_out(holder: HolderPhone) -> None:
    card = await holder.card()
    await card.sign_out()
    visits, _ = visits_from(holder, visit(1))
    await visits.refresh()

    assert [key for key in holder.store.records if key.startswith("visit/")] == []


async def test_news_rewrites_the_month_it_is_of_and_no_other(holder: HolderPhone) -> None:
    october = visit(30)
    visits, api = visits_from(holder, visit(2), october)
    await visits.refresh()
    kept = dict(holder.store.records)
    assert sorted(key for key in kept if key.startswith("visit/")) == [
        HEARD,
        f"{MONTHS}2026-10",
        f"{MONTHS}2026-11",
    ]
    written: list[str] = []
    put_all = holder.store.put_all

    async def watched(records) -> None:
        written.extend(records)
        await put_all(records)

    holder.store.put_all = watched
    api.all = [visit(1), visit(2), october]
    await visits.refresh()
    assert sorted(written) == [HEARD, f"{MONTHS}2026-11"]

    written.clear()
    await visits.refresh()
    assert written == [HEARD]


async def test_month_that_cannot_be_read_is_fetched_again(holder: HolderPhone) -> None:
    visits, _ = visits_from(holder, visit(1), visit(30))
    await visits.refresh()
    await holder.store.put(f"{MONTHS}2026-10", {"unreadable": True})

    again = Visits(holder.device)
    await again.load()
    assert numbers(again) == []
    await again.refresh()
    assert numbers(again) == [1, 30]
    assert holder.store.records[f"{MONTHS}2026-10"] != {"unreadable": True}


async def test_real_server_shows_no_visits_to_a_fresh_card(holder: HolderPhone) -> None:
    visits = Visits(holder.device)
    await visits.refresh()

    assert visits.rows == []
    assert visits.heard_at == NOON
    assert visits.refusal is None


def row_texts(t: Texts, shown: HolderVisit) -> list[ft.Text]:
    [entry] = entries_of([shown], [], {})
    return [line for line in row_lines(t, entry) if isinstance(line, ft.Text)]


def test_row_says_venue_day_purpose_and_company() -> None:
    lines = row_texts(Texts("fi"), visit(1, children=2, assistant=True))

    assert [line.value for line in lines] == [
        "Teatteri 1",
        "21.11.2026 klo 14.00 · Kulttuuri",
        "2 lasta mukana · avustaja mukana",
    ]


def test_undone_visit_is_struck_out_and_says_so_in_words() -> None:
    *struck, last = row_texts(Texts("fi"), visit(1, voided_at=NOON))

    through = ft.TextDecoration.LINE_THROUGH
    assert all(line.style is not None and line.style.decoration == through for line in struck)
    assert last.value == "Peruttu: tätä käyntiä ei lasketa."
    assert last.style is None


async def test_screen_groups_by_month_and_tells_its_age(holder: HolderPhone) -> None:
    october = visit(2, visited_at=NOON - timedelta(days=30))
    visits_from(holder, visit(1), october)
    async with Harness(holder.main, route="/visits") as app:
        await app.until(lambda: app.says("Teatteri 2"))

        assert app.says("Marraskuu 2026")
        assert app.says("Lokakuu 2026")
        assert app.says("Tilanne 22.11.2026 klo 14.00")
        assert not app.has_button("Vanhemmat käynnit")


async def test_screen_shows_kept_visits_when_the_server_is_away(holder: HolderPhone) -> None:
    visits, _ = visits_from(holder, visit(1))
    await visits.refresh()
    holder.device = replace(holder.device, api=Api(holder.network, holder.clock))
    holder.network.down = True
    async with Harness(holder.main, route="/visits") as app:
        await app.until(lambda: app.says("Nämä käynnit ovat puhelimesi muistista"))
        assert app.says("Teatteri 1")


async def test_button_asks_again(holder: HolderPhone) -> None:
    _, api = visits_from(holder)
    async with Harness(holder.main, route="/visits") as app:
        await app.until(lambda: app.says("Ei vielä käyntejä"))
        api.all = [visit(1)]
        await app.press("Päivitä")
        await app.until(lambda: app.says("Teatteri 1"))


async def test_visits_without_a_card_say_so(phone: HolderPhone) -> None:
    async with Harness(phone.main, route="/visits") as app:
        await app.until(lambda: app.says("Tässä puhelimessa ei ole korttia"))


async def test_long_history_comes_in_by_itself_and_a_window_of_it_is_drawn(
    holder: HolderPhone,
) -> None:
    visits_from(holder, *(visit(number) for number in range(1, 61)))
    async with Harness(holder.main, route="/visits") as app:
        await app.until(lambda: app.says("Teatteri 20") and not app.has_button("Päivitetään…"))

        assert not app.says("Teatteri 21")
        await app.press("Näytä vanhemmat")
        assert app.says("yhteensä 60")
        assert app.says("Teatteri 21")
        assert not app.says("Teatteri 20")
        await app.press("Näytä uudemmat")
        assert app.says("Teatteri 1")


async def test_totals_stand_on_top_in_words(holder: HolderPhone) -> None:
    visits_from(holder, visit(1), visit(2, voided_at=NOON), visit(60), visit(400))
    async with Harness(holder.main, route="/visits") as app:
        await app.until(lambda: app.says("Teatteri 1"))

        assert app.says("1 käynti tässä kuussa · 2 käyntiä tänä vuonna")


async def test_typing_and_choosing_narrow_the_list_and_say_how_many_are_left(
    holder: HolderPhone,
) -> None:
    visits_from(holder, *(visit(n) for n in range(1, 12)), visit(12, venue_name="Uimahalli"))
    async with Harness(holder.main, route="/visits") as app:
        await app.until(lambda: app.says("Uimahalli"))
        search = app.one(ft.TextField, "Etsi")

        await app.type(search, "uimah")
        assert app.says("1 / 12 käyntiä")
        assert not app.says("Teatteri 1")

        await app.type(search, "ooppera")
        assert app.says("Mitään ei löytynyt")
        await app.type(search, "")
        category = app.one(ft.DropdownM2, "Luokka")
        app.page.session.apply_patch(category._i, {"value": "sport"})
        await app.fire(category, "change", "sport")
        assert app.says("Mitään ei löytynyt")
