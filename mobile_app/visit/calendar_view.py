"""A month of visits as a calendar: days with visits stand out by shape and number, a tap opens one.

Where seven columns have no room, because the text is large or the screen small, the days of the
month that had visits are a list instead.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import flet as ft

from mobile_app.ui.context import use_app
from mobile_app.ui.notice import heading, paragraph, wide_button
from mobile_app.ui.texts import N_, Texts
from mobile_app.ui.theme import (
    CORNER,
    READABLE_WIDTH,
    SPACE_4,
    SPACE_16,
    TOUCH,
    Type,
)
from mobile_app.visit.diary import Entry, Month, by_day, month_beside, weeks_of
from mobile_app.visit.row_view import visit_row
from mobile_app.visit.words import day_words, month_name

WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))

NARROWEST = 8
NARROWEST_TEXT = 24
"""What a day needs, in logical pixels: an edge, and two digits of the usual size."""


@ft.component
def VisitCalendar(
    t: Texts, entries: Sequence[Entry], today: date, open_it: Callable[[str], None]
) -> ft.Control:
    """Show one month, the newest first, and the visits of the day that was tapped."""
    look = use_app().look
    page = ft.context.page
    this_month = (today.year, today.month)
    month, set_month = ft.use_state(this_month)
    chosen, set_chosen = ft.use_state(0)
    days = ft.use_memo(lambda: by_day(entries), [entries])
    found = {day.day: on for day, on in days.items() if (day.year, day.month) == month}

    def turn(months: int) -> None:
        set_month(month_beside(month, months))
        set_chosen(0)

    if fits(page.width or READABLE_WIDTH, text_percent=look.text_percent):
        height = round(TOUCH * look.text_percent / 100)
        drawn: list[ft.Control] = [
            month_grid(t, month, found, set_chosen, today=today, height=height)
        ]
    else:
        drawn = day_list(t, month, found, set_chosen)
    if not found:
        drawn.append(paragraph(t("No visits in this month.")))
    if chosen in found:
        drawn.append(ft.Semantics(live_region=True, content=_day_heading(t, month, chosen)))
        drawn += [visit_row(t, entry, open_it) for entry in found[chosen]]
    return ft.Column(
        [
            heading(month_name(t, month), level=2),
            *turns(t, turn, is_last=month >= this_month),
            *drawn,
        ],
        spacing=SPACE_16,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def fits(width: float, *, text_percent: int) -> bool:
    """Tell whether seven days stand beside each other on so wide a screen."""
    cell = (min(width, READABLE_WIDTH) - 2 * SPACE_16) / len(WEEKDAYS)
    return cell >= NARROWEST + NARROWEST_TEXT * text_percent / 100


def turns(t: Texts, turn: Callable[[int], None], *, is_last: bool) -> list[ft.Control]:
    """Draw the ways to the months before and after; nothing can have happened after this one."""
    ways = [wide_button(t("Previous month"), lambda: turn(-1), main=False)]
    if not is_last:
        ways.append(wide_button(t("Next month"), lambda: turn(1), main=False))
    return ways


def month_grid(  # noqa: PLR0913 - what a month is drawn of
    t: Texts,
    month: Month,
    found: Mapping[int, Sequence[Entry]],
    choose: Callable[[int], None],
    *,
    today: date,
    height: int,
) -> ft.Control:
    """Draw the weeks; a screen reader hears the days that had visits, and no others."""
    names = [ft.Text(t(name), theme_style=Type.LABEL) for name in WEEKDAYS]
    head = ft.Semantics(exclude_semantics=True, content=_row(names))
    weeks = [
        _row([_day(t, day, found, choose, is_today=day == today) for day in week], height=height)
        for week in weeks_of(month)
    ]
    return ft.Column([head, *weeks], spacing=SPACE_4)


def day_list(
    t: Texts, month: Month, found: Mapping[int, Sequence[Entry]], choose: Callable[[int], None]
) -> list[ft.Control]:
    """Draw the days that had visits below each other."""

    def way(day: int) -> ft.Control:
        words = day_words(t, date(*month, day), len(found[day]))
        return wide_button(words, lambda: choose(day), main=False)

    return [way(day) for day in sorted(found)]


def _row(cells: Sequence[ft.Control], *, height: int | None = None) -> ft.Control:
    boxes = [
        ft.Container(one, expand=1, height=height, alignment=ft.Alignment.CENTER) for one in cells
    ]
    return ft.Row(list(boxes), spacing=0)


def _day(
    t: Texts,
    day: date | None,
    found: Mapping[int, Sequence[Entry]],
    choose: Callable[[int], None],
    *,
    is_today: bool,
) -> ft.Control:
    if day is None:
        return ft.Container()
    visits = found.get(day.day, ())
    number = ft.Text(str(day.day), theme_style=Type.STRONG if visits else Type.BODY)
    if not visits:
        edge = ft.Border.all(1, ft.Colors.OUTLINE) if is_today else None
        return ft.Semantics(exclude_semantics=True, content=_box([number], border=edge))

    def press() -> None:
        choose(day.day)

    many = ft.Text(f"×{len(visits)}", theme_style=Type.LABEL)  # noqa: RUF001 - times
    return ft.Semantics(
        label=day_words(t, day, len(visits)),
        button=True,
        on_tap=press,
        container=True,
        exclude_semantics=True,
        content=_box(
            [number, many],
            border=ft.Border.all(2, ft.Colors.PRIMARY),
            bgcolor=ft.Colors.PRIMARY_CONTAINER,
            border_radius=CORNER,
            ink=True,
            on_click=press,
        ),
    )


def _box(lines: Sequence[ft.Control], **over: Any) -> ft.Control:
    stack = ft.Column(
        list(lines),
        spacing=0,
        tight=True,
        alignment=ft.MainAxisAlignment.CENTER,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )
    return ft.Container(stack, alignment=ft.Alignment.CENTER, **over)


def _day_heading(t: Texts, month: Month, day: int) -> ft.Control:
    return heading(t.day(date(*month, day)), level=3)
