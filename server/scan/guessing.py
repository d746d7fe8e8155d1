"""Card codes cannot be searched: a scanner that names many unknown ones has to rest.

However it names them: in a question, in a report, or in a batch of reports.

Source: K1 §10.5.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.scan.errors import Resting
from server.signin.codes import SCANNER, remember_wrong_try
from server.signin.models import WrongTry
from server.venue.models import Scanner

UNKNOWN_CODES = 30
"""So many unknown card codes may a scanner name in an hour before it rests."""
UNKNOWN_WINDOW = timedelta(hours=1)
REST = timedelta(minutes=1)


class Asking:
    """One scanner naming card codes within one transaction.

    What it has named before is read once, and again after each code that is unknown: a batch of
    codes costs no more questions than it has unknown ones.
    """

    def __init__(self, db: Session, scanner: Scanner, *, now: datetime) -> None:
        self._db, self._client, self._now = db, _asker(scanner), now
        self._rest: timedelta | None = None

    def check_rested(self) -> None:
        """Let the scanner name a code, unless it must rest: known or not, it would learn which.

        Raises:
            Resting: With the seconds that are left.
        """
        if self._rest is None:
            self._rest = self._rest_now()
        if self._rest > timedelta(0):
            raise Resting(retry_after_s=int(self._rest.total_seconds()) + 1)

    def remember_unknown(self) -> None:
        """Count an unknown card code against the scanner that named it."""
        remember_wrong_try(self._db, self._client, now=self._now)
        self._rest = None

    def _rest_now(self) -> timedelta:
        recent = (
            select(WrongTry.tried_at)
            .where(WrongTry.client == self._client, WrongTry.tried_at > self._now - UNKNOWN_WINDOW)
            .order_by(WrongTry.tried_at.desc())
            .limit(UNKNOWN_CODES)
        )
        tried = self._db.scalars(recent).all()
        if len(tried) < UNKNOWN_CODES:
            return timedelta(0)
        return max(REST - (self._now - tried[0]), timedelta(0))


def _asker(scanner: Scanner) -> str:
    return f"{SCANNER}{scanner.id}"
