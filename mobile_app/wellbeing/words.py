"""What is said of moods and scores: plain, and never frightening."""

from mobile_app.mood.mood import MOOD_NAMES, Mood
from mobile_app.ui.texts import MONTHS, Language, Texts
from mobile_app.wellbeing.scales import notable_change
from mobile_app.wellbeing.state import Answered
from mobile_app.wellbeing.trend import Turn, Week


def turn_words(t: Texts, compared: tuple[Turn, int] | None, *, told: bool) -> str:
    """Say in one sentence how this month compares."""
    if compared is None:
        if not told:
            return t("Tap a face now and then, and you will see here how it has gone.")
        return t("There is no earlier month to compare with yet.")
    turn, month = compared
    name = t(MONTHS[month - 1])
    if t.language is not Language.ENGLISH:
        name = name.lower()
    if turn is Turn.BETTER:
        return t("This month has felt better than {month}.", month=name)
    if turn is Turn.WORSE:
        return t("This month has felt heavier than {month}.", month=name)
    return t("This month has felt about the same as {month}.", month=name)


def week_words(t: Texts, week: Week) -> str:
    """Say one week: its first day, the mood, the visits."""
    words = [t("Week from {day}", day=t.day(week.monday))]
    if week.mean is not None:
        words.append(t(MOOD_NAMES[Mood(round(week.mean))]))
    if week.visits:
        words.append(t.plural("{n} visit", "{n} visits", week.visits))
    return " · ".join(words)


def score_words(t: Texts, last: Answered, before: Answered | None) -> str:
    """Say a score, and the one before it."""
    words = t("{score} of 100 points on {day}.", score=round(last.score), day=t.moment_day(last.at))
    if before is None:
        return words
    change = notable_change(before.score, last.score)
    was = round(before.score)
    if change > 0:
        then = t("Last time it was {was}: this is clearly more.", was=was)
    elif change < 0:
        then = t("Last time it was {was}: this is clearly less.", was=was)
    else:
        then = t("Last time it was {was}: about the same.", was=was)
    return f"{words} {then}"


def help_words(t: Texts) -> list[str]:
    """Offer somebody to talk to."""
    return [
        t("Lately may have been heavy. That happens to many, and nobody has to manage alone."),
        t("You can talk with somebody: MIELI crisis helpline 09 2525 0113, hours at mieli.fi."),
        t("Your health centre, or the place that gave you the card, helps further. Urgent: 112."),
    ]
