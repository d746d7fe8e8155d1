"""What the verdicts and notes of the door are called, and why. The words are in the catalogues."""

from datetime import datetime

from mobile_app.device.camera import CameraTrouble
from mobile_app.scan.purpose import Purpose
from mobile_app.scan.shown import Note
from mobile_app.sync.outbox import Matter, MatterKind
from mobile_app.ui.texts import N_, Texts
from shared.rules.admission import Colour, Reason
from shared.scan import Category, ScanReport

VERDICT_WORDS = {
    Colour.GREEN: N_("Welcome"),
    Colour.AMBER: N_("Check"),
    Colour.RED: N_("Not with this code"),
}

CATEGORY_WORDS = {
    Category.CULTURE: N_("Culture"),
    Category.EDUCATION: N_("Education"),
    Category.SCIENCE: N_("Science"),
    Category.SPORT: N_("Sport"),
}

NOTE_WORDS = {
    Note.FINISH_FIRST: N_("Finish this one first: choose below."),
    Note.CHOOSE_ONE: N_("Choose: let in, or not now."),
    Note.TOO_LATE: N_(
        "Nobody answered in ten minutes. No visit was recorded. Read the code again."
    ),
    Note.RESTING: N_("Too many unknown card codes. Wait a minute and try again."),
    Note.NO_CODE_IN_PHOTO: N_(
        "No code was found in the picture. Take it closer and straight from the front."
    ),
    Note.PHOTO_TOO_BIG: N_("The picture is too big. Take a new one with the camera."),
    Note.NOT_A_PHOTO: N_("This file is not a picture. Choose a photo."),
    Note.NOT_ADMITTED: N_("No visit was recorded."),
    Note.VISIT_STORED: N_("The visit was recorded."),
    Note.UNDONE: N_("The visit was undone."),
    Note.TOO_LATE_TO_UNDO: N_(
        "A visit can be undone for 15 minutes. After that, ask the coordinator."
    ),
    Note.CHECK_CLOCK: N_("Several cards in a row look too old. Check this scanner's clock."),
    Note.NOT_STORED: N_(
        "This device stores nothing now: its memory may be full. Nothing was recorded."
        " Note the visit on paper."
    ),
    Note.TIME_UNCHECKED: N_("The scanner's time has not been checked. Connect it to the network."),
}

CAMERA_WORDS = {
    CameraTrouble.NO_CAMERA: N_(
        "There is no camera here. Type the code, choose a photo or use a reader."
    ),
    CameraTrouble.DENIED: N_(
        "The app may not use the camera. Allow it in the settings, or type the code."
    ),
    CameraTrouble.UNSUPPORTED: N_(
        "The camera does not work in this app. Type the code or choose a photo."
    ),
    CameraTrouble.FAILED: N_("The camera stopped. Try again, or type the code."),
}

_REFUSALS = {
    "too_many_children": N_("There were more children than the card allows."),
    "scan_in_future": N_("The scanner's clock was ahead."),
    "category_not_here": N_("This venue does not record such visits."),
    "malformed_request": N_("The app is too old for the server. Update it."),
    "visit_not_found": N_("The server knows no such visit."),
    "undo_too_late": N_("15 minutes were over. Ask the coordinator."),
}

_MATTERS = {
    MatterKind.REFUSED: N_("The server did not take the visit: {why}"),
    MatterKind.DIFFERS: N_("The register decided otherwise: {why}"),
    MatterKind.QUARANTINED: N_("The visit came in late. The coordinator looks at it."),
    MatterKind.UNDO_REFUSED: N_("The visit was not undone: {why}"),
    MatterKind.OTHER_VENUE: N_("This scan belongs to another venue. Tell the coordinator."),
}

