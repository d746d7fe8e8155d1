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


def check_rested(db: Session, scanner: Scanner, *, now: datetime) -> None:
    """Let a scanner name a card code, unless it must rest: known or not, it would learn which.

    Raises:
        Resting: With the seconds that are left.
    """
    recent = (
        select(WrongTry.tried_at)
        .where(WrongTry.client == _asker(scanner), WrongTry.tried_at > now - UNKNOWN_WINDOW)
        .order_by(WrongTry.tried_at.desc())
        .limit(UNKNOWN_CODES)
    )
    tried = db.scalars(recent).all()
    if len(tried) >= UNKNOWN_CODES and now - tried[0] < REST:
        raise Resting(retry_after_s=int((REST - (now - tried[0])).total_seconds()) + 1)


def remember_unknown_code(db: Session, scanner: Scanner, *, now: datetime) -> None:
    """Count an unknown card code against the scanner that named it."""
    remember_wrong_try(db, _asker(scanner), now=now)


def _asker(scanner: Scanner) -> str:
    return f"{SCANNER}{scanner.id}"
