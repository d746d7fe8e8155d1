"""Hands the places of this session to the screens that show them."""

from typing import cast

import flet as ft

from mobile_app.directory.state import Places

PlacesContexts = ft.create_context(cast("Places | None", None))


def use_places() -> Places:
    """Give this session's places; the component draws itself anew when they change."""
    places = ft.use_context(PlacesContexts)
    if places is None:
        raise LookupError("this component is drawn outside the app")
    return places
