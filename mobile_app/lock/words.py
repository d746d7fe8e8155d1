"""What is said of the lock."""

from mobile_app.lock.state import PIN_FORM
from mobile_app.ui.texts import Texts

MINUTE_S = 60


def wrong_words(t: Texts, tries_left: int) -> str:
    """Say that the PIN was another, and how many tries come before a wait."""
    return t.plural(
        "That is not the PIN. {n} try is left before you must wait.",
        "That is not the PIN. {n} tries are left before you must wait.",
        tries_left,
    )


def wait_words(t: Texts, seconds: int) -> str:
    """Say how long no PIN is taken."""
    if seconds <= MINUTE_S:
        return t.plural(
            "That is not the PIN. You can try again in {n} second.",
            "That is not the PIN. You can try again in {n} seconds.",
            seconds,
        )
    return t.plural(
        "That is not the PIN. You can try again in {n} minute.",
        "That is not the PIN. You can try again in {n} minutes.",
        -(-seconds // MINUTE_S),
    )


def form_slip(t: Texts, pin: str) -> str | None:
    """Say what a new PIN must be like, if it is not."""
    if PIN_FORM.fullmatch(pin):
        return None
    return t("Choose 4 to 8 digits.")
