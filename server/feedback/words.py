"""Words of feedback and messages that pages show."""

from collections.abc import Mapping

from server.texts import N_, Texts
from shared.rules.masking import Masked, spelt_out

MASKS: Mapping[Masked, str] = {
    Masked.EMAIL: N_("[e-mail address removed]"),
    Masked.LINK: N_("[link removed]"),
    Masked.IDENTITY_CODE: N_("[identity code removed]"),
    Masked.CARD_CODE: N_("[card code removed]"),
    Masked.PHONE: N_("[phone number removed]"),
}
"""What stands in the place of what was masked."""

PROBLEMS: Mapping[str, str] = {
    "feedback_empty": N_("Write your answer."),
    "feedback_too_long": N_("This is too long. Shorten it to 2,000 characters."),
    "thread_closed": N_("The coordinator has closed this conversation. Nobody can write in it."),
    "too_many_posts": N_("There are ten answers from today already. Go on tomorrow."),
    "news_empty": N_("Write the message."),
    "news_too_long": N_("The message is too long. Shorten it to 1,000 characters."),
    "too_much_news": N_(
        "Two messages were sent within a week. Wait until the older one is a week old."
    ),
}
"""What a refusal says, by its code."""


def said(words: str, t: Texts) -> str:
    """Write kept words for a reader: what was masked is said in the reader's language."""
    return spelt_out(words, {kind: t(msgid) for kind, msgid in MASKS.items()})
