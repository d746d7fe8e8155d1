"""The wellbeing screen: five faces, how it has gone, and five questions for who wants them."""

import flet as ft

from mobile_app.card.context import use_card
from mobile_app.mood.mood import MOOD_NAMES, Mood
from mobile_app.mood.view import faces
from mobile_app.ui.context import use_app
from mobile_app.ui.every import use_every
from mobile_app.ui.notice import Tone, heading, notice, paragraph, screen, wide_button
from mobile_app.ui.stays import stays
from mobile_app.ui.texts import HELSINKI, Texts
from mobile_app.ui.theme import READABLE_WIDTH, SPACE_16
from mobile_app.visit.context import use_visits
from mobile_app.visit.state import Visits
from mobile_app.wellbeing.chart_view import trend_chart
from mobile_app.wellbeing.context import use_wellbeing
from mobile_app.wellbeing.scales import WHO5, offers_help
from mobile_app.wellbeing.state import Wellbeing
from mobile_app.wellbeing.trend import Week, compare_months, weeks_until
from mobile_app.wellbeing.words import help_words, score_words, turn_words, week_words

WEEKS = 26
LOOK_EVERY_S = 3_600


@ft.component
def WellbeingScreen() -> ft.View:
    """Ask how it feels, and show how it has gone."""
    app = use_app()
    t = app.texts
    wellbeing = use_wellbeing()
    visits = use_visits()
    card = use_card()
    page = ft.context.page
    as_list, set_as_list = ft.use_state(initial=False)
    loaded, set_loaded = ft.use_state(initial=False)

    async def look() -> None:
        await wellbeing.load()
        await visits.load()
        set_loaded(True)

    async def leave_alone() -> None:
        if card.held is not None:
            await wellbeing.leave_alone(str(card.held.facts.card_id))

    async def tell(mood: Mood) -> None:
        await wellbeing.tell(mood)
        await leave_alone()

    async def skip() -> None:
        await leave_alone()
        page.navigate("/")

    use_every(LOOK_EVERY_S, look)
    if not loaded:  # what is in memory may be of a card that is gone
        return screen("/wellbeing", [heading(t("How does it feel?"))])
    body: list[ft.Control] = [
        heading(t("How does it feel?")),
        *told_today(t, wellbeing),
        faces(t, tell, wellbeing.moods.get(wellbeing.today())),
        wide_button(t("Skip"), skip, main=False),
        stays(app),
        *trend(t, wellbeing, visits, width=_chart_width(page), as_list=as_list),
    ]
    if wellbeing.moods:
        words = t("Hide the list") if as_list else t("Show as a list")
        body.append(wide_button(words, lambda: set_as_list(not as_list), main=False))
    body += questions(t, wellbeing)
    body.append(
        wide_button(
            t("Answer the five questions"),
            lambda: page.navigate("/wellbeing/who5"),
            main=False,
        )
    )
    sharing = t("Share for group figures")
    body.append(wide_button(sharing, lambda: page.navigate("/wellbeing/sharing"), main=False))
    mine = t("Save or delete my own data")
    body.append(
        wide_button(mine, lambda: page.navigate("/mine"), icon=ft.Icons.FOLDER_OPEN, main=False)
    )
    return screen("/wellbeing", body)


def told_today(t: Texts, wellbeing: Wellbeing) -> list[ft.Control]:
    """Say what is kept of today, or why nothing could be."""
    if wellbeing.clock_lost:
        words = t(
            "This phone says it is {day}. Set its clock first: then this goes to the right day.",
            day=t.day(wellbeing.today()),
        )
        return [notice(words, tone=Tone.HEED, live=True)]
    mood = wellbeing.moods.get(wellbeing.today())
    if mood is None:
        return []
    words = t("Kept for today: {mood}. Another tap changes it.", mood=t(MOOD_NAMES[mood]))
    return [notice(words, live=True)]


def trend(
    t: Texts, wellbeing: Wellbeing, visits: Visits, *, width: float, as_list: bool
) -> list[ft.Control]:
    """Show how it has gone: a sentence, a line, and the same as a list."""
    today = wellbeing.today()
    days = [entry.at.astimezone(HELSINKI).date() for entry in visits.entries if entry.counted]
    weeks = weeks_until(today, count=WEEKS, moods=wellbeing.moods, visits=days)
    compared = compare_months(wellbeing.moods, today=today)
    words = turn_words(t, compared, told=bool(wellbeing.moods))
    drawn: list[ft.Control] = [heading(t("How it has gone"), level=2), paragraph(words)]
    if not wellbeing.moods:
        return drawn
    drawn += [
        trend_chart(weeks, width=width, words=words),
        paragraph(
            t("The line is your mood by weeks, half a year; a square is a week with visits."),
            quiet=True,
        ),
    ]
    if as_list:
        drawn += [paragraph(week_words(t, week)) for week in _worth_telling(weeks)]
    return drawn


def questions(t: Texts, wellbeing: Wellbeing) -> list[ft.Control]:
    """Say what the five questions are, and what they gave last."""
    last, before = wellbeing.latest(WHO5)
    said: list[ft.Control] = [
        heading(t("Five questions"), level=2),
        paragraph(t("WHO-5 asks about the last two weeks. It is no diagnosis.")),
    ]
    if last is not None:
        said.append(paragraph(score_words(t, last, before)))
        if offers_help(last.score):
            said.append(notice("\n\n".join(help_words(t))))
    return said


def _worth_telling(weeks: list[Week]) -> list[Week]:
    return [week for week in reversed(weeks) if week.mean is not None or week.visits]


def _chart_width(page: ft.Page) -> float:
    return min(READABLE_WIDTH, (page.width or READABLE_WIDTH) - 2 * SPACE_16)
