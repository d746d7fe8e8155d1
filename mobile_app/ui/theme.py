"""Colours, type and spacing: every number of the app's look stands here once."""

from dataclasses import dataclass
from enum import StrEnum

import flet as ft

SPACE_4, SPACE_8, SPACE_12, SPACE_16, SPACE_24, SPACE_32 = 4, 8, 12, 16, 24, 32
CORNER = 16
TOUCH = 48
"""The least height of anything that is tapped, in logical pixels."""

READABLE_WIDTH = 480
"""Columns stop growing here, so that a tablet or a desk does not get lines of 150 letters."""

GREEN, ON_GREEN = "#146C3A", "#FFFFFF"
AMBER, ON_AMBER = "#FFC94D", "#1A1A1A"
RED, ON_RED = "#A3221C", "#FFFFFF"
QR_DARK, QR_LIGHT = "#000000", "#FFFFFF"


class Type:
    """The steps of the type scale. A Text takes its step, never a size: people choose the size."""

    VERDICT = ft.TextThemeStyle.DISPLAY_LARGE
    DISPLAY = ft.TextThemeStyle.DISPLAY_SMALL
    HEADLINE = ft.TextThemeStyle.HEADLINE_SMALL
    TITLE = ft.TextThemeStyle.TITLE_LARGE
    STRONG = ft.TextThemeStyle.TITLE_SMALL
    BODY = ft.TextThemeStyle.BODY_LARGE
    LABEL = ft.TextThemeStyle.LABEL_MEDIUM


class Brightness(StrEnum):
    """Light, dark, or as the phone is set."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Look:
    """What a person chose about how the app looks. `text_percent` is 100 to 200.

    In a `still` app nothing moves by itself.
    """

    text_percent: int = 100
    brightness: Brightness = Brightness.SYSTEM
    high_contrast: bool = False
    still: bool = False


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one scheme, each pair readable (at least 4.5:1, and 7:1 in high contrast)."""

    paper: str
    ink: str
    quiet: str
    primary: str
    on_primary: str
    soft: str
    on_soft: str
    raised: str
    line: str
    accent: str
    danger: str


_NONE = ft.PageTransitionTheme.NONE
STILL = ft.PageTransitionsTheme(_NONE, _NONE, _NONE, _NONE, _NONE)
"""On every platform the next screen is there at once."""

LIGHT = Palette(
    paper="#F6F3EC",
    ink="#1F2A30",
    quiet="#55646C",
    primary="#0B4F6C",
    on_primary="#FFFFFF",
    soft="#DCE9EE",
    on_soft="#0B3A4F",
    raised="#FFFFFF",
    line="#8A979D",
    accent="#B4531A",
    danger="#A3221C",
)
DARK = Palette(
    paper="#10181C",
    ink="#EAF2F5",
    quiet="#B4C3CA",
    primary="#7FC8E0",
    on_primary="#10181C",
    soft="#1F3540",
    on_soft="#D5EEF7",
    raised="#1A252B",
    line="#6C7D86",
    accent="#F2A96B",
    danger="#FFB4AB",
)
STARK_LIGHT = Palette(
    paper="#FFFFFF",
    ink="#000000",
    quiet="#000000",
    primary="#003247",
    on_primary="#FFFFFF",
    soft="#FFFFFF",
    on_soft="#000000",
    raised="#FFFFFF",
    line="#000000",
    accent="#5C2300",
    danger="#7A0000",
)
STARK_DARK = Palette(
    paper="#000000",
    ink="#FFFFFF",
    quiet="#FFFFFF",
    primary="#9BE3FF",
    on_primary="#000000",
    soft="#000000",
    on_soft="#FFFFFF",
    raised="#000000",
    line="#FFFFFF",
    accent="#FFC9A0",
    danger="#FFCFC9",
)


def dress(page: ft.Page, look: Look) -> None:
    """Give *page* the chosen look."""
    light, dark = (STARK_LIGHT, STARK_DARK) if look.high_contrast else (LIGHT, DARK)
    page.theme = make_theme(light, text_percent=look.text_percent, still=look.still)
    page.dark_theme = make_theme(dark, text_percent=look.text_percent, still=look.still)
    page.theme_mode = ft.ThemeMode(look.brightness.value)
    page.update()


def make_theme(palette: Palette, *, text_percent: int, still: bool = False) -> ft.Theme:
    """Build Flutter's theme of one palette at one text size."""
    scale = text_percent / 100
    return ft.Theme(
        color_scheme=_scheme(palette),
        text_theme=_text_theme(scale, palette.ink),
        icon_theme=ft.IconTheme(size=round(24 * scale)),
        scaffold_bgcolor=palette.paper,
        visual_density=ft.VisualDensity.STANDARD,
        page_transitions=STILL if still else ft.PageTransitionsTheme(),
        appbar_theme=ft.AppBarTheme(
            bgcolor=palette.paper, color=palette.ink, elevation=0, elevation_on_scroll=0
        ),
        filled_button_theme=ft.FilledButtonTheme(style=_button(scale)),
        outlined_button_theme=ft.OutlinedButtonTheme(style=_button(scale, palette.line)),
        text_button_theme=ft.TextButtonTheme(style=_button(scale)),
    )


def _button(scale: float, line: str | None = None) -> ft.ButtonStyle:
    return ft.ButtonStyle(
        icon_size=round(20 * scale),
        padding=ft.Padding.symmetric(vertical=SPACE_16, horizontal=SPACE_24),
        shape=ft.RoundedRectangleBorder(radius=CORNER),
        side=None if line is None else ft.BorderSide(width=1, color=line),
    )


def _scheme(palette: Palette) -> ft.ColorScheme:
    return ft.ColorScheme(
        primary=palette.primary,
        on_primary=palette.on_primary,
        primary_container=palette.soft,
        on_primary_container=palette.on_soft,
        secondary=palette.accent,
        on_secondary=palette.paper,
        secondary_container=palette.soft,
        on_secondary_container=palette.on_soft,
        error=palette.danger,
        on_error=palette.paper,
        surface=palette.paper,
        on_surface=palette.ink,
        on_surface_variant=palette.quiet,
        outline=palette.line,
        outline_variant=palette.line,
        surface_container_lowest=palette.raised,
        surface_container_low=palette.raised,
        surface_container=palette.raised,
        surface_container_high=palette.raised,
        surface_container_highest=palette.soft,
        surface_tint=palette.paper,
        inverse_surface=palette.ink,
        on_inverse_surface=palette.paper,
    )


def _text_theme(scale: float, ink: str) -> ft.TextTheme:
    def step(size: int, *, bold: bool = False) -> ft.TextStyle:
        weight = ft.FontWeight.W_600 if bold else ft.FontWeight.W_400
        return ft.TextStyle(
            size=round(size * scale), weight=weight, height=1.3, letter_spacing=0, color=ink
        )

    return ft.TextTheme(
        display_large=step(48, bold=True),
        display_medium=step(40, bold=True),
        display_small=step(32, bold=True),
        headline_large=step(28, bold=True),
        headline_medium=step(26, bold=True),
        headline_small=step(24, bold=True),
        title_large=step(20, bold=True),
        title_medium=step(18, bold=True),
        title_small=step(16, bold=True),
        body_large=step(16),
        body_medium=step(16),
        body_small=step(16),
        label_large=step(16, bold=True),  # the words on buttons
        label_medium=step(14),
        label_small=step(14),
    )
