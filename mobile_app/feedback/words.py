"""What is said of posts, stars and what becomes of them."""

from collections.abc import Iterable

from mobile_app.feedback.outbox import Waiting
from mobile_app.ui.texts import N_, Texts
from shared.rules.masking import WORDS_MOST, Masked, clean, mask, spelt_out

STAR_NAMES = {
    1: N_("1 star: very bad"),
    2: N_("2 stars: bad"),
    3: N_("3 stars: so-so"),
    4: N_("4 stars: good"),
    5: N_("5 stars: very good"),
}

MASK_NAMES = {
    Masked.EMAIL: N_("[e-mail address removed]"),
    Masked.LINK: N_("[link removed]"),
    Masked.IDENTITY_CODE: N_("[identity code removed]"),
    Masked.CARD_CODE: N_("[card code removed]"),
    Masked.PHONE: N_("[phone number removed]"),
}

REFUSALS = {
    "no_recent_visit": N_(
        "This was not sent: the visit was undone, or it is more than 90 days ago."
    ),
    "thread_closed": N_("This was not sent: the coordinator has closed the conversation."),
    "thread_unknown": N_("This was not sent: the conversation is not there any more."),
}
_OTHERWISE = N_("This was not sent: the server did not take it.")


def said(t: Texts, words: str) -> str:
    """Write kept words for the reader: what was masked is said in words."""
    return spelt_out(words, {kind: t(name) for kind, name in MASK_NAMES.items()})


def preview_of(t: Texts, typed: str) -> str | None:
    """Give what the venue will read, if that is something else than what was typed."""
    words = clean(typed)
    if len(words) > WORDS_MOST:
        return None
    masked = mask(words)
    return said(t, masked.words) if masked.lost else None


def over_of(typed: str) -> int:
    """Count the characters that are too many."""
    return max(0, len(clean(typed)) - WORDS_MOST)


def stars_words(t: Texts, stars: int | None) -> list[str]:
    """Say the stars; nothing when there are none."""
    return [] if stars is None or stars not in STAR_NAMES else [t(STAR_NAMES[stars])]


def waiting_words(t: Texts, post: Waiting, *, too_many: bool) -> str:
    """Say where a post stands that the server has not confirmed."""
    if post.refused is not None:
        return t(REFUSALS.get(post.refused, _OTHERWISE))
    if too_many:
        return t("Waits until tomorrow: you have written many times today.")
    return t("Waits to be sent. It goes when there is a connection.")


def who_reads(t: Texts) -> str:
    """Say what the venue learns."""
    return t(
        "The venue sees your words, the stars and the day on which you write, not who you are."
        " It knows you by a number that no other venue has."
    )


def names(t: Texts, kinds: Iterable[int]) -> list[tuple[str, str]]:
    """Offer stars as choices."""
    return [(str(kind), t(STAR_NAMES[kind])) for kind in kinds]
