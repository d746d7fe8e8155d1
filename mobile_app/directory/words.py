"""What is said of a place."""

from collections.abc import Iterable, Mapping

from mobile_app.directory.places import Place, When
from mobile_app.ui.texts import HELSINKI, N_, Texts
from mobile_app.visit.words import CATEGORY_NAMES
from shared.directory import ListedEvent

WHEN_NAMES = {
    When.TODAY: N_("Today"),
    When.WEEK: N_("This week"),
    When.MONTH: N_("This month"),
}
LANGUAGE_NAMES = {
    "fi": N_("in Finnish"),
    "sv": N_("in Swedish"),
    "en": N_("in English"),
    "se": N_("in Northern Sami"),
    "uk": N_("in Ukrainian"),
    "ru": N_("in Russian"),
    "et": N_("in Estonian"),
    "ar": N_("in Arabic"),
    "so": N_("in Somali"),
    "fse": N_("in Finnish sign language"),
}
ACCESSIBILITY_NAMES = {
    "step_free": N_("Step-free way in"),
    "accessible_toilet": N_("Accessible toilet"),
    "wheelchair_places": N_("Places for wheelchairs"),
    "induction_loop": N_("Induction loop"),
    "sign_language": N_("Sign language interpreting"),
    "captions": N_("Captions"),
    "audio_description": N_("Audio description"),
    "plain_language": N_("In plain language"),
    "quiet": N_("Quiet or relaxed performance"),
    "guide_dog": N_("Guide dogs are welcome"),
}

_AT_THE_DOOR = N_("Hello. I have a Kaikukortti. Here is the code on my phone.")


def when_words(t: Texts, event: ListedEvent) -> str:
    """Say when it is; the day of its end only if that is another day."""
    begins = t.moment(event.starts_at)
    same_day = t.moment_day(event.starts_at) == t.moment_day(event.ends_at)
    ends = t.hour(event.ends_at) if same_day else t.moment(event.ends_at)
    return f"{begins}\N{EN DASH}{ends}" if same_day else f"{begins} \N{EN DASH} {ends}"


def where_words(t: Texts, place: Place) -> str:
    """Say at which venue in which municipality."""
    names = [place.venue.name if place.event is not None else "", place.town_name(t.language)]
    return ", ".join(name for name in names if name)


def kind_words(t: Texts, place: Place) -> str:
    """Say what it is for."""
    kinds = [t(CATEGORY_NAMES[category]) for category in place.categories()]
    if place.event is not None and place.event.course:
        kinds.append(t("course"))
    return " · ".join(kinds)


def room_words(t: Texts, event: ListedEvent) -> str | None:
    """Say how many places are left; nothing where there is no number of them."""
    if event.places_left is None:
        return None
    if not event.places_left:
        return t("No places left")
    return t.plural("{n} place left", "{n} places left", event.places_left)


def price_words(t: Texts, event: ListedEvent) -> str | None:
    """Say what a course costs with the card."""
    if not event.pays_cents:
        return None
    euros, cents = divmod(event.pays_cents, 100)
    return t("You pay {amount} €", amount=f"{euros},{cents:02}" if cents else str(euros))


def door_words(t: Texts, place: Place) -> str:
    """Say what to say at the door: the venue's words, else ours."""
    told = place.venue.greetings
    return told.get(t.language) or told.get("fi") or t(_AT_THE_DOOR)


def known(codes: Iterable[str], names: Mapping[str, str]) -> list[str]:
    """Give the codes that this app has words for, in its own order."""
    told = set(codes)
    return [code for code in names if code in told]


def calendar_file(place: Place) -> str:
    """Name the file of an event by its day."""
    if place.event is None:
        raise ValueError("a venue is no event")
    return f"kaikukortti-{place.event.starts_at.astimezone(HELSINKI).date().isoformat()}.ics"
