"""What stands on the screen of a scanner: a verdict and how far it has come, or a note."""

from dataclasses import dataclass
from enum import Enum

from mobile_app.scan.record import Scan


class Stage(Enum):
    """Where the verdict on the screen stands."""

    ASKED = "asked"
    VISITED = "visited"
    CLOSED = "closed"
    REPEATED = "repeated"


class Note(Enum):
    """Something to tell staff that is no verdict."""

    FINISH_FIRST = "finish_first"
    CHOOSE_ONE = "choose_one"
    TOO_LATE = "too_late"
    RESTING = "resting"
    NO_CODE_IN_PHOTO = "no_code_in_photo"
    PHOTO_TOO_BIG = "photo_too_big"
    NOT_A_PHOTO = "not_a_photo"
    NOT_ADMITTED = "not_admitted"
    VISIT_STORED = "visit_stored"
    UNDONE = "undone"
    TOO_LATE_TO_UNDO = "too_late_to_undo"
    CHECK_CLOCK = "check_clock"
    TIME_UNCHECKED = "time_unchecked"
    NOT_STORED = "not_stored"


@dataclass(frozen=True, slots=True)
class Shown:
    """The verdict on the screen."""

    scan: Scan
    stage: Stage
