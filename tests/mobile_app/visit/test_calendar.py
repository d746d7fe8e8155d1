"""The calendar of visits: what a day says, how months are turned, and where there is no room."""

from datetime import UTC, date, datetime

import flet as ft
import pytest

from mobile_app.ui.texts import Texts
from mobile_app.visit.calendar_view import fits
from mobile_app.visit.diary import by_day, entries_of, month_beside, weeks_of
from mobile_app.visit.words import day_words
from tests.mobile_app.harness import Harness
from tests.mobile_app.phones import HolderPhone
from tests.mobile_app.visit.history import visit, visits_from

NOVEMBER = 2026, 11


def at(day: int, hour: int = 10, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


async def turn_to(app: Harness, index: int) -> None:
    """Choose a tab, as the client reports it."""
    tabs = app.one(ft.Tabs)
    app.page.session.apply_patch(tabs._i, {"selected_index": index})
    await app.fire(tabs, "change", index)


def days(app: Harness) -> list[str]:
    """What a screen reader can press in the grid."""
    return [one.label for one in app.all(ft.Semantics) if one.button and one.label and one.on_tap]


async def tap(app: Harness, words: str) -> None:
    (day,) = [one for one in app.all(ft.Semantics) if one.label == words]
    await app.fire(day, "tap")


@pytest.fixture
async def holder(phone: HolderPhone, code: str) -> HolderPhone:
    await phone.activated(code)
    visits, _ = visits_from(
        phone,
        visit(1, visited_at=at(14)),
        visit(2, visited_at=at(14, 16)),
        visit(3, visited_at=at(3), voided_at=at(3, 11)),
        visit(4, visited_at=at(31, month=10)),
    )
    await visits.refresh()
    return phone


def test_month_is_whole_weeks_from_monday() -> None:
    weeks = weeks_of(NOVEMBER)

    assert all(len(week) == 7 for week in weeks)
    assert weeks[0] == [None] * 6 + [date(2026, 11, 1)]
    assert [day for week in weeks for day in week if day] == [
        date(2026, 11, number) for number in range(1, 31)
    ]
    assert len(weeks_of((2027, 2))) == 4


def test_months_follow_each_other_over_new_year() -> None:
    assert month_beside((2026, 12), 1) == (2027, 1)
    assert month_beside((2026, 1), -1) == (2025, 12)


def test_day_is_helsinkis_and_what_was_undone_is_none() -> None:
    late = visit(1, visited_at=datetime(2026, 11, 13, 22, 30, tzinfo=UTC))
    undone = visit(2, voided_at=at(15))

    assert list(by_day(entries_of([late, undone], [], {}))) == [date(2026, 11, 14)]


@pytest.mark.parametrize(
    ("language", "words"),
    [("fi", "14. marraskuuta, 2 käyntiä"), ("sv", "den 14 november, 2 besök")],
)
def test_day_says_itself_and_its_visits(language: str, words: str) -> None:
    assert day_words(Texts(language), date(2026, 11, 14), 2) == words


async def test_days_with_visits_can_be_pressed_and_show_them(holder: HolderPhone) -> None:
    async with Harness(holder.main, route="/visits") as app:
        await app.until(lambda: app.all(ft.Tabs))
        await turn_to(app, 1)
        assert days(app)[-1] == "14. marraskuuta, 2 käyntiä"
        assert not app.says("Teatteri 1")

        await tap(app, "14. marraskuuta, 2 käyntiä")
        assert app.says("Teatteri 1")
        assert app.says("Teatteri 2")
        assert not app.says("Teatteri 4")


async def test_months_are_turned_and_none_lies_ahead(holder: HolderPhone) -> None:
    async with Harness(holder.main, route="/visits") as app:
        await app.until(lambda: app.all(ft.Tabs))
        await turn_to(app, 1)
        assert not app.has_button("Seuraava kuukausi")

        await app.press("Edellinen kuukausi")
        assert app.says("Lokakuu 2026")
        assert days(app)[-1] == "31. lokakuuta, 1 käynti"
        await app.press("Edellinen kuukausi")
        assert app.says("Ei käyntejä tässä kuussa.")
        await app.press("Seuraava kuukausi")
        await app.press("Seuraava kuukausi")
        assert app.says("Marraskuu 2026")


@pytest.mark.parametrize(
    ("width", "percent", "room"),
    [(320, 100, True), (320, 125, True), (320, 200, False), (412, 200, False), (800, 200, True)],
)
def test_seven_columns_are_drawn_only_where_they_fit(
    width: int, percent: int, *, room: bool
) -> None:
    assert fits(width, text_percent=percent) is room


async def test_large_text_gets_a_list_of_the_same_days(holder: HolderPhone) -> None:
    await holder.store.put(
        "settings",
        {"language": "fi", "text_percent": 200, "brightness": "system", "high_contrast": False},
    )
    async with Harness(holder.main, route="/visits") as app:
        await app.until(lambda: app.all(ft.Tabs))
        await turn_to(app, 1)
        await app.press("14. marraskuuta, 2 käyntiä")

        assert app.says("Teatteri 2")
