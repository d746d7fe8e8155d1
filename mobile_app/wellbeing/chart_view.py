"""The trend as a line over weeks, with a dot for every week that had visits."""

from collections.abc import Sequence
from itertools import pairwise

import flet as ft
import flet.canvas as cv

from mobile_app.mood.mood import Mood
from mobile_app.ui.theme import CORNER, SPACE_8, SPACE_16
from mobile_app.wellbeing.trend import Week

HEIGHT = 160
LINE, DOT, MARK, BORDER = 3, 5, 6, 1
_STEPS = len(Mood) - 1


def trend_chart(weeks: Sequence[Week], *, width: float, words: str) -> ft.Control:
    """Draw the line; a screen reader hears *words* instead."""
    inner = width - 2 * SPACE_16 - 2 * BORDER
    # A canvas takes its room from its content; the shapes are counted from its corner.
    canvas = cv.Canvas(
        shapes=chart_shapes(weeks, width=inner), content=ft.Container(width=inner, height=HEIGHT)
    )
    return ft.Semantics(
        label=words,
        image=True,
        container=True,
        exclude_semantics=True,
        content=ft.Container(
            canvas,
            padding=SPACE_16,
            border_radius=CORNER,
            bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
            border=ft.Border.all(BORDER, ft.Colors.OUTLINE_VARIANT),
        ),
    )


def chart_shapes(weeks: Sequence[Week], *, width: float) -> list[cv.Shape]:
    """Give lines and dots: grid, moods, visits. Weeks without a mood are bridged by the line."""
    floor = HEIGHT - 3 * SPACE_8
    step = (width - 2 * DOT) / max(1, len(weeks) - 1)

    def x(index: int) -> float:
        return DOT + index * step

    def y(mean: float) -> float:
        return SPACE_8 + (max(Mood) - mean) / _STEPS * (floor - 2 * SPACE_8)

    grid = ft.Paint(color=ft.Colors.OUTLINE_VARIANT, stroke_width=1)
    line = ft.Paint(color=ft.Colors.PRIMARY, stroke_width=LINE, stroke_cap=ft.StrokeCap.ROUND)
    dot = ft.Paint(color=ft.Colors.PRIMARY, style=ft.PaintingStyle.FILL)
    visit = ft.Paint(color=ft.Colors.SECONDARY, style=ft.PaintingStyle.FILL)
    shapes: list[cv.Shape] = [cv.Line(0, y(mood), width, y(mood), paint=grid) for mood in Mood]
    told = [(x(at), y(week.mean)) for at, week in enumerate(weeks) if week.mean is not None]
    shapes += [cv.Line(*one, *other, paint=line) for one, other in pairwise(told)]
    shapes += [cv.Circle(*one, radius=DOT, paint=dot) for one in told]
    shapes += [
        cv.Rect(x(at) - MARK / 2, HEIGHT - MARK - SPACE_8, MARK, MARK, paint=visit)
        for at, week in enumerate(weeks)
        if week.visits
    ]
    return shapes
