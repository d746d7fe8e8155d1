"""Erase me: what happens, asked twice, and what became of it."""

from collections.abc import Callable

import flet as ft

from mobile_app.card.context import use_card
from mobile_app.mine.register import Erased, erase_everywhere
from mobile_app.ui.context import use_app
from mobile_app.ui.notice import (
    Handler,
    Tone,
    heading,
    notice,
    paragraph,
    question,
    screen,
    wide_button,
)
from mobile_app.ui.texts import N_, Texts

WHAT_HAPPENS = (
    N_("Your cards stop working at once, on this phone and on paper."),
    N_("What the register knows of you is deleted: year of birth, postcode, grounds, codes."),
    N_("Your visits stay as numbers that belong to nobody. They cannot be linked to you."),
    N_("This phone is wiped, too: your notes, moods, answers and photos."),
    N_("This cannot be undone. With a new card you begin anew."),
)
_FAILED = {
    Erased.NOT_SENT: N_("No connection. Nothing was erased. Try again when there is one."),
    Erased.NOT_HEARD: N_("No answer came. It may be done or not: try again."),
    Erased.NO_KEY: N_(
        "This phone has lost the card's key. The place that gave you the card can erase you."
    ),
    Erased.MOVED: N_("The card is on another phone. Erase yourself there."),
    Erased.REFUSED: N_("The server did not erase anything. Try again later."),
}


@ft.component
def EraseScreen() -> ft.View:
    """Let the holder leave, knowing what that means."""
    app = use_app()
    t = app.texts
    card = use_card()
    page = ft.context.page
    asks, set_asks = ft.use_state(initial=False)
    busy, set_busy = ft.use_state(initial=False)
    became, set_became = ft.use_state("")

    async def erase() -> None:
        set_asks(False)
        set_busy(True)
        erased, _ = await erase_everywhere(app.device, card)
        set_busy(False)
        set_became(erased.value)

    ft.use_dialog(_last_question(t, erase, set_asks) if asks else None)
    title = heading(t("Erase me"))
    if became == Erased.DONE.value:
        done = t("You are erased. The register knows nothing of you, and this phone neither.")
        start = wide_button(t("To the start"), lambda: page.navigate("/"))
        return screen("/mine/erase", [title, notice(done, live=True), start], back=False)
    body: list[ft.Control] = [title, *[paragraph(t(words)) for words in WHAT_HAPPENS]]
    if became:
        body.append(notice(t(_FAILED[Erased(became)]), tone=Tone.HEED, live=True))
    if card.held is None:
        body.append(notice(t("There is no card on this phone.")))
    else:
        body += [
            wide_button(t("Save my data first"), lambda: page.navigate("/mine")),
            wide_button(
                t("Erase me"),
                lambda: set_asks(True),
                icon=ft.Icons.DELETE_FOREVER,
                busy=busy,
                main=False,
            ),
        ]
    return screen("/mine/erase", body)


def _last_question(t: Texts, erase: Handler, set_asks: Callable[[bool], None]) -> ft.AlertDialog:
    return question(
        t("Erase for good?"),
        t("The card stops working now. Nobody can bring back what is erased."),
        yes=t("Yes, erase me"),
        no=t("No, keep everything"),
        on_yes=erase,
        on_no=lambda: set_asks(False),
    )
