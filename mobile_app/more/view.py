"""More: the ways that are not on the card itself."""

import flet as ft

from mobile_app.ui.context import use_app
from mobile_app.ui.notice import heading, screen, wide_button
from mobile_app.ui.texts import N_

PLACES = (
    (N_("Messages"), ft.Icons.MAIL_OUTLINE, "/messages"),
    (N_("My own data"), ft.Icons.FOLDER_OPEN, "/mine"),
    (N_("Settings"), ft.Icons.SETTINGS, "/settings"),
)


@ft.component
def MoreScreen() -> ft.View:
    """List what else there is."""
    t = use_app().texts
    go = ft.context.page.navigate

    def way(name: str, icon: ft.IconData, route: str) -> ft.Control:
        return wide_button(t(name), lambda: go(route), icon=icon, main=False)

    return screen("/more", [heading(t("More")), *[way(*place) for place in PLACES]])
