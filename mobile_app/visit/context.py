"""Hands the visits of this session to the screens that show them."""

from typing import cast

import flet as ft

from mobile_app.visit.state import Visits

VisitsContexts = ft.create_context(cast("Visits | None", None))


def use_visits() -> Visits:
    """Give this session's visits; the component draws itself anew when they change."""
    visits = ft.use_context(VisitsContexts)
    if visits is None:
        raise LookupError("this component is drawn outside the app")
    return visits
