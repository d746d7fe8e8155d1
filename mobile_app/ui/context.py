"""What every screen is given: the phone under it and the words for it."""

from dataclasses import dataclass
from typing import cast

import flet as ft

from mobile_app.device.device import Device
from mobile_app.ui.texts import Texts
from mobile_app.ui.theme import Look


@dataclass(frozen=True)
class AppContext:
    """One per session; a new one when the holder changes language or look."""

    device: Device
    texts: Texts
    look: Look


AppContexts = ft.create_context(cast("AppContext | None", None))
"""The provider; the app wraps its screens in it."""


def use_app() -> AppContext:
    """Give the context of this session; call it inside a component."""
    context = ft.use_context(AppContexts)
    if context is None:
        raise LookupError("this component is drawn outside the app")
    return context
