"""The colours of a verdict, each with its shape: colour alone says nothing to everybody."""

from dataclasses import dataclass

import flet as ft

from mobile_app.ui.theme import AMBER, GREEN, ON_AMBER, ON_GREEN, ON_RED, RED
from shared.rules.admission import Colour


@dataclass(frozen=True, slots=True)
class Paint:
    """Background, ink and shape of one colour."""

    ground: str
    ink: str
    shape: ft.IconData


PAINTS = {
    Colour.GREEN: Paint(GREEN, ON_GREEN, ft.Icons.CHECK_CIRCLE),
    Colour.AMBER: Paint(AMBER, ON_AMBER, ft.Icons.WARNING),
    Colour.RED: Paint(RED, ON_RED, ft.Icons.DISABLED_BY_DEFAULT),
}
