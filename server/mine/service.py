"""What is stored about a holder: everything, or it says here why not.

A concept that keeps something of a holder adds it to `answer_holder` and its table to `TOLD`, or to
`NOT_TOLD` with the reason; a test compares both with the schema. Whoever adds a table teaches
`server.mine.erasure` too.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from server.audit.models import AuditEntry
from server.card.issue import key_of
from server.card.models import Activation, Card, SignedCredential
from server.conflict.models import Conflict
from server.distributor.models import Distributor
from server.feedback.models import FeedbackThread
from server.grant.classes import GENDERS, LIFE_SITUATIONS
from server.grant.models import Ground
from server.holder.models import Holder
from server.message.models import Following
from server.scan.models import Scan
from server.signin.models import BearerGrant
from server.texts import Language, Texts
from server.venue.models import Venue
from server.visit.models import Dispute, Visit
from server.visit.service import told_dispute
from server.wellbeing.service import shared_by
from shared.holder import (
    CodeOfCard,
    Named,
    RegisterAnswer,
    RegisteredCard,
    RegisteredConflict,
    RegisteredScan,
    RegisteredSharing,
    SignedForCard,
)
from shared.scan import ScanOutcome
from shared.visit import ToldDispute
from shared.wire import to_base64url

SCANS_TOLD = 200

TOLD = {
    "holder", "card", "credential", "activation", "bearer", "visit", "voiding", "dispute", "scan",
    "conflict", "audit_entry", "wellbeing_consent", "wellbeing_share", "feedback_thread",
    "feedback_post", "following",
}  # fmt: skip
"""Tables that lead to a holder and are told."""
NOT_TOLD: Mapping[str, str] = {
    "report_use": "visits of a month put together for figures: the list of visits says more",
    "report_card": "the card again, with an age and the day of its first visit, for figures",
    "report_change": "that something changed, for a few seconds",
    "sheet_page": "which sheets are printed together, sealed, for a day: the card says the same",
}
"""Tables that lead to a holder and are not told, with the reason."""


def answer_holder(db: Session, card: Card, *, now: datetime) -> RegisterAnswer:
    """Tell the holder of *card* all that the register has; the visits are read by their pages."""
    holder_id = card.holder_id
    cards = list(db.scalars(select(Card).where(Card.holder_id == holder_id).order_by(Card.id)))
    card_ids = [one.id for one in cards]
    scans = select(func.count()).select_from(Scan).where(Scan.card_id.in_(card_ids))
    visits = select(func.count()).select_from(Visit).where(Visit.holder_id == holder_id)
    threads = (
        select(func.count())
        .select_from(FeedbackThread)
        .where(FeedbackThread.holder_id == holder_id)
    )
    followed = (
        select(Venue.name)
        .join(Following, Following.venue_id == Venue.id)
        .where(Following.holder_id == holder_id)
        .order_by(Venue.name)
    )
    return RegisterAnswer(
        known_since_at=db.get_one(Holder, holder_id).known_since_at,
        cards=[_card(db, one, now=now) for one in cards],
        visits=db.scalar(visits) or 0,
        scans_kept=db.scalar(scans) or 0,
        scans=_scans(db, card_ids),
        conflicts=_conflicts(db, card_ids),
        disputes=_disputes(db, holder_id),
        wellbeing=[
            RegisteredSharing(one.id, one.meter, one.agreed_at, one.stopped_at, months)
            for one, months in shared_by(db, holder_id)
        ],
        threads=db.scalar(threads) or 0,
        follows=list(db.scalars(followed)),
        server_time=now,
    )


def _card(db: Session, card: Card, *, now: datetime) -> RegisteredCard:
    key = key_of(card)
    before = None if card.follows_id is None else db.get(Card, card.follows_id)
    acts = select(func.count()).select_from(AuditEntry).where(AuditEntry.card_id == card.id)
    return RegisteredCard(
        card_code=card.code,
        distributor_name=db.get_one(Distributor, card.distributor_id).name,
        community=card.community,
        children=card.children,
        birth_year=card.birth_year,
        home_postcode=card.home_postcode,
        grounds=_ground(db, card.grounds),
        life_situation=_class(LIFE_SITUATIONS, card.life_situation),
        gender=_class(GENDERS, card.gender),
        granted_at=card.granted_at,
        first_valid_on=card.first_valid_on,
        last_valid_on=card.last_valid_on,
        blocked_at=card.blocked_at,
        follows_code=None if before is None else before.code,
        phone_key=None if key is None else to_base64url(key.x),
        signed=_signed(db, card),
        codes=[
            CodeOfCard(one.usable_until, one.used_at)
            for one in db.scalars(
                select(Activation)
                .where(Activation.card_id == card.id)
                .order_by(Activation.usable_until)
            )
        ],
        signed_in_until=_signed_in(db, card, now=now),
        acts=db.scalar(acts) or 0,
    )


def _signed(db: Session, card: Card) -> list[SignedForCard]:
    of_card = select(SignedCredential).where(SignedCredential.card_id == card.id)
    return [
        SignedForCard(
            one.kind.value, one.issued_at, one.usable_until, one.confirmed_at, one.revoked_at
        )
        for one in db.scalars(of_card.order_by(SignedCredential.issued_at))
    ]


def _signed_in(db: Session, card: Card, *, now: datetime) -> list[datetime]:
    good = select(BearerGrant.usable_until).where(
        BearerGrant.card_id == card.id, BearerGrant.usable_until > now
    )
    return list(db.scalars(good.order_by(BearerGrant.usable_until)))


def _scans(db: Session, card_ids: Sequence[UUID]) -> list[RegisteredScan]:
    newest = (
        select(Scan, Venue.name)
        .join(Venue, Venue.id == Scan.venue_id)
        .where(Scan.card_id.in_(card_ids))
        .order_by(Scan.scanned_at.desc(), Scan.id.desc())
        .limit(SCANS_TOLD)
    )
    return [
        RegisteredScan(
            venue_name=venue_name,
            category=scan.category,
            scanned_at=scan.scanned_at,
            received_at=scan.received_at,
            admitted=scan.admitted,
            children=scan.children,
            assistant=scan.assistant,
            outcome=ScanOutcome(scan.outcome),
            register_reasons=list(scan.register_reasons),
        )
        for scan, venue_name in db.execute(newest)
    ]


def _conflicts(db: Session, card_ids: Sequence[UUID]) -> list[RegisteredConflict]:
    found = (
        select(Venue.name, Conflict.found_at, Conflict.settled_at)
        .join(Venue, Venue.id == Conflict.venue_id)
        .where(Conflict.card_id.in_(card_ids))
        .order_by(Conflict.id)
    )
    return [RegisteredConflict(*row) for row in db.execute(found)]


def _disputes(db: Session, holder_id: UUID) -> list[ToldDispute]:
    told = (
        select(Dispute, Visit)
        .join(Visit, Visit.id == Dispute.visit_id)
        .where(Dispute.holder_id == holder_id)
        .order_by(Dispute.told_at, Dispute.id)
        .options(joinedload(Visit.voiding))
    )
    return [told_dispute(visit, dispute) for dispute, visit in db.execute(told)]


def _ground(db: Session, code: str | None) -> Named | None:
    ground = None if code is None else db.get(Ground, code)
    if code is None or ground is None:
        return None
    return Named(code, {language.value: ground.words(language) for language in Language})


def _class(classes: Mapping[str, str], code: str | None) -> Named | None:
    if code is None:
        return None
    msgid = classes.get(code, code)
    return Named(code, {language.value: Texts(language)(msgid) for language in Language})
