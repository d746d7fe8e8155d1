"""The card on the screen: its face, and the same code as large and bright as it goes."""

from collections.abc import Callable
from datetime import datetime

import flet as ft

from mobile_app.card.context import use_card
from mobile_app.card.held import HeldCard
from mobile_app.card.standing import Hindrance, Standing
from mobile_app.card.state import WINDOW_S, CardState
from mobile_app.card.words import (
    clock_words,
    doubt_words,
    hindrance_words,
    not_lasting_words,
    offline_words,
    running_out_words,
    validity_words,
)
from mobile_app.device.screen import use_bright_screen, use_wakeful_screen
from mobile_app.device.sight import use_sight
from mobile_app.ui.context import use_app
from mobile_app.ui.every import use_every
from mobile_app.ui.notice import Tone, heading, notice, paragraph, screen, wide_button
from mobile_app.ui.qr_code import qr_picture
from mobile_app.ui.texts import Texts
from mobile_app.ui.theme import LIGHT, QR_LIGHT, SPACE_8, SPACE_16, Type, make_theme
from shared.token.codes import print_code

SHOWN_AT = ("/", "/show")
"""The addresses at which the QR is on the screen; elsewhere nothing is signed."""

NEEDS_A_NEW_CODE = (Hindrance.MOVED, Hindrance.EXPIRED, Hindrance.KEY_LOST, Hindrance.KEY_AWAY)

URGENT_DAYS = 3
LARGE_MOST, LARGE_LEAST = 720, 240
BELOW_LARGE = 160
"""Room for the words and the button under the enlarged code."""


@ft.component
def CardScreen(below: Callable[[str], ft.Control]) -> ft.View:
    """Show the card, keep its QR fresh while it is seen, and keep in touch with the server.

    *below* draws what stands under everything else, for the card of this id.
    """
    app = use_app()
    card = use_card()
    page = ft.context.page
    is_shown = ft.use_route_location() in SHOWN_AT

    async def beat() -> None:
        if is_shown:
            await card.tick()

    async def keep() -> None:
        await card.keep_in_touch()
        await card.see_whether_it_lasts()

    use_sight(on_away=card.rest, on_here=card.wake)
    use_every(1, beat)
    use_every(5, keep)
    if card.held is None or card.standing is None:
        return screen("/", [], back=False)
    go = page.navigate
    body = card_face(app.texts, card, card.held, card.standing, go)
    if app.device.preview:
        body.append(preview_note(app.texts))
    body.append(below(str(card.held.facts.card_id)))
    return screen("/", body, back=False)


def card_face(
    t: Texts, card: CardState, held: HeldCard, standing: Standing, go: Callable[[str], None]
) -> list[ft.Control]:
    """Lay out the card; the same facts always give the same picture."""
    title = t("Kaikukortti community card") if held.facts.community else t("Kaikukortti")
    top: list[ft.Control] = [heading(title)]
    if standing.hindrance is None:
        top += [
            code_picture(t, card, go),
            countdown(t, card.seconds_left),
            ft.Text(
                validity_words(t, held), theme_style=Type.STRONG, text_align=ft.TextAlign.CENTER
            ),
        ]
    else:
        top += hindrance_face(t, standing.hindrance, held, standing.clock_says, go)
    buttons = [
        wide_button(t("Visits"), lambda: go("/visits"), icon=ft.Icons.HISTORY, main=False),
        wide_button(t("Where to?"), lambda: go("/where"), icon=ft.Icons.EXPLORE, main=False),
        wide_button(t("Mood"), lambda: go("/wellbeing"), icon=ft.Icons.MOOD, main=False),
        wide_button(t("More"), lambda: go("/more"), icon=ft.Icons.MENU, main=False),
    ]
    return [
        *top,
        *quiet_lines(t, held, standing, offline=card.offline),
        code_line(t, held),
        *([] if card.lasting else [notice(not_lasting_words(t))]),
        *buttons,
    ]


def code_picture(t: Texts, card: CardState, go: Callable[[str], None]) -> ft.Control:
    """Show the code, or keep its place while the app is out of sight."""
    if not card.qr:
        return ft.Container(aspect_ratio=1)
    return qr_picture(
        card.qr,
        label=t("The QR code of your card. It changes every 30 seconds. Tap to enlarge."),
        on_tap=lambda: go("/show"),
    )


