"""Sharing wellbeing: a switch for each meter, and a preview of exactly what is sent."""

from collections.abc import Sequence

import flet as ft

from mobile_app.mood.mood import MOOD_NAMES, Mood
from mobile_app.ui.context import use_app
from mobile_app.ui.every import use_every
from mobile_app.ui.notice import Tone, heading, notice, paragraph, screen, wide_button
from mobile_app.ui.texts import N_, Texts
from mobile_app.wellbeing.context import use_shares, use_wellbeing
from mobile_app.wellbeing.sharing import Shares, Stage, months_to_share
from shared.wellbeing import Meter, SharedMonth

TRY_EVERY_S = 30

METER_NAMES = {
    Meter.MOOD: N_("Mood by months"),
    Meter.WHO5: N_("Score of the five questions by months"),
}
_STAGES = {
    Stage.WAITING: N_("This is sent when there is a connection."),
    Stage.SHARED: N_("This is shared. You can stop at any time."),
    Stage.STOPPING: N_("You stopped sharing. The server is told when there is a connection."),
}


@ft.component
def SharingScreen() -> ft.View:
    """Choose for each meter whether it is shared."""
    t = use_app().texts
    wellbeing = use_wellbeing()
    shares = use_shares()
    page = ft.context.page

    async def look() -> None:
        await wellbeing.load()
        await shares.load()
        await shares.carry_out()

    use_every(TRY_EVERY_S, look)
    body: list[ft.Control] = [
        heading(t("Share for group figures")),
        paragraph(t("What you tell stays on this phone, unless you choose otherwise here.")),
        paragraph(
            t(
                "What you share is used only in figures of at least 10 people, so that culture"
                " can be shown to do good. You can stop at any time; then it is deleted."
            )
        ),
    ]
    for meter in Meter:
        body += _meter(t, shares, meter, page)
        news = months_to_share(meter, wellbeing.moods, wellbeing.answers)
        if shares.is_on(meter) and tuple(news) != shares.agreed[meter].months:
            body.append(
                wide_button(
                    t("Look at what is new and share it"),
                    lambda meter=meter: page.navigate(f"/wellbeing/sharing/{meter}"),
                    main=False,
                )
            )
    if shares.unheard is not None:
        words = t("The server did not take it. Open your card and see what it says.")
        body.append(notice(words, tone=Tone.HEED, live=True))
    return screen("/wellbeing/sharing", body)


def _meter(t: Texts, shares: Shares, meter: Meter, page: ft.Page) -> list[ft.Control]:
    async def turn(event: ft.Event[ft.Switch]) -> None:
        if event.control.value:
            page.navigate(f"/wellbeing/sharing/{meter}")
        else:
            await shares.stop(meter)

    agreed = shares.agreed.get(meter)
    switch = ft.Switch(
        label=t("Share"), value=shares.is_on(meter), on_change=turn, disabled=not shares.loaded
    )
    drawn: list[ft.Control] = [
        heading(t(METER_NAMES[meter]), level=2),
        ft.MergeSemantics(
            ft.Semantics(label=t(METER_NAMES[meter]), content=ft.Row([switch], wrap=True))
        ),
    ]
    if agreed is not None:
        drawn.append(paragraph(t(_STAGES[agreed.stage])))
        drawn += [paragraph(month_words(t, meter, one)) for one in reversed(agreed.months)]
    return drawn


@ft.component
def SharingPreview() -> ft.View:
    """Show exactly what is sent of a meter, and send it only then."""
    t = use_app().texts
    wellbeing = use_wellbeing()
    shares = use_shares()
    page = ft.context.page
    name = ft.use_route_params().get("meter", "")
    meter = Meter(name) if name in [*Meter] else Meter.MOOD
    loaded, set_loaded = ft.use_state(initial=False)

    async def look() -> None:
        await wellbeing.load()
        await shares.load()
        set_loaded(True)

    ft.use_effect(look, [])
    months = months_to_share(meter, wellbeing.moods, wellbeing.answers)

    async def agree() -> None:
        await shares.agree(meter, months)
        page.navigate("/wellbeing/sharing")

    back = wide_button(t("Share nothing"), lambda: page.navigate("/wellbeing/sharing"), main=False)
    body: list[ft.Control] = [heading(t("This is what would be sent"))]
    if loaded and not months:
        words = t("There is nothing to share yet. Tell first how it feels.")
        body += [paragraph(words), back]
    elif loaded:
        body += preview(t, meter, months)
        body += [wide_button(t("Share exactly this"), agree), back]
    return screen(f"/wellbeing/sharing/{meter}", body)


def preview(t: Texts, meter: Meter, months: Sequence[SharedMonth]) -> list[ft.Control]:
    """Say in words everything that a request would carry."""
    return [
        heading(t(METER_NAMES[meter]), level=2),
        *[paragraph(month_words(t, meter, one)) for one in reversed(months)],
        paragraph(
            t(
                "With it go a random number for this consent and the proof that you have a card."
                " The register keeps it with your pseudonym until you stop."
            )
        ),
        paragraph(t("Not sent: days, single answers, notes, photos, own visits.")),
    ]


def month_words(t: Texts, meter: Meter, one: SharedMonth) -> str:
    """Say one month: November 2026: Good (4 of 5)."""
    month = t.month(one.month)
    if meter is Meter.MOOD:
        mood = t(MOOD_NAMES[Mood(one.points)])
        return t("{month}: {mood} ({points} of 5)", month=month, mood=mood, points=one.points)
    return t("{month}: {points} of 100 points", month=month, points=one.points)
