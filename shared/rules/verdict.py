"""The colours and reasons a door can give, and how many reasons become one verdict.

Source: K1 §10, §10.3, §10.5; R23.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Colour(StrEnum):
    """Green admits, amber asks the person at the door, red does not admit on this code."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"

    @property
    def severity(self) -> int:
        """0 for green, 1 for amber, 2 for red: the greatest is the worst."""
        return _SEVERITY[self]


_SEVERITY = {Colour.GREEN: 0, Colour.AMBER: 1, Colour.RED: 2}


class Reason(StrEnum):
    """Every reason, in the order of the table: worst first. The values are wire codes."""

    NOT_A_CARD = "not_a_card"
    UNKNOWN_KEY = "unknown_key"
    KEY_RETIRED = "key_retired"
    FORGED = "forged"
    REVOKED = "revoked"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    OLD_CODE = "old_code"
    FUTURE_CODE = "future_code"
    REPLAY = "replay"
    CODE_UNKNOWN = "code_unknown"
    CODE_BLOCKED = "code_blocked"
    CODE_EXPIRED = "code_expired"

    SCANNER_CLOCK = "scanner_clock"
    KEY_NOT_HERE = "key_not_here"
    ALREADY_IN = "already_in"
    QUOTA_FULL = "quota_full"
    LIMIT_REACHED = "limit_reached"
    LOCAL_ONLY = "local_only"
    CODE_OFFLINE = "code_offline"
    STATUS_UNKNOWN = "status_unknown"
    CLOCK_UNSURE = "clock_unsure"
    CLOCK_SKEW = "clock_skew"
    ELSEWHERE = "elsewhere"
    PAPER_AGAIN = "paper_again"
    CHILDREN_CHANGED = "children_changed"
    KEYS_OLD = "keys_old"
    STATUS_OLD = "status_old"
    PAPER_OFFLINE = "paper_offline"
    UNREADABLE = "unreadable"

    SAME_SCAN = "same_scan"
    OK = "ok"
    OK_COMMUNITY = "ok_community"
    OK_PAPER = "ok_paper"
    OK_CODE = "ok_code"

    @property
    def colour(self) -> Colour:
        """The colour this reason gives by itself."""
        return _COLOURS[self]


_IN_ORDER = list(Reason)
_PLACES = {reason: place for place, reason in enumerate(_IN_ORDER)}


def _colour_at(place: int) -> Colour:
    if place < _PLACES[Reason.SCANNER_CLOCK]:
        return Colour.RED
    return Colour.AMBER if place < _PLACES[Reason.SAME_SCAN] else Colour.GREEN


_COLOURS = {reason: _colour_at(place) for reason, place in _PLACES.items()}


@dataclass(frozen=True, slots=True)
class Verdict:
    """All reasons that apply, worst first; never empty."""

    reasons: tuple[Reason, ...]

    @property
    def reason(self) -> Reason:
        """The reason that people are shown."""
        return self.reasons[0]

    @property
    def colour(self) -> Colour:
        """The worst colour of all reasons."""
        return self.reason.colour


def verdict_of(found: Iterable[Reason], *, otherwise: Reason) -> Verdict:
    """Sort what was *found* and drop doubles; *otherwise* is the verdict when nothing was.

    The table lists red before amber before green, so its order alone puts the worst colour first.
    """
    reasons = tuple(sorted(set(found), key=_PLACES.__getitem__))
    return Verdict(reasons or (otherwise,))
