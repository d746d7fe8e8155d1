"""The questions of a scale, one below the other; all of them, or none."""

from collections.abc import Callable

import flet as ft

from mobile_app.card.context import use_card
from mobile_app.ui.choices import long_choices
from mobile_app.ui.context import use_app
from mobile_app.ui.notice import Tone, heading, notice, paragraph, screen, wide_button
from mobile_app.ui.texts import Texts
from mobile_app.wellbeing.context import use_wellbeing
from mobile_app.wellbeing.scales import WHO5, Scale

_NONE_YET: dict[int, int] = {}


@ft.component
def Who5Screen() -> ft.View:
    """Ask the five questions of WHO-5."""
    t = use_app().texts
    wellbeing = use_wellbeing()
    card = use_card()
    page = ft.context.page
    given, set_given = ft.use_state(_NONE_YET)
    asked, set_asked = ft.use_state(initial=False)

    async def leave() -> None:
        if card.held is not None:
            await wellbeing.leave_alone(str(card.held.facts.card_id))
        page.navigate("/wellbeing")

    async def done() -> None:
        if missing_of(WHO5, given):
            set_asked(True)
            return
        await wellbeing.answer(WHO5, [given[number] for number in range(WHO5.length)])
        await leave()

    def answer(number: int, value: int) -> None:
        set_given(lambda old: {**old, number: value})

    body: list[ft.Control] = [
        heading(t("Five questions")),
        paragraph(t("Choose for each line what comes closest to the last two weeks.")),
    ]
    for number in range(WHO5.length):
        body += question_of(t, WHO5, number, given.get(number), answer)
    missing = missing_of(WHO5, given)
    if asked and missing:
        words = t("Answer these too: {numbers}.", numbers=", ".join(map(str, missing)))
        body.append(notice(words, tone=Tone.HEED, live=True))
    body += [
        wide_button(t("Done"), done),
        wide_button(t("Skip"), leave, main=False),
        paragraph(
            t(
                "WHO-5 Well-Being Index, World Health Organization 2024, licence"
                " CC BY-NC-SA 3.0 IGO. WHO has nothing to do with this app."
            ),
            quiet=True,
        ),
    ]
    return screen("/wellbeing/who5", body)


def missing_of(scale: Scale, given: dict[int, int]) -> list[int]:
    """Name the questions without an answer, counted from one."""
    return [number + 1 for number in range(scale.length) if number not in given]


def question_of(
    t: Texts, scale: Scale, number: int, chosen: int | None, answer: Callable[[int, int], None]
) -> list[ft.Control]:
    """Draw one question with its answers."""
    options = [(str(scale.most - place), t(words)) for place, words in enumerate(scale.answers)]

    async def choose(value: str) -> None:
        answer(number, int(value))

    title = f"{number + 1}. {t(scale.questions[number])}"
    return [
        heading(title, level=2),
        long_choices("" if chosen is None else str(chosen), options, choose),
    ]
