"""Hands the card of this session to the screens that show it."""

from typing import cast

import flet as ft

from mobile_app.card.state import CardState

CardContexts = ft.create_context(cast("CardState | None", None))


def use_card() -> CardState:
    """Give this session's card; the component draws itself anew when it changes."""
    card = ft.use_context(CardContexts)
    if card is None:
        raise LookupError("this component is drawn outside the app")
    return card
