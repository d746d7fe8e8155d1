"""Write and read the audit log."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.access.models import Access
from server.audit.models import AuditEntry
from server.card.models import Card
from server.ids import new_id


class Act(StrEnum):
    """What can be done, as the log names it."""

    SIGNED_IN = "signed_in"
    CARD_GRANTED = "card_granted"
    CARD_LOOKED_AT = "card_looked_at"
    CARDS_LISTED = "cards_listed"
    SHEET_PRINTED = "sheet_printed"
    ACTIVATION_SHOWN = "activation_shown"
    CARD_BLOCKED = "card_blocked"
    CARD_UNBLOCKED = "card_unblocked"
    CARD_RENEWED = "card_renewed"
    CARD_REPLACED = "card_replaced"
    CARD_TAKEN_OFF_PHONE = "card_taken_off_phone"
    CHILDREN_CORRECTED = "children_corrected"
    SCANNER_INVITED = "scanner_invited"
    SCANNER_REVOKED = "scanner_revoked"
    EVENT_ADDED = "event_added"
    EVENT_REMOVED = "event_removed"
    VISIT_UNDONE = "visit_undone"
    PAPER_TRIED = "paper_tried"
    PAPER_RECORDED = "paper_recorded"
    SCAN_TAKEN = "scan_taken"
    SCAN_LEFT = "scan_left"
    ACCESS_GRANTED = "access_granted"
    ACCESS_INVITED = "access_invited"
    ACCESS_WITHDRAWN = "access_withdrawn"
    CONFLICT_SETTLED = "conflict_settled"
    FEEDBACK_ANSWERED = "feedback_answered"
    SHEETS_DOWNLOADED = "sheets_downloaded"


@dataclass(frozen=True, slots=True)
class LoggedAct:
    """One line of the log, with the name of the location that did it, and the card if any."""

    entry: AuditEntry
    handle: str
    card_code: str | None


def note_act(  # noqa: PLR0913 - all by keyword
    db: Session,
    act: Act,
    *,
    access_id: UUID,
    now: datetime,
    card_id: UUID | None = None,
    subject_id: UUID | None = None,
) -> None:
    """Write down what is being done, in the transaction that does it."""
    db.add(
        AuditEntry(
            id=new_id(now),
            done_at=now,
            access_id=access_id,
            act=act.value,
            card_id=card_id,
            subject_id=subject_id,
        )
    )


def list_acts(  # noqa: PLR0913 - all by keyword
    db: Session,
    *,
    handle: str | None = None,
    card_id: UUID | None = None,
    act: Act | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> list[LoggedAct]:
    """List what was done, newest first. *before* is the last id of the list before."""
    newest_first = (
        select(AuditEntry, Access.handle, Card.code)
        .join(Access, Access.id == AuditEntry.access_id)
        .outerjoin(Card, Card.id == AuditEntry.card_id)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    if handle:
        newest_first = newest_first.where(Access.handle == handle)
    if card_id is not None:
        newest_first = newest_first.where(AuditEntry.card_id == card_id)
    if act is not None:
        newest_first = newest_first.where(AuditEntry.act == act.value)
    if before is not None:
        newest_first = newest_first.where(AuditEntry.id < before)
    return [LoggedAct(*row) for row in db.execute(newest_first)]
