"""Erase a holder: what stays are uses by nobody, and cards that say only who granted them when.

Whoever adds a table that leads to a holder teaches this module; a test that lives a whole life and
then searches every column of every table finds what was forgotten.

Source: R31; ADR 0025.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from server.audit.models import AuditEntry
from server.card.issue import retire_credentials
from server.card.models import Activation, Card
from server.card.service import card_proven
from server.clock import day_of
from server.conflict.models import Conflict
from server.feedback.models import FeedbackPost, FeedbackThread
from server.holder.models import Holder
from server.ids import new_id
from server.message.models import Following
from server.mine.paper import forget_paper
from server.report.rollup.upkeep import settle
from server.scan.models import Scan
from server.signin.codes import draw_code
from server.signin.service import end_sign_ins
from server.signing import KeyRing
from server.visit.counting import counts
from server.visit.models import Dispute, Visit, Voiding
from server.wellbeing.models import WellbeingConsent, WellbeingShare
from shared.holder import Erasure
from shared.rules.validity import HELSINKI
from shared.scan import ScanOutcome
from shared.token.codes import CodeKind

_NOON = time(12)


def erase_proven(db: Session, raw: bytes, *, ring: KeyRing, now: datetime) -> Erasure:
    """Erase the holder whose phone signed the service proof *raw* just now.

    A bearer is not enough. Also a card that is closed or over may be erased.

    Raises:
        MalformedProof, ForgedProof, UnknownKey, NonceRefused, KeyChanged.
    """
    card, _ = card_proven(db, raw, ring=ring, now=now)
    return erase_holder(db, card.holder_id, now=now)


def erase_holder(db: Session, holder_id: UUID, *, now: datetime) -> Erasure:
    """Detach everything from a holder, and close the cards at once."""
    cards = _locked_cards(db, holder_id)
    card_ids = [card.id for card in cards]
    used_from = _first_uses(db, card_ids)
    codes = [card.code for card in cards]
    nobody = Holder(id=new_id(now), known_since_at=now)
    db.add(nobody)
    db.flush()
    db.execute(delete(Dispute).where(Dispute.holder_id == holder_id))
    db.execute(delete(WellbeingShare).where(WellbeingShare.holder_id == holder_id))
    db.execute(delete(WellbeingConsent).where(WellbeingConsent.holder_id == holder_id))
    for table in (FeedbackPost, FeedbackThread, Following):
        db.execute(delete(table).where(table.holder_id == holder_id))
    db.execute(delete(Conflict).where(Conflict.card_id.in_(card_ids)))
    been_at = set(db.scalars(select(Visit.venue_id).where(Visit.holder_id == holder_id)))
    visits = _detach_visits(db, holder_id)
    _detach_scans(db, card_ids)
    forget_paper(db, card_ids, codes)
    for card in cards:
        _close(db, card, now=now)
        _blank(card, nobody, used_by=_month_after(used_from.get(card.id)), now=now)
    db.flush()
    settle(db, {holder_id, nobody.id, *been_at})
    db.execute(delete(Holder).where(Holder.id == holder_id))
    return Erasure(erased_at=now, visits=visits)


def _locked_cards(db: Session, holder_id: UUID) -> Sequence[Card]:
    """Lock the cards as everybody does, then the holder: nobody adds another card meanwhile."""
    of_holder = select(Card).where(Card.holder_id == holder_id).order_by(Card.id)
    locked = of_holder.with_for_update().execution_options(populate_existing=True)
    db.scalars(locked).all()
    db.execute(select(Holder).where(Holder.id == holder_id).with_for_update())
    return db.scalars(locked).all()


def _first_uses(db: Session, card_ids: Collection[UUID]) -> dict[UUID, datetime]:
    first = (
        select(Visit.card_id, func.min(Visit.recorded_at))
        .where(Visit.card_id.in_(card_ids))
        .group_by(Visit.card_id)
    )
    return {card_id: at for card_id, at in db.execute(first) if card_id is not None}


def _month_after(at: datetime | None) -> date | None:
    if at is None:
        return None
    month = day_of(at).replace(day=1)
    return (month + timedelta(days=31)).replace(day=1)


def _detach_visits(db: Session, holder_id: UUID) -> int:
    """Make the visits nobody's: no pseudonym, no card, another id, and only their day."""
    rows = db.execute(select(Visit, counts()).where(Visit.holder_id == holder_id)).all()
    voidings = {
        one.visit_id: one
        for one in db.scalars(
            select(Voiding)
            .join(Visit, Visit.id == Voiding.visit_id)
            .where(Visit.holder_id == holder_id)
        )
    }
    for visit, counted in rows:
        voiding = voidings.get(visit.id)
        told = None if voiding is None else _told(voiding)
        if voiding is not None:
            db.delete(voiding)
            db.flush()
        values = {
            # The audit log names visits that were undone, some beside their card.
            "id": uuid4(),
            "holder_id": None,
            "card_id": None,
            "sub": "",
            "shown_at_s": None,
            "visited_at": _noon_of(visit.visited_at),
            "recorded_at": _noon_of(visit.recorded_at),
            "left_out": not counted and voiding is None,
        }
        db.expunge(visit)
        db.execute(update(Visit).where(Visit.id == visit.id).values(values))
        if told is not None:
            db.add(Voiding(visit_id=values["id"], **told))
    db.flush()
    return len(rows)


