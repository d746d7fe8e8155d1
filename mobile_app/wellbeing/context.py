"""Hands what was told of wellbeing to the screens that show it."""

from typing import cast

import flet as ft

from mobile_app.wellbeing.sharing import Shares
from mobile_app.wellbeing.state import Wellbeing

WellbeingContexts = ft.create_context(cast("Wellbeing | None", None))
SharesContexts = ft.create_context(cast("Shares | None", None))


def use_wellbeing() -> Wellbeing:
    """Give this session's; the component draws itself anew when it changes."""
    wellbeing = ft.use_context(WellbeingContexts)
    if wellbeing is None:
        raise LookupError("this component is drawn outside the app")
    return wellbeing


def use_shares() -> Shares:
    """Give what this session shares; the component draws itself anew when it changes."""
    shares = ft.use_context(SharesContexts)
    if shares is None:
        raise LookupError("this component is drawn outside the app")
    return shares