def countdown(t: Texts, seconds_left: int) -> ft.Control:
    """Show how long the code still lives; screen readers are spared the ticking."""
    return ft.Semantics(
        exclude_semantics=True,
        content=ft.Column(
            [
                ft.ProgressBar(value=seconds_left / WINDOW_S, bar_height=4, border_radius=2),
                ft.Text(
                    t("New code in {seconds} s", seconds=seconds_left),
                    theme_style=Type.LABEL,
                    color=ft.Colors.ON_SURFACE_VARIANT,
                    text_align=ft.TextAlign.CENTER,
                ),
            ],
            spacing=SPACE_8,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
    )


def hindrance_face(
    t: Texts,
    hindrance: Hindrance,
    held: HeldCard,
    clock_says: datetime | None,
    go: Callable[[str], None],
) -> list[ft.Control]:
    """Say in place of the QR why there is none, and what to do."""
    title, step = hindrance_words(t, hindrance, held, clock_says=clock_says)
    face: list[ft.Control] = [
        ft.Icon(ft.Icons.CREDIT_CARD_OFF, size=64, color=ft.Colors.ON_SURFACE_VARIANT),
        ft.Semantics(live_region=True, content=heading(title, level=2)),
        paragraph(step),
    ]
    if clock_says is not None and hindrance is Hindrance.RUN_OUT:
        face.append(paragraph(doubt_words(t, clock_says), quiet=True))
    if hindrance in NEEDS_A_NEW_CODE and clock_says is None:
        face.append(wide_button(t("I have an activation code"), lambda: go("/activate")))
    return face


def quiet_lines(t: Texts, held: HeldCard, standing: Standing, *, offline: bool) -> list[ft.Control]:
    """Say what matters today, if anything does."""
    lines: list[ft.Control] = []
    if standing.clock_off is not None:
        lines.append(notice(clock_words(t, standing.clock_off), tone=Tone.HEED))
    if standing.days_left is not None:
        tone = Tone.HEED if standing.days_left <= URGENT_DAYS else Tone.CALM
        lines.append(notice(running_out_words(t, standing.days_left), tone=tone))
    if offline and standing.hindrance is None:
        lines.append(notice(offline_words(t, held.heard_at)))
    return lines


def code_line(t: Texts, held: HeldCard) -> ft.Control:
    """Show the card code, which works where the QR does not."""
    return ft.Column(
        [
            ft.Text(
                t("If the QR code does not work, say the card code:"),
                theme_style=Type.BODY,
                color=ft.Colors.ON_SURFACE_VARIANT,
                text_align=ft.TextAlign.CENTER,
            ),
            ft.Text(print_code(held.facts.card_code), theme_style=Type.TITLE),
        ],
        spacing=SPACE_8,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )


def preview_note(t: Texts) -> ft.Control:
    """Say plainly who holds the key here."""
    return notice(
        t(
            "This is a preview in the browser: the server keeps the key of your card for you."
            " In the phone app the key never leaves your phone."
        )
    )


@ft.component
def LargeCard() -> ft.View:
    """Show nothing but the code, on white, as bright as the phone can."""
    app = use_app()
    t = app.texts
    card = use_card()
    page = ft.context.page

    def close() -> None:
        page.navigate("/")

    use_bright_screen()
    use_wakeful_screen()
    body: list[ft.Control] = [paragraph(t("The code cannot be shown just now."))]
    if card.qr and card.held is not None:
        words = ft.Text(
            validity_words(t, card.held), theme_style=Type.TITLE, text_align=ft.TextAlign.CENTER
        )
        label = t("The QR code of your card, enlarged. Tap to go back.")
        body = [qr_picture(card.qr, label=label, on_tap=close), words]
    body.append(wide_button(t("Back to the card"), close, main=False))
    stack = ft.Column(
        body, spacing=SPACE_16, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, tight=True
    )
    return ft.View(
        route="/show",
        bgcolor=QR_LIGHT,
        padding=SPACE_8,
        scroll=ft.ScrollMode.AUTO,
        vertical_alignment=ft.MainAxisAlignment.CENTER,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        controls=[
            ft.Container(
                stack,
                width=_large_width(page),
                theme=make_theme(LIGHT, text_percent=app.look.text_percent),
                theme_mode=ft.ThemeMode.LIGHT,
            ),
        ],
    )


def _large_width(page: ft.Page) -> float:
    """Make the code as large as its window, and never so large that its end is out of sight."""
    height = page.height or LARGE_MOST
    return max(LARGE_LEAST, min(LARGE_MOST, height - BELOW_LARGE))
