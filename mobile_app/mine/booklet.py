"""All that this phone knows of its holder, to be read by people: as a PDF, without network."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise

from mobile_app.mine.pdf import UNDRAWN, Line, Style, drawable, write_pdf
from mobile_app.mood.mood import MOOD_NAMES, Mood
from mobile_app.ui.texts import HELSINKI, Texts
from mobile_app.visit.diary import Entry, count, months_of
from mobile_app.visit.words import company_words, dispute_words, month_name, when_words
from mobile_app.wellbeing.scales import WHO5
from mobile_app.wellbeing.state import Answered
from mobile_app.wellbeing.trend import compare_months, weeks_until
from mobile_app.wellbeing.words import score_words, turn_words, week_words

WEEKS = 26


def as_pdf(
    t: Texts,
    entries: Sequence[Entry],
    moods: Mapping[date, Mood],
    answers: Sequence[Answered],
    *,
    at: datetime,
) -> bytes:
    """Write visits by month with notes and moods, how many there were, and how it has gone."""
    lines = list(_lines(t, entries, moods, answers, at=at))
    if any(drawable(line.text) != line.text for line in lines):
        words = t(
            "Signs that this file cannot draw are shown as {sign}. The file for machines (JSON)"
            " has all of them.",
            sign=UNDRAWN,
        )
        lines.append(Line(Style.BODY, words))
    return write_pdf(lines, title=_title(t), language=t.language.value)


def _title(t: Texts) -> str:
    return f"{t('Kaikukortti')}: {t('My own data')}"


def _lines(
    t: Texts,
    entries: Sequence[Entry],
    moods: Mapping[date, Mood],
    answers: Sequence[Answered],
    *,
    at: datetime,
) -> Iterator[Line]:
    yield Line(Style.TITLE, _title(t))
    yield Line(Style.BODY, t("As of {moment}", moment=t.moment(at)))
    if entries:
        yield Line(Style.HEADING, t("Visits by years"))
    for year in dict.fromkeys(entry.month[0] for entry in entries):
        visits = count(entries, year=year)
        yield Line(Style.BODY, f"{year}: " + t.plural("{n} visit", "{n} visits", visits))
    today = at.astimezone(HELSINKI).date()
    yield from _wellbeing(t, entries, moods, answers, today=today)
    for month in months_of(entries):
        yield Line(Style.HEADING, month_name(t, month))
        for entry in entries:
            if entry.month == month:
                yield from _entry(t, entry)


def _wellbeing(
    t: Texts,
    entries: Iterable[Entry],
    moods: Mapping[date, Mood],
    answers: Sequence[Answered],
    *,
    today: date,
) -> Iterator[Line]:
    if not moods and not answers:
        return
    yield Line(Style.HEADING, t("How it has gone"))
    if moods:
        compared = compare_months(moods, today=today)
        yield Line(Style.BODY, turn_words(t, compared, told=True))
        days = [one.at.astimezone(HELSINKI).date() for one in entries if one.counted]
        for week in reversed(weeks_until(today, count=WEEKS, moods=moods, visits=days)):
            if week.mean is not None:
                yield Line(Style.BODY, week_words(t, week))
    scores = [told for told in answers if told.scale is WHO5]
    if scores:
        yield Line(Style.HEADING, t("Five questions"))
        for before, told in pairwise([None, *scores]):
            if told is not None:
                yield Line(Style.BODY, score_words(t, told, before))


def _entry(t: Texts, entry: Entry) -> Iterator[Line]:
    yield Line(Style.STRONG, entry.place)
    mood = entry.note.mood
    said = (
        entry.event,
        when_words(t, entry),
        company_words(t, entry),
        t("Undone: this visit does not count.") if entry.undone else "",
        dispute_words(t, entry, None),
        t("Own entry: not in the register.") if entry.own else "",
        "" if mood is None else f"{t('Mood')}: {t(MOOD_NAMES[mood])}",
        entry.note.text,
    )
    yield from (Line(Style.BODY, words) for words in said if words)