def _told(voiding: Voiding) -> dict[str, object]:
    return {
        "scanner_id": voiding.scanner_id,
        "access_id": voiding.access_id,
        "voided_at": _noon_of(voiding.voided_at),
    }


def _detach_scans(db: Session, card_ids: Collection[UUID]) -> None:
    """Make the readings nobody's; what waited for a coordinator becomes no visit."""
    named = select(AuditEntry.subject_id).where(AuditEntry.card_id.in_(card_ids))
    decided = set(db.scalars(named))
    for scan in db.scalars(select(Scan).where(Scan.card_id.in_(card_ids))).all():
        scan.card_id = scan.sub = scan.shown_at_s = None
        scan.scanned_at, scan.closed_at = _noon_of(scan.scanned_at), _noon_of(scan.closed_at)
        scan.received_at = _noon_of(scan.received_at)
        if scan.outcome is ScanOutcome.QUARANTINED:
            scan.outcome = ScanOutcome.NO_VISIT
        db.flush()
        if scan.id in decided:
            _name_anew(db, scan)


def _name_anew(db: Session, scan: Scan) -> None:
    """Give a scan another id. Others keep theirs: a scanner may still report the same again."""
    row = {column.key: getattr(scan, column.key) for column in Scan.__table__.columns}
    again = Scan(**(row | {"id": uuid4()}))
    db.add(again)
    db.flush()
    db.execute(update(Visit).where(Visit.scan_id == scan.id).values(scan_id=again.id))
    db.delete(scan)
    db.flush()


def _close(db: Session, card: Card, *, now: datetime) -> None:
    """End all that the card could do; doors go on to hear that it is closed."""
    end_sign_ins(db, card_id=card.id)
    db.execute(delete(Activation).where(Activation.card_id == card.id))
    retire_credentials(db, card, now=now)


def _blank(card: Card, nobody: Holder, *, used_by: date | None, now: datetime) -> None:
    card.holder_id = nobody.id
    card.code = draw_code(CodeKind.CARD)  # nobody was ever told it
    card.children = 0
    card.birth_year = card.home_postcode = None
    card.grounds = card.life_situation = card.gender = None
    card.follows_id = None
    card.key_x = card.key_odd = None
    card.blocked_at = card.blocked_at or now
    card.erased_at = now
    card.used_by = used_by


def _noon_of(at: datetime) -> datetime:
    return datetime.combine(at.astimezone(HELSINKI).date(), _NOON, HELSINKI).astimezone(UTC)
