"""An invitation under the card: when it is new or renewed, and every few weeks."""

import flet as ft

from mobile_app.ui.context import use_app
from mobile_app.ui.notice import heading, paragraph, wide_button
from mobile_app.ui.theme import CORNER, SPACE_12, SPACE_16
from mobile_app.wellbeing.context import use_wellbeing


@ft.component
def Invitation(card_id: str) -> ft.Control:
    """Ask whether to tell how it feels; a no lasts for weeks."""
    t = use_app().texts
    wellbeing = use_wellbeing()
    page = ft.context.page

    async def see() -> None:
        await wellbeing.see_whether_to_invite(card_id)

    async def decline() -> None:
        await wellbeing.leave_alone(card_id)

    ft.use_effect(see, [card_id])
    if not wellbeing.invited:
        return ft.Container()
    return ft.Container(
        ft.Column(
            [
                heading(t("How does it feel?"), level=2),
                paragraph(t("One tap, if you like.")),
                wide_button(t("Tell"), lambda: page.navigate("/wellbeing"), main=False),
                wide_button(t("Not now"), decline, main=False),
            ],
            spacing=SPACE_12,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        padding=SPACE_16,
        border_radius=CORNER,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
    )
