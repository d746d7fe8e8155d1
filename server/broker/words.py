"""What a holder is told when a use is refused, in the three languages of the network."""

from collections.abc import Mapping

from server.texts import N_, Language, Texts
from shared.rules.admission import Reason

LANGUAGES = (Language.FINNISH, Language.SWEDISH, Language.ENGLISH)

WORDS: Mapping[str, str] = {
    "malformed_card_code": N_("This is no card code. Check each symbol."),
    Reason.CODE_UNKNOWN: N_("No card has this code. Check each symbol."),
    Reason.CODE_BLOCKED: N_("This card is closed. Ask where you got it."),
    Reason.CODE_EXPIRED: N_("This card is not valid today. Renew it where you got it."),
    Reason.ALREADY_IN: N_("This card has been used for this already."),
    Reason.QUOTA_FULL: N_("The places for card holders are taken."),
    Reason.LIMIT_REACHED: N_("The card's uses for this are spent."),
    Reason.LOCAL_ONLY: N_("This card is for another area."),
    Reason.CHILDREN_CHANGED: N_("A course is for the card holder alone."),
    "too_many_children": N_("The card is for fewer children."),
    "negative_children": N_("Write a number from 0 to 23."),
    "resting": N_("Too many unknown card codes. Wait a minute and try again."),
    "scan_id_taken": N_("This was not recorded. Try again."),
}
_OTHERWISE = N_("This card cannot be used for this. Ask the venue.")


def texts_for(code: str) -> dict[str, str]:
    """Give the words for a refusal, by language tag."""
    msgid = WORDS.get(code, _OTHERWISE)
    return {language.tag: Texts(language)(msgid) for language in LANGUAGES}
