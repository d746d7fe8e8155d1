"""How it has gone: weeks of moods with the visits in them, and one month beside another. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from mobile_app.mood.mood import Mood

SAME_WITHIN = 0.25
"""Two months whose means differ by less than a quarter of a step feel the same."""

LOOK_BACK = 11
"""How many months back another one is compared with: its name alone then says which year."""


@dataclass(frozen=True, slots=True)
class Week:
    """One week from its Monday. `mean` is nothing when no mood was told."""

    monday: date
    mean: float | None
    visits: int


class Turn(Enum):
    """How a month compares with an earlier one."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"


def weeks_until(
    today: date, *, count: int, moods: Mapping[date, Mood], visits: Iterable[date]
) -> list[Week]:
    """Give that many weeks, the last of them that of *today*, the oldest first."""
    told: dict[date, list[Mood]] = {}
    for day, mood in moods.items():
        told.setdefault(_monday(day), []).append(mood)
    been: dict[date, int] = {}
    for day in visits:
        been[_monday(day)] = been.get(_monday(day), 0) + 1
    last = _monday(today)
    mondays = [last - timedelta(weeks=back) for back in reversed(range(count))]
    return [
        Week(monday, _mean(told[monday]) if monday in told else None, been.get(monday, 0))
        for monday in mondays
    ]


def compare_months(moods: Mapping[date, Mood], *, today: date) -> tuple[Turn, int] | None:
    """Compare this month with the last one that has moods; give how, and that month's number.

    Nothing to say while this month, or all the months before it, have none.
    """
    months: dict[int, list[Mood]] = {}
    for day, mood in moods.items():
        months.setdefault(_months(day), []).append(mood)
    now = _months(today)
    earlier = [month for month in months if now - LOOK_BACK <= month < now]
    if now not in months or not earlier:
        return None
    before = max(earlier)
    change = _mean(months[now]) - _mean(months[before])
    if abs(change) < SAME_WITHIN:
        return Turn.SAME, before % 12 + 1
    return (Turn.BETTER if change > 0 else Turn.WORSE), before % 12 + 1


def _mean(moods: list[Mood]) -> float:
    return sum(moods) / len(moods)  # the statistics module is long to load in a browser


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _months(day: date) -> int:
    return day.year * 12 + day.month - 1