_LINES = {
    Reason.NOT_A_CARD: (
        N_("This is not a card code."),
        N_("Open the card in the app and show it again."),
    ),
    Reason.UNKNOWN_KEY: (
        N_("The issuer of the card is not known."),
        N_("The card could not be confirmed. Contact the place that gave it."),
    ),
    Reason.KEY_RETIRED: (
        N_("The card must be renewed before use."),
        N_("Open the app online to renew the card."),
    ),
    Reason.FORGED: (
        N_("The code could not be confirmed."),
        N_("Open the card again or use the paper card."),
    ),
    Reason.REVOKED: (
        N_("The card is not in use."),
        N_("This card is closed. The place that gave it will help."),
    ),
    Reason.EXPIRED: (N_("The card has run out."), N_("Open the app online or ask for a new card.")),
    Reason.NOT_YET_VALID: (
        N_("The card is not valid yet."),
        N_("See the first valid day on the card."),
    ),
    Reason.OLD_CODE: (
        N_("The code is old, or the phone's clock is slow. Ask to open the card in the app."),
        N_("Open the card in the app and check the phone's clock. A screenshot does not work."),
    ),
    Reason.FUTURE_CODE: (
        N_("The phone's clock is ahead."),
        N_("Set the phone's clock and show the card again."),
    ),
    Reason.REPLAY: (
        N_("The same code was already used elsewhere. Ask for a new code."),
        N_("Wait until the code changes and show it again."),
    ),
    Reason.SCANNER_CLOCK: (
        N_("The scanner's clock is wrong. Set the time."),
        N_("Please wait, the scanner has a problem."),
    ),
    Reason.KEY_NOT_HERE: (
        N_("The scanner's data are old, the card cannot be checked. You decide."),
        N_("The scanner cannot check the card just now."),
    ),
    Reason.ALREADY_IN: (
        N_("The card was already read for this event. Is the person coming back in?"),
        N_("The card was already read here."),
    ),
    Reason.STATUS_UNKNOWN: (
        N_("The card's status is not known. You decide."),
        N_("The card's status could not be checked."),
    ),
    Reason.CLOCK_UNSURE: (
        N_("The scanner's time is not sure. See that the code changes."),
        N_("Show that the code changes."),
    ),
    Reason.CLOCK_SKEW: (
        N_("The phone's clock is off. See that the code changes."),
        N_("Check the phone's clock."),
    ),
    Reason.ELSEWHERE: (
        N_(
            "The card was just used at another place."
            " See that the code changes or the paper card is the original."
        ),
        N_("The card was just used at another place."),
    ),
    Reason.PAPER_AGAIN: (
        N_("The paper card was used elsewhere within a day. See that it is the original card."),
        N_("Show the original card."),
    ),
    Reason.KEYS_OLD: (N_("The scanner's keys are old. Connect it."), N_("The card looks fine.")),
    Reason.STATUS_OLD: (
        N_("The closing data are old. Connect the scanner."),
        N_("The card looks fine."),
    ),
    Reason.PAPER_OFFLINE: (
        N_("Paper card without network. See that it is the original card."),
        N_("Show the original card."),
    ),
    Reason.UNREADABLE: (
        N_("The code cannot be read. Type the card code or note the visit by hand."),
        N_("Make the screen brighter and hold the phone still."),
    ),
    Reason.CODE_UNKNOWN: (
        N_("No such card code. Check the symbols."),
        N_("The card was not found. The place that gave it will help."),
    ),
    Reason.CODE_BLOCKED: (
        N_("The card is not in use."),
        N_("This card is closed. The place that gave it will help."),
    ),
    Reason.CODE_EXPIRED: (
        N_("The card is not valid today."),
        N_("The card is not valid today. Ask for a new card."),
    ),
    Reason.QUOTA_FULL: (
        N_("The places are full. You decide."),
        N_("The places for card holders are full just now."),
    ),
    Reason.LIMIT_REACHED: (
        N_("The card's uses for this are spent. You decide."),
        N_("The card's uses for this are spent."),
    ),
    Reason.LOCAL_ONLY: (
        N_("This card and this venue are of different areas, one with a local pilot. You decide."),
        N_("In a local pilot, a card is used only in its own area."),
    ),
    Reason.CODE_OFFLINE: (
        N_("The code cannot be checked without network. Note the visit and decide."),
        N_("The card cannot be checked just now."),
    ),
    Reason.CHILDREN_CHANGED: (
        N_("The number of children has changed."),
        N_("The number of children on the card has changed. Open the app online."),
    ),
    Reason.SAME_SCAN: (N_("The same code was just read. No new visit was stored."), N_("Welcome!")),
    Reason.OK: (N_("Valid. One adult."), N_("Welcome!")),
    Reason.OK_COMMUNITY: (N_("Community card valid. Leader."), N_("Welcome!")),
    Reason.OK_PAPER: (N_("Paper card valid. One adult."), N_("Welcome!")),
    Reason.OK_CODE: (N_("Card valid. One adult."), N_("Welcome!")),
}
"""Staff line and holder line. Nobody is accused, and each says what to do next."""


