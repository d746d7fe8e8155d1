"""Sharing wellbeing: taken by an explicit consent, gone when it is taken back.

Taking back always wins. The consent is made by the phone and named by every request: one that was
taken back stays known, so that what was on its way then finds it and is refused.

Source: R28, R31; ADR 0026.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Table, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.card.models import Card
from server.card.service import lock_card
from server.clock import day_of
from server.ids import new_id
from server.wellbeing.errors import (
    MonthOutOfRange,
    PointsOutOfRange,
    SharingIdTaken,
    SharingStopped,
)
from server.wellbeing.models import WellbeingConsent, WellbeingShare
from shared.wellbeing import MONTHS_MOST, Meter, SharedMonth, Sharing, SharingReceipt

FIRST_MONTH = date(2014, 1, 1)
_FACES = range(1, 6)
_WHO5 = range(0, 101, 4)
POINTS: dict[Meter, range] = {Meter.MOOD: _FACES, Meter.WHO5: _WHO5}
_CONSENTS: Table = WellbeingConsent.metadata.tables["wellbeing_consent"]
_ONCE = {
    "postgresql": postgresql.insert(_CONSENTS).on_conflict_do_nothing(index_elements=["id"]),
    "sqlite": sqlite.insert(_CONSENTS).on_conflict_do_nothing(index_elements=["id"]),
}


def share(
    db: Session, card: Card, consent_id: UUID, sharing: Sharing, *, now: datetime
) -> SharingReceipt:
    """Take what a holder shares of a meter; it takes the place of all there was of it.

    Raises:
        PointsOutOfRange, MonthOutOfRange: Nothing is taken.
        SharingStopped, SharingIdTaken.
    """
    _check_months(sharing, now=now)
    consent = _locked(db, card, consent_id, sharing.meter, now=now)
    if consent.holder_id != card.holder_id or consent.meter not in {None, sharing.meter}:
        raise SharingIdTaken
    if consent.stopped_at is not None:
        raise SharingStopped
    of_meter = (
        WellbeingConsent.holder_id == card.holder_id,
        WellbeingConsent.meter == sharing.meter,
        WellbeingConsent.id != consent_id,
        WellbeingConsent.stopped_at.is_(None),
    )
    db.execute(update(WellbeingConsent).where(*of_meter).values(stopped_at=now))
    db.execute(
        delete(WellbeingShare).where(
            WellbeingShare.holder_id == card.holder_id, WellbeingShare.meter == sharing.meter
        )
    )
    db.add_all(
        WellbeingShare(
            id=new_id(now), consent_id=consent_id, holder_id=card.holder_id, meter=sharing.meter,
            month=one.month, points=one.points,
        )
        for one in sharing.months
    )  # fmt: skip
    db.flush()
    return SharingReceipt(consent_id, sharing.meter, len(sharing.months), None)


def stop_sharing(db: Session, card: Card, consent_id: UUID, *, now: datetime) -> SharingReceipt:
    """Take a consent back, also one that has not arrived yet, and delete what was shared by it.

    Raises:
        SharingIdTaken.
    """
    consent = _locked(db, card, consent_id, None, now=now)
    if consent.holder_id != card.holder_id:
        raise SharingIdTaken
    if consent.stopped_at is None:
        consent.stopped_at = now
    db.execute(delete(WellbeingShare).where(WellbeingShare.consent_id == consent_id))
    return SharingReceipt(consent_id, consent.meter, 0, consent.stopped_at)


def shared_by(db: Session, holder_id: UUID) -> list[tuple[WellbeingConsent, list[SharedMonth]]]:
    """Give the consents of a holder, the oldest first, each with what is shared by it."""
    by_consent: dict[UUID, list[SharedMonth]] = {}
    shares = select(WellbeingShare).where(WellbeingShare.holder_id == holder_id)
    for one in db.scalars(shares.order_by(WellbeingShare.month)):
        by_consent.setdefault(one.consent_id, []).append(SharedMonth(one.month, one.points))
    consents = select(WellbeingConsent).where(WellbeingConsent.holder_id == holder_id)
    in_order = consents.order_by(WellbeingConsent.agreed_at, WellbeingConsent.id)
    return [(one, by_consent.get(one.id, [])) for one in db.scalars(in_order)]


def _locked(
    db: Session, card: Card, consent_id: UUID, meter: Meter | None, *, now: datetime
) -> WellbeingConsent:
    # The card first: it orders all that one holder's phones send, and whoever erases the holder.
    lock_card(db, card)
    row = {
        "id": consent_id, "holder_id": card.holder_id, "meter": meter, "agreed_at": now,
        "stopped_at": None,
    }  # fmt: skip
    db.execute(_ONCE[db.get_bind().dialect.name], row)
    return db.get_one(WellbeingConsent, consent_id, with_for_update=True)


def _check_months(sharing: Sharing, *, now: datetime) -> None:
    if any(one.points not in POINTS[sharing.meter] for one in sharing.months):
        raise PointsOutOfRange
    if any(_months_amiss(sharing.months, last=day_of(now))):
        raise MonthOutOfRange


def _months_amiss(months: Sequence[SharedMonth], *, last: date) -> Iterator[bool]:
    yield len(months) > MONTHS_MOST
    yield len({one.month for one in months}) != len(months)
    yield any(one.month.day != 1 or not FIRST_MONTH <= one.month <= last for one in months)
