"""When cards look too old or too new, it may be the scanner's own clock."""

from mobile_app.device.clock import Clock
from mobile_app.scan.record import Scan
from mobile_app.scan.shown import Note
from shared.rules.admission import Reason

DOUBT_AFTER = 3
"""So many different cards in a row red for time alone: the scanner's own clock is doubted."""

_ABOUT_TIME = {Reason.EXPIRED, Reason.NOT_YET_VALID, Reason.OLD_CODE, Reason.FUTURE_CODE}


class Doubt:
    """Counts the cards in a row that a scanner with an unsure clock refused for time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._subs: list[str | None] = []

    def note_on(self, scan: Scan) -> Note | None:
        """Say what staff should know about the clock, now that they see *scan*."""
        late = scan.reason in _ABOUT_TIME and not self._clock.is_sure()
        self._subs = [*self._subs, scan.sub] if late else []
        if len(set(self._subs)) >= DOUBT_AFTER:
            return Note.CHECK_CLOCK
        return Note.TIME_UNCHECKED if late else None
