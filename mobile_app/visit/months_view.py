"""The months of a year as bars, each with its name and number, and the categories as a table.

A bar is a container of a certain length: nothing to load, and words stay words at any size.
"""

from collections.abc import Sequence

import flet as ft

from mobile_app.ui.notice import heading, paragraph
from mobile_app.ui.texts import Texts
from mobile_app.ui.theme import SPACE_4, SPACE_8, SPACE_12, SPACE_16, Type
from mobile_app.visit.diary import Entry, Month, MonthSum, count, sums
from mobile_app.visit.words import CATEGORY_NAMES, month_name

MONTHS = 12
BAR = 16
WHOLE = 100


@ft.component
def MonthsChart(t: Texts, entries: Sequence[Entry], until: Month) -> ft.Control:
    """Show the last twelve months, newest first, and every year."""
    found = sums(entries, until=until, months=MONTHS)[::-1]
    most = max(one.visits for one in found) or 1
    return ft.Column(
        [
            heading(t("The last twelve months"), level=2),
            *[month_bar(t, one, most=most) for one in found],
            heading(t("By category"), level=2),
            *[paragraph(words) for words in category_lines(t, found)],
            heading(t("By year"), level=2),
            *[paragraph(words) for words in year_lines(t, entries)],
        ],
        spacing=SPACE_12,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def month_bar(t: Texts, one: MonthSum, *, most: int) -> ft.Control:
    """Draw one month; a screen reader hears its name and number."""
    parts = round(WHOLE * one.visits / most)
    bar = [ft.Container(height=BAR, bgcolor=ft.Colors.PRIMARY, border_radius=SPACE_4, expand=parts)]
    rest = [ft.Container(height=BAR, expand=WHOLE - parts)]
    return ft.MergeSemantics(
        ft.Column(
            [
                ft.Row(
                    [
                        ft.Text(month_name(t, one.month), theme_style=Type.BODY, expand=True),
                        ft.Text(
                            t.plural("{n} visit", "{n} visits", one.visits),
                            theme_style=Type.STRONG,
                        ),
                    ],
                    spacing=SPACE_16,
                ),
                ft.Row([*(bar if parts else []), *(rest if parts < WHOLE else [])], spacing=0),
            ],
            spacing=SPACE_8,
        )
    )


def category_lines(t: Texts, found: Sequence[MonthSum]) -> list[str]:
    """Say how many visits of each category these months had."""
    totals = {kind: sum(one.by_category.get(kind, 0) for one in found) for kind in CATEGORY_NAMES}
    return [
        f"{t(CATEGORY_NAMES[kind])}: {t.plural('{n} visit', '{n} visits', total)}"
        for kind, total in totals.items()
    ]


def year_lines(t: Texts, entries: Sequence[Entry]) -> list[str]:
    """Say how many visits each year had, the newest first."""
    years = dict.fromkeys(entry.month[0] for entry in entries)
    return [
        f"{year}: {t.plural('{n} visit', '{n} visits', count(entries, year=year))}"
        for year in years
    ]