def staff_line(
    t: Texts, reason: Reason, *, most: int | None, before_at: datetime | None = None
) -> str:
    """Say what staff read.

    *most* is how many may come along, `None` when nobody here knows; *before_at* is when the card
    came in here last.
    """
    n = most or 0
    match reason:
        case Reason.OK if n:
            return t.plural(
                "Valid. One adult and at most {n} child.",
                "Valid. One adult and at most {n} children.",
                n,
            )
        case Reason.OK_PAPER if n:
            return t.plural(
                "Paper card valid. One adult and at most {n} child.",
                "Paper card valid. One adult and at most {n} children.",
                n,
            )
        case Reason.OK_CODE if n:
            return t.plural(
                "Card valid. One adult and at most {n} child.",
                "Card valid. One adult and at most {n} children.",
                n,
            )
        case Reason.OK_COMMUNITY if n:
            return t.plural(
                "Community card valid. Leader and at most {n} person.",
                "Community card valid. Leader and at most {n} people.",
                n,
            )
        case Reason.CHILDREN_CHANGED if n:
            words = N_("The number of children has changed: at most {n}.")
        case Reason.ALREADY_IN if before_at is not None:
            words = N_("The card was already used here at {hour}. Is the person coming back in?")
        case _:
            words = _LINES[reason][0]
    return t(words, hour="" if before_at is None else t.hour(before_at), n=n)


def holder_line(t: Texts, reason: Reason) -> str:
    """Say what the holder reads across the desk."""
    return t(_LINES[reason][1])


def matter_line(t: Texts, matter: Matter) -> str:
    """Say what staff should know about a scan that did not go as they saw it."""
    if matter.code is not None:
        known = _REFUSALS.get(matter.code)
        support = N_("Tell support this code: {code}")
        why = t(support, code=matter.code) if known is None else t(known)
    else:
        said = " ".join(staff_line(t, reason, most=None) for reason in matter.reasons[:1])
        why = said or t(_REFUSALS["malformed_request"])  # this app has no word for the reason
    return t(_MATTERS[matter.kind], why=why)


def purpose_line(t: Texts, purpose: Purpose) -> str:
    """Say in a few words what visits are for."""
    return t(CATEGORY_WORDS[purpose.category]) if purpose.event is None else purpose.event.name


def choice_line(t: Texts, purpose: Purpose) -> str:
    """Say it as a choice; of an event also when it begins."""
    if purpose.event is None:
        return purpose_line(t, purpose)
    return f"{t.hour(purpose.event.starts_at)} · {purpose.event.name}"


def party_line(t: Texts, report: ScanReport, *, community: bool) -> str:
    """Say what a visit was for and who came along."""
    said = [t(CATEGORY_WORDS[report.category])]
    if report.children and community:
        said.append(t.plural("{n} person", "{n} persons", report.children))
    elif report.children:
        said.append(t.plural("{n} child", "{n} children", report.children))
    if report.assistant:
        said.append(t("assistant"))
    return ", ".join(said)


def age(t: Texts, seconds: int | None) -> str:
    """Say how old something is, in the largest unit that fits twice."""
    if seconds is None:
        return t("not yet")
    for unit_s, words in ((86_400, N_("{n} d")), (3_600, N_("{n} h"))):
        if seconds >= 2 * unit_s:
            return t(words, n=seconds // unit_s)
    return t(N_("{n} min"), n=seconds // 60)
