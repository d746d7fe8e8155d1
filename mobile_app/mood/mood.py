"""How it feels: five steps, each with a face and words of our own."""

from enum import IntEnum

from mobile_app.ui.texts import N_


class Mood(IntEnum):
    """The answer to "How does it feel?"; more is better."""

    VERY_BAD = 1
    BAD = 2
    SO_SO = 3
    GOOD = 4
    VERY_GOOD = 5


MOOD_NAMES = {
    Mood.VERY_GOOD: N_("Very good"),
    Mood.GOOD: N_("Good"),
    Mood.SO_SO: N_("So-so"),
    Mood.BAD: N_("Bad"),
    Mood.VERY_BAD: N_("Very bad"),
}
"""In the order in which they are offered."""


def read_mood(value: object) -> Mood | None:
    """Read a kept mood; what is none of the five is none."""
    try:
        return Mood(value)  # type: ignore[arg-type]  # whatever was kept
    except ValueError:
        return None
