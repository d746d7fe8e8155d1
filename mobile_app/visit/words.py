"""What is said of a visit."""

from datetime import date

from mobile_app.ui.texts import HELSINKI, N_, Texts
from mobile_app.visit.diary import Entry, Month
from mobile_app.visit.dispute import Said
from shared.scan import Category
from shared.visit import DisputeOutcome

CATEGORY_NAMES = {
    Category.CULTURE: N_("Culture"),
    Category.EDUCATION: N_("Education"),
    Category.SCIENCE: N_("Science"),
    Category.SPORT: N_("Sport"),
}


def when_words(t: Texts, entry: Entry) -> str:
    """Say the day, the time if it is known, and what the visit was for."""
    when = t.day(entry.at.astimezone(HELSINKI).date()) if entry.own else t.moment(entry.at)
    return f"{when} · {t(CATEGORY_NAMES[entry.category])}"


def company_words(t: Texts, entry: Entry) -> str:
    """Say who came along; nothing when nobody did."""
    words = []
    if entry.children:
        words.append(t.plural("{n} child along", "{n} children along", entry.children))
    if entry.assistant:
        words.append(t("an assistant along"))
    return " · ".join(words)


def day_words(t: Texts, day: date, visits: int) -> str:
    """Say a day and how many visits it had: 14 November, 2 visits."""
    return t.plural("{day}, {n} visit", "{day}, {n} visits", visits, day=t.day_of_month(day))


def dispute_words(t: Texts, entry: Entry, said: Said | None) -> str:
    """Say what became of the word that a visit is not the holder's; nothing if there is none."""
    if entry.dispute is None:
        if said is None:
            return ""
        if said.refusal is not None:
            return t("You said that this is not your visit. It can no longer be found out.")
        return t("You said that this is not your visit. It is sent when there is a connection.")
    if entry.dispute.outcome is DisputeOutcome.UNDONE:
        return t("You said that this is not your visit. It was undone.")
    if entry.dispute.outcome is DisputeOutcome.HAPPENED:
        return t("You said that this is not your visit. The venue says that it happened.")
    return t("You said that this is not your visit. The venue looks into it.")


def month_name(t: Texts, month: Month) -> str:
    """Name a month: Marraskuu 2026."""
    return t.month(date(*month, 1))
