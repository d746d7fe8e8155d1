"""Five faces, each with its word; one tap answers."""

from collections.abc import Awaitable, Callable

import flet as ft

from mobile_app.mood.mood import MOOD_NAMES, Mood
from mobile_app.ui.texts import Texts
from mobile_app.ui.theme import SPACE_8, SPACE_12, Type

FACES = {
    Mood.VERY_GOOD: ft.Icons.SENTIMENT_VERY_SATISFIED,
    Mood.GOOD: ft.Icons.SENTIMENT_SATISFIED,
    Mood.SO_SO: ft.Icons.SENTIMENT_NEUTRAL,
    Mood.BAD: ft.Icons.SENTIMENT_DISSATISFIED,
    Mood.VERY_BAD: ft.Icons.SENTIMENT_VERY_DISSATISFIED,
}


def faces(t: Texts, choose: Callable[[Mood], Awaitable[None]], chosen: Mood | None) -> ft.Control:
    """Draw the five, one below the other: at 200 % text no word is cut off."""
    return ft.Column(
        [_face(t, mood, choose, chosen=mood is chosen) for mood in MOOD_NAMES],
        spacing=SPACE_8,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def mood_line(t: Texts, mood: Mood) -> ft.Control:
    """Draw a mood that was kept."""
    return ft.Row(
        [
            ft.Icon(FACES[mood], color=ft.Colors.SECONDARY),
            ft.Text(t(MOOD_NAMES[mood]), theme_style=Type.BODY, expand=True),
        ],
        spacing=SPACE_8,
    )


def _face(
    t: Texts, mood: Mood, choose: Callable[[Mood], Awaitable[None]], *, chosen: bool
) -> ft.Control:
    async def press() -> None:
        await choose(mood)

    kind = ft.FilledButton if chosen else ft.OutlinedButton
    mark = [ft.Icon(ft.Icons.CHECK, semantics_label=t("chosen"))] if chosen else []
    words = ft.Text(t(MOOD_NAMES[mood]), expand=True)
    face = ft.Row([ft.Icon(FACES[mood]), words, *mark], spacing=SPACE_12)
    return kind(content=face, on_click=press, key=f"mood-{mood}")
