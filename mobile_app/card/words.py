"""Words of the card: its states and every refusal, each with the next step."""

from datetime import datetime, timedelta

from mobile_app.card.held import HeldCard
from mobile_app.card.standing import Hindrance
from mobile_app.ui.texts import N_, Texts

UNREACHABLE = "unreachable"
KEYS_AWAY = "keys_away"
SYMBOLS = "symbols"
TOO_MANY_TRIES = "too_many_tries"
ON_ANOTHER_PHONE = "card_on_another_phone"

_REFUSALS = {
    SYMBOLS: N_("Check the symbols. The code has 12 letters and digits."),
    "code_refused": N_(
        "This code does not work. It may be used already or too old."
        " Check it, or ask for a new one where you got the card."
    ),
    UNREACHABLE: N_(
        "The server cannot be reached just now. Check your connection and try again."
        " The code stays here."
    ),
    KEYS_AWAY: N_(
        "Your phone does not keep the card's key just now. Restart the phone and try again."
        " The code stays here."
    ),
}
_SOMETHING_ELSE = N_("This did not work. Try again in a moment. The code stays here.")

_HINDRANCES = {
    Hindrance.MOVED: (
        N_("Your card is on another phone now"),
        N_("To use it here again, ask for an activation code where you got the card."),
    ),
    Hindrance.BLOCKED: (
        N_("Your card is closed"),
        N_("The place that gave you the card can tell why, and help."),
    ),
    Hindrance.EXPIRED: (
        N_("Your card's time is over"),
        N_("Ask for a new card where you got this one."),
    ),
    Hindrance.NOT_YET_VALID: (
        N_("Your card is not valid yet"),
        N_("It can be shown from {day} on."),
    ),
    Hindrance.RUN_OUT: (
        N_("Your card needs the network"),
        N_("Connect your phone, and the card renews itself. Or say the card code at the door."),
    ),
    Hindrance.KEY_LOST: (
        N_("This phone has lost your card's key"),
        N_(
            "Ask for a new activation code where you got the card. Your printed card still works,"
            " and so does the card code. Your visits are still here."
        ),
    ),
    Hindrance.KEY_AWAY: (
        N_("Your phone does not give the card's key just now"),
        N_(
            "Unlock the phone and open the app again. If that does not help, ask for a new"
            " activation code where you got the card. Your printed card still works."
        ),
    ),
}

CLOCK_FAR_OFF = timedelta(hours=2)
_CLOCK_ASKED = N_("Is your phone's clock right?")
_BY_A_DOUBTFUL_CLOCK = {
    Hindrance.EXPIRED: (
        _CLOCK_ASKED,
        N_(
            "It says {moment}, and by that the card's time is over."
            " Connect to the network: the app learns the right time."
        ),
    ),
    Hindrance.NOT_YET_VALID: (
        _CLOCK_ASKED,
        N_(
            "It says {moment}, and by that the card is not valid yet."
            " Connect to the network: the app learns the right time."
        ),
    ),
}


def refusal_words(t: Texts, code: str, retry_after_s: int | None = None) -> str:
    """Say why the activation did not work, and what to do."""
    if code == TOO_MANY_TRIES:
        minutes = max(1, -(-(retry_after_s or 60) // 60))
        return t.plural(
            "Too many tries. Wait a minute and try again. The code stays here.",
            "Too many tries. Wait {n} minutes and try again. The code stays here.",
            minutes,
        )
    return t(_REFUSALS.get(code, _SOMETHING_ELSE))


def hindrance_words(
    t: Texts, hindrance: Hindrance, held: HeldCard, *, clock_says: datetime | None = None
) -> tuple[str, str]:
    """Say why no QR can be shown: a heading, and the next step.

    A card is not called over because of a clock that cannot be believed: *clock_says*.
    """
    if clock_says is not None and hindrance in _BY_A_DOUBTFUL_CLOCK:
        title, step = _BY_A_DOUBTFUL_CLOCK[hindrance]
        return t(title), t(step, moment=t.moment(clock_says))
    title, step = _HINDRANCES[hindrance]
    return t(title), t(step, day=t.day(held.facts.first_valid_on))


def doubt_words(t: Texts, clock_says: datetime) -> str:
    """Say what the phone's clock says, for the holder to judge."""
    return t("Your phone's clock says {moment}.", moment=t.moment(clock_says))


def validity_words(t: Texts, held: HeldCard) -> str:
    """Say until when the card is valid and who may come along."""
    facts = held.facts
    until = t("Valid until {day}", day=t.day(facts.last_valid_on))
    if facts.children == 0:
        company = t("a leader") if facts.community else t("for you")
    elif facts.community:
        company = t.plural("a leader + 1 person", "a leader + up to {n} people", facts.children)
    else:
        company = t.plural("you + 1 child", "you + up to {n} children", facts.children)
    return f"{until} · {company}"


def running_out_words(t: Texts, days_left: int) -> str:
    """Warn that the app must reach the server soon."""
    if days_left < 1:
        return t("Connect to the network today. Otherwise the card cannot be shown tomorrow.")
    return t.plural(
        "Connect to the network within a day, so that the card renews itself.",
        "Connect to the network within {n} days, so that the card renews itself.",
        days_left,
    )


def offline_words(t: Texts, heard_at: datetime) -> str:
    """Say since when the server was not heard, and that the card works all the same."""
    return t(
        "No connection. Last connected {moment}. The card works without a connection.",
        moment=t.moment(heard_at),
    )


def not_lasting_words(t: Texts) -> str:
    """Say that the browser may clear the card away, and how it stays."""
    return t(
        "This browser may clear the card away, above all in private mode."
        " Add Kaikukortti to your home screen, and the card stays."
    )


def clock_words(t: Texts, off: timedelta) -> str:
    """Say that the phone's clock is wrong, and by how many minutes if somebody can imagine them."""
    if abs(off) >= CLOCK_FAR_OFF:
        return t(
            "Your phone's clock is wrong by hours or more."
            " Set the date and the time right, so that doors accept the card."
        )
    minutes = max(1, round(abs(off).total_seconds() / 60))
    if off > timedelta():
        return t.plural(
            "Your phone's clock is a minute fast. Set it right, so that doors accept the card.",
            "Your phone's clock is {n} minutes fast. Set it right, so that doors accept the card.",
            minutes,
        )
    return t.plural(
        "Your phone's clock is a minute slow. Set it right, so that doors accept the card.",
        "Your phone's clock is {n} minutes slow. Set it right, so that doors accept the card.",
        minutes,
    )
