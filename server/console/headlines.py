"""The numbers on top of live figures: each with how it changed, and what it means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.report.live.change import Change
from server.report.live.dashboard import LiveYear
from server.report.percent import in_percent
from server.report.published.slices import MONTHS
from server.texts import N_, Language, Texts


@dataclass(frozen=True, slots=True)
class Headline:
    """One number; None where it is hidden."""

    title: str
    shown: str | None
    beside: str
    """What else is to be said in a few words; may be empty."""
    change: str
    meaning: str


_COUNTS: Mapping[str, tuple[str, str]] = {
    "uses": (
        N_("Uses in all"),
        N_("Visits of holders, and the children who came along. Undone visits are not counted."),
    ),
    "children": (
        N_("Of them children"),
        N_("Children who came with a holder. They are in the number of uses, too."),
    ),
    "holders": (
        N_("Holders who came here"),
        N_("Different people who came at least once. Nobody is counted twice."),
    ),
    "cards": (
        N_("Cards granted"),
        N_("Cards that began in this year, renewed ones too, wherever they are used."),
    ),
    "cards_used": (
        N_("Cards used"),
        N_("Cards granted in this year that were used at least once in it, wherever that was."),
    ),
    "cards_unused": (
        N_("Cards not used"),
        N_("Cards granted in this year that have not been used in it. Some are new."),
    ),
}


def headlines_of(t: Texts, live: LiveYear) -> list[Headline]:
    """Say the numbers of a year, the most asked for first."""
    told = [
        Headline(
            title=t(title),
            shown=_number(t, getattr(live, name)),
            beside=_share_of_cards(t, live, name),
            change=_change(t, live.changes.get(name)),
            meaning=t(meaning),
        )
        for name, (title, meaning) in _COUNTS.items()
        if name not in live.untold
    ]
    told.append(_uses_each(t, live))
    return told if "late_share" in live.untold else [*told, _in_time(t, live)]


def _uses_each(t: Texts, live: LiveYear) -> Headline:
    return Headline(
        title=t("Uses for each holder"),
        shown=None if live.uses_each is None else t.tenths(round(10 * live.uses_each)),
        beside="",
        change="",
        meaning=t("All uses, children too, divided by the holders who came: the mean."),
    )


def _in_time(t: Texts, live: LiveYear) -> Headline:
    late = live.late_share
    return Headline(
        title=t("Recorded within a day"),
        shown=None if late is None else t.percent(in_percent(1 - late)),
        beside="" if not late else t("Later: {share}", share=t.percent(in_percent(late))),
        change="",
        meaning=t(
            "How complete figures are soon: visits that come in later still change the year."
        ),
    )


def _number(t: Texts, n: int | None) -> str | None:
    return None if n is None else t.number(n)


def _share_of_cards(t: Texts, live: LiveYear, name: str) -> str:
    n = getattr(live, name)
    if name not in {"cards_used", "cards_unused"} or n is None or not live.cards:
        return ""
    return t("{share} of the cards granted", share=t.percent(in_percent(n / live.cards)))


def _change(t: Texts, change: Change | None) -> str:
    if change is None or change.percent is None:
        return ""
    said = {"before": t.number(change.before), "percent": t.grown(change.percent)}
    if not change.months:
        return t("The year before {before}: {percent}", **said)
    return t(
        "{months} {n}, a year earlier {before}: {percent}",
        months=_months(t, change.months), n=t.number(change.n), **said,
    )  # fmt: skip


def _months(t: Texts, months: Sequence[str]) -> str:
    first, last = (t(MONTHS[int(months[at][-2:]) - 1]) for at in (0, -1))
    if len(months) == 1:
        return first
    return f"{first}\N{EN DASH}{last if t.language is Language.ENGLISH else last.lower()}"
