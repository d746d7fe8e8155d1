"""Wellbeing scales as plug-ins: what is asked, and how the answers become a number.

A scale of which we may not print the questions has none here: it can score, and is never asked.
Nothing here is a diagnosis. Source: R27.

WHO-5: World Health Organization, "The World Health Organization-Five Well-Being Index (WHO-5)",
2024, licence CC BY-NC-SA 3.0 IGO. Its words are not under this project's licence.
SWEMWBS: the Universities of Warwick and Edinburgh; its questions need a licence of their own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mobile_app.ui.texts import N_


class Misanswered(ValueError):
    """An answer is missing, or is none that the scale offers."""


@dataclass(frozen=True, slots=True)
class Scale:
    """One way to ask. `questions` and `answers` are words, the answer worth most comes first.

    `score` takes as many answers as the scale has questions, each from `least` to `most`.
    """

    name: str
    length: int
    least: int
    most: int
    of_raw: Callable[[int], float]
    questions: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()

    def raw(self, given: Sequence[int]) -> int:
        """Add up the answers.

        Raises:
            Misanswered: One is missing or out of range.
        """
        if len(given) != self.length:
            raise Misanswered(f"{len(given)} answers instead of {self.length}")
        for answer in given:
            if type(answer) is not int or not self.least <= answer <= self.most:
                raise Misanswered(f"no answer of {self.name}: {answer!r}")
        return sum(given)

    def score(self, given: Sequence[int]) -> float:
        """Give the score of the answers.

        Raises:
            Misanswered: One is missing or out of range.
        """
        return self.of_raw(self.raw(given))


WHO5 = Scale(
    name="who5",
    length=5,
    least=0,
    most=5,
    of_raw=lambda raw: raw * 4,
    questions=(
        N_("I have felt cheerful and in good spirits"),
        N_("I have felt calm and relaxed"),
        N_("I have felt active and vigorous"),
        N_("I woke up feeling fresh and rested"),
        N_("My daily life has been filled with things that interest me"),
    ),
    answers=(
        N_("All of the time"),
        N_("Most of the time"),
        N_("More than half of the time"),
        N_("Less than half of the time"),
        N_("Some of the time"),
        N_("At no time"),
    ),
)

_SWEMWBS_LEAST = 7
_SWEMWBS_METRIC = (
    7.00, 9.51, 11.25, 12.40, 13.33, 14.08, 14.75, 15.32, 15.84, 16.36, 16.88, 17.43, 17.98, 18.59,
    19.25, 19.98, 20.73, 21.54, 22.35, 23.21, 24.11, 25.03, 26.02, 27.03, 28.13, 29.31, 30.70,
    32.55, 35.00,
)  # fmt: skip
"""The metric score of each raw score, from 7 on."""

SWEMWBS = Scale(
    name="swemwbs",
    length=7,
    least=1,
    most=5,
    of_raw=lambda raw: _SWEMWBS_METRIC[raw - _SWEMWBS_LEAST],
)

SCALES = {scale.name: scale for scale in (WHO5, SWEMWBS)}

WHO5_LOW = 50
"""Of 100. At or below it help is offered; a raw score below 13 is the same, at 48 or below."""

WHO5_NOTABLE = 10
"""A change of so many points means something; less is chance."""


def offers_help(score: float) -> bool:
    """Tell whether a WHO-5 score is so low that somebody to talk to should be offered."""
    return score <= WHO5_LOW


def notable_change(before: float, after: float) -> int:
    """Tell the direction of a change of WHO-5 that means something: 1 up, -1 down, 0 none."""
    change = after - before
    if abs(change) < WHO5_NOTABLE:
        return 0
    return 1 if change > 0 else -1
