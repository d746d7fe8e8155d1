"""Write and read the audit log."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from server.access.models import Access
from server.audit.models import AuditEntry
from server.card.models import Card
from server.db import ASKED_BY
from server.ids import new_id


class Act(StrEnum):
    """What can be done, as the log names it."""

    SIGNED_IN = "signed_in"
    CARD_GRANTED = "card_granted"
    CARD_LOOKED_AT = "card_looked_at"
    CARDS_LISTED = "cards_listed"
    FIGURES_READ = "figures_read"
    FIGURES_CHOSEN = "figures_chosen"
    VISITS_DOWNLOADED = "visits_downloaded"
    CARD_SOUGHT = "card_sought"
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
    EVENT_CHANGED = "event_changed"
    EVENT_REMOVED = "event_removed"
    VISITORS_TOLD = "visitors_told"
    LIMIT_SET = "limit_set"
    LIMIT_ENDED = "limit_ended"
    BROKER_ADDED = "broker_added"
    BROKER_KEY_DRAWN = "broker_key_drawn"
    BROKER_KEY_ENDED = "broker_key_ended"
    BROKER_ALLOWED = "broker_allowed"
    BROKER_STOPPED = "broker_stopped"
    VISIT_UNDONE = "visit_undone"
    VISIT_UPHELD = "visit_upheld"
    HOLDER_ERASED = "holder_erased"
    PAPER_TRIED = "paper_tried"
    PAPER_RECORDED = "paper_recorded"
    SCAN_TAKEN = "scan_taken"
    SCAN_LEFT = "scan_left"
    ACCESS_GRANTED = "access_granted"
    ACCESS_INVITED = "access_invited"
    ACCESS_WITHDRAWN = "access_withdrawn"
    CONFLICT_SETTLED = "conflict_settled"
    AGREEMENT_ACKNOWLEDGED = "agreement_acknowledged"
    INDUCTION_CONFIRMED = "induction_confirmed"
    DUTIES_ASKED_AGAIN = "duties_asked_again"
    FEEDBACK_ANSWERED = "feedback_answered"
    SHEETS_DOWNLOADED = "sheets_downloaded"
    AREA_ADDED = "area_added"
    AREA_MERGED = "area_merged"
    CHILDREN_AGE_SET = "children_age_set"
    AREA_AGE_SET = "area_age_set"
    PILOT_BEGUN = "pilot_begun"
    PILOT_ENDED = "pilot_ended"
    GROUND_ADDED = "ground_added"
    GROUND_REWORDED = "ground_reworded"
    GROUND_MOVED = "ground_moved"
    GROUND_CLOSED = "ground_closed"
    GROUND_OPENED = "ground_opened"
    VISITOR_ANSWERED = "visitor_answered"
    POST_REPORTED = "post_reported"
    POST_LEFT = "post_left"
    POST_REMOVED = "post_removed"
    THREAD_CLOSED = "thread_closed"
    MESSAGE_SENT = "message_sent"
    MESSAGE_WITHDRAWN = "message_withdrawn"


CARD_CHANGES = (
    Act.CARD_GRANTED,
    Act.SHEET_PRINTED,
    Act.ACTIVATION_SHOWN,
    Act.CARD_BLOCKED,
    Act.CARD_UNBLOCKED,
    Act.CARD_RENEWED,
    Act.CARD_REPLACED,
    Act.CARD_TAKEN_OFF_PHONE,
    Act.CHILDREN_CORRECTED,
)


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
    detail: str | None = None,
) -> None:
    """Write down what is being done, in the transaction that does it.

    *detail* says what a setting was and became; never anything of a person.
    With the initials that were told at the sign-in: the transaction knows the request that it is
    for, so that nobody who writes here can forget to pass them on.
    """
    db.add(
        AuditEntry(
            id=new_id(now),
            done_at=now,
            access_id=access_id,
            initials=getattr(db.info.get(ASKED_BY), "initials", None),
            act=act.value,
            card_id=card_id,
            subject_id=subject_id,
            detail=detail,
        )
    )


def list_card_changes(db: Session, card_id: UUID, *, limit: int) -> list[LoggedAct]:
    """List what was done to a card where it is granted or its area, newest first.

    Not who undid a visit: that would tell where the holder goes.
    """
    newest_first = (
        select(AuditEntry, Access.handle, Card.code)
        .join(Access, Access.id == AuditEntry.access_id)
        .join(Card, Card.id == AuditEntry.card_id)
        .where(AuditEntry.card_id == card_id, AuditEntry.act.in_(CARD_CHANGES))
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return [LoggedAct(*row) for row in db.execute(newest_first)]


def list_acts(  # noqa: PLR0913 - all by keyword
    db: Session,
    *,
    handle: str | None = None,
    card_id: UUID | None = None,
    subject_id: UUID | None = None,
    acts: Collection[Act] = (),
    before: UUID | None = None,
    limit: int = 50,
) -> list[LoggedAct]:
    """List what was done, newest first; *acts* are those wanted, none means all.

    *before* is the last id of the list before.
    """
    newest_first = (
        select(AuditEntry, Access.handle, Card.code)
        .join(Access, Access.id == AuditEntry.access_id)
        # An erased card has a code that nobody was ever told.
        .outerjoin(Card, and_(Card.id == AuditEntry.card_id, Card.erased_at.is_(None)))
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    if handle:
        newest_first = newest_first.where(Access.handle == handle)
    if card_id is not None:
        newest_first = newest_first.where(AuditEntry.card_id == card_id)
    if subject_id is not None:
        newest_first = newest_first.where(AuditEntry.subject_id == subject_id)
    if acts:
        newest_first = newest_first.where(AuditEntry.act.in_([act.value for act in acts]))
    if before is not None:
        newest_first = newest_first.where(AuditEntry.id < before)
    return [LoggedAct(*row) for row in db.execute(newest_first)]
