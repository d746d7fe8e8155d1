"""What a holder should know: at the door, about what is stored, about loss, without a phone."""

from dataclasses import dataclass

from server.sheet.facts import Sheet
from server.texts import Texts


@dataclass(frozen=True, slots=True)
class Advice:
    """A heading and the sentences under it."""

    heading: str
    sentences: tuple[str, ...]


def advice_of(sheet: Sheet, t: Texts) -> tuple[Advice, ...]:
    """Give the four pieces of advice for the holder of a card, in reading order."""
    return (
        Advice(t("At the door"), _at_the_door(sheet, t)),
        Advice(t("What is stored"), _what_is_stored(sheet, t)),
        Advice(t("If you lose the card"), _when_lost(t)),
        Advice(t("Without a phone"), _without_a_phone(sheet, t)),
    )


def _at_the_door(sheet: Sheet, t: Texts) -> tuple[str, ...]:
    show = t("Show the card on paper or on your phone. Staff read the code.")
    if_unread = t("If the code cannot be read, staff type the letters and digits under the bars.")
    if sheet.community:
        return (
            show,
            t("Say how many clients come along."),
            t("Clients of 16 and over use cards of their own."),
            if_unread,
        )
    return (
        show,
        t("Say how many children under {age} come along.", age=sheet.children_age),
        t("Your assistant or interpreter comes in for free with you."),
        if_unread,
    )


def _what_is_stored(sheet: Sheet, t: Texts) -> tuple[str, ...]:
    if sheet.community:
        return (
            t("Where and when the card was used, and how many came along."),
            t("Nobody's name, identity code or address is stored."),
        )
    return (
        t("Your year of birth, postcode, number of children and grounds for the card."),
        t("Your life situation and gender, if you chose to tell them."),
        t("Where and when you used the card, and how many came along."),
        t("Your name, identity code and address are not stored."),
    )


def _when_lost(t: Texts) -> tuple[str, ...]:
    return (
        t("Tell the place that gave you the card. It closes the card and prints a new one."),
        t("When a new card is printed, the old paper card stops working."),
        t("If you lose your phone, you get a new code from the same place."),
    )


def _without_a_phone(sheet: Sheet, t: Texts) -> tuple[str, ...]:
    return (
        t("You need no phone: the printed card is enough."),
        t("Show the card itself. A copy or a photo is not enough."),
        t(
            "The last valid day is {day}. After it, ask for a new card where you got this one.",
            day=t.day(sheet.last_valid_on),
        ),
    )
