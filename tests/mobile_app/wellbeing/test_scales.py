"""Scores by the scales' own rules, and the trend. Golden values: R27."""

from datetime import date, timedelta

import pytest

from mobile_app.mood.mood import Mood
from mobile_app.wellbeing.scales import (
    SCALES,
    SWEMWBS,
    WHO5,
    Misanswered,
    notable_change,
    offers_help,
)
from mobile_app.wellbeing.trend import Turn, compare_months, weeks_until


@pytest.mark.parametrize(
    ("given", "score"),
    [
        ([0, 0, 0, 0, 0], 0),
        ([5, 5, 5, 5, 5], 100),
        ([3, 3, 3, 2, 2], 52),
        ([1, 2, 3, 4, 5], 60),
    ],
)
def test_who5_is_four_times_the_sum(given: list[int], score: float) -> None:
    assert WHO5.score(given) == score


@pytest.mark.parametrize(
    ("raw", "metric"), [(7, 7.00), (14, 15.32), (21, 19.25), (28, 25.03), (35, 35.00)]
)
def test_swemwbs_is_read_from_the_metric_table(raw: int, metric: float) -> None:
    given = [raw // 7] * 7

    assert SWEMWBS.score(given) == metric


def test_swemwbs_grows_with_every_point() -> None:
    metric = [SWEMWBS.of_raw(raw) for raw in range(7, 36)]

    assert metric == sorted(set(metric))


@pytest.mark.parametrize("scale", SCALES.values())
def test_answers_out_of_range_or_missing_give_no_score(scale) -> None:
    fine = [scale.least] * scale.length
    wrong = [
        fine[1:],
        [*fine, scale.least],
        [],
        [scale.most + 1, *fine[1:]],
        [scale.least - 1, *fine[1:]],
        [True, *fine[1:]],
        [2.5, *fine[1:]],
        ["3", *fine[1:]],
    ]
    for given in wrong:
        with pytest.raises(Misanswered):
            scale.score(given)


def test_only_who5_has_questions_here() -> None:
    asked = [scale.name for scale in SCALES.values() if scale.questions]

    assert asked == ["who5"]
    assert (len(WHO5.questions), len(WHO5.answers)) == (WHO5.length, WHO5.most + 1)


@pytest.mark.parametrize(
    ("given", "offered"),
    [([3, 3, 2, 2, 2], True), ([3, 3, 3, 2, 2], False), ([3, 3, 3, 2, 1], True)],
)
def test_help_is_offered_below_a_raw_score_of_13(given: list[int], *, offered: bool) -> None:
    assert (WHO5.raw(given) < 13) is offered
    assert offers_help(WHO5.score(given)) is offered
    assert offers_help(50)


@pytest.mark.parametrize(
    ("before", "after", "way"), [(48, 56, 0), (48, 60, 1), (50, 60, 1), (60, 48, -1), (60, 60, 0)]
)
def test_change_of_ten_points_means_something(before: float, after: float, way: int) -> None:
    assert notable_change(before, after) == way


TODAY = date(2026, 11, 22)  # a Sunday


def test_weeks_begin_on_monday_and_empty_ones_are_there() -> None:
    moods = {
        date(2026, 11, 16): Mood.GOOD,
        date(2026, 11, 22): Mood.BAD,
        date(2026, 11, 8): Mood.VERY_GOOD,
    }
    visits = [date(2026, 11, 15), date(2026, 11, 22), date(2026, 11, 20), date(2020, 1, 1)]

    weeks = weeks_until(TODAY, count=3, moods=moods, visits=visits)

    assert [(week.monday.day, week.mean, week.visits) for week in weeks] == [
        (2, 5, 0),
        (9, None, 1),
        (16, 3, 2),
    ]


def test_month_is_compared_with_the_last_one_that_has_moods() -> None:
    march = {date(2026, 3, day): Mood.BAD for day in (1, 2)}
    november = {date(2026, 11, 5): Mood.GOOD}

    assert compare_months(march | november, today=TODAY) == (Turn.BETTER, 3)
    assert compare_months(march, today=date(2026, 3, 9)) is None
    assert compare_months(march, today=TODAY) is None


@pytest.mark.parametrize(("before", "turn"), [(Mood.VERY_GOOD, Turn.WORSE), (Mood.GOOD, Turn.SAME)])
def test_heavier_and_same_months_are_told_apart(before: Mood, turn: Turn) -> None:
    moods = {date(2026, 10, 31): before, date(2026, 11, 1): Mood.GOOD}

    assert compare_months(moods, today=TODAY) == (turn, 10)


def test_december_is_compared_in_january_and_a_year_ago_never() -> None:
    december = {date(2025, 12, 31): Mood.BAD}
    january = {date(2026, 1, 1): Mood.GOOD}

    assert compare_months(december | january, today=date(2026, 1, 2)) == (Turn.BETTER, 12)
    long_ago = {day - timedelta(days=365): mood for day, mood in january.items()}
    assert compare_months(long_ago | january, today=date(2026, 1, 2)) is None
