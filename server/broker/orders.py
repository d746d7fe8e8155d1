"""A broker's orders: check them, record all of one or nothing, undo what was recorded.

A use is a report like a scanner's, made by a row that no device has the key of: it is judged by the
same rules, and the same use twice is one visit.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.broker.errors import (
    BrokerNotForVenue,
    OrderCategoryMissing,
    OrderEventOver,
    OrderEventUnknown,
    OrderOutOfRange,
    UsesRefused,
)
from server.broker.models import Broker
from server.broker.service import note_seen, venue_of
from server.broker.wire import (
    BrokerEvent,
    OrderCheck,
    OrderedUse,
    OrderReceipt,
    RecordedUse,
    UseOrder,
    UseRefusal,
)
from server.broker.words import texts_for
from server.db import tried_out
from server.event.models import Event
from server.event.service import list_events
from server.limit.service import holder_pays, limits_at
from server.limit.uses import persons_at, places_left
from server.problems import Problem
from server.scan.guessing import Asking
from server.scan.models import Scan
from server.scan.service import Answer, record_each
from server.settings import Settings
from server.signing import KeyRing
from server.venue.models import Scanner, Venue
from server.venue.service import desk_of
from server.voiding.errors import VisitNotFound
from server.voiding.service import void_visit
from shared.event import DOORS_CLOSE_AFTER
from shared.rules.admission import Colour, Reason
from shared.scan import ScanOutcome, ScanReceipt, ScanReport
from shared.token.codes import read_card_code
from shared.token.errors import TokenError
from shared.visit import VoidReceipt

USES_MOST = 50
EVENTS_LISTED = 200
_LET_PASS = {Reason.ELSEWHERE, Reason.PAPER_AGAIN}


def record_order(  # noqa: PLR0913 - all by keyword
    db: Session,
    broker: Broker,
    order: UseOrder,
    *,
    ring: KeyRing,
    settings: Settings,
    now: datetime,
) -> OrderReceipt:
    """Record every use of *order*, or none.

    Raises:
        BrokerNotForVenue, OrderEventUnknown, OrderEventOver, OrderCategoryMissing,
        OrderOutOfRange: The order as a whole cannot be.
        UsesRefused: With each use that was refused, and why.

    Source: R18, R19, R20.
    """
    venue, event = _what_for(db, broker, order, now=now)
    note_seen(broker, now=now)
    desk = desk_of(db, venue, name=broker.name[:60], now=now, broker_id=broker.id)
    try:
        with db.begin_nested():
            answers = _judge(db, desk, order, event, ring=ring, settings=settings, now=now)
            _check_refusals(order.uses, answers)
    except UsesRefused as refused:
        _remember_unknown(db, desk, refused.refusals, now=now)
        raise
    recorded = [
        RecordedUse(answer.scan_id, answer.visit_id, answer.outcome is ScanOutcome.ALREADY_RECORDED)
        for answer in answers
        if isinstance(answer, ScanReceipt) and answer.visit_id is not None
    ]
    return OrderReceipt(recorded, _pays(db, venue, event))


def check_order(  # noqa: PLR0913 - all by keyword
    db: Session,
    broker: Broker,
    order: UseOrder,
    *,
    ring: KeyRing,
    settings: Settings,
    now: datetime,
) -> OrderCheck:
    """Tell what would become of *order* now. Stores nothing but that unknown codes were named.

    Raises:
        BrokerNotForVenue, OrderEventUnknown, OrderEventOver, OrderCategoryMissing,
        OrderOutOfRange.
    """
    venue, event = _what_for(db, broker, order, now=now)
    desk = desk_of(db, venue, name=broker.name[:60], now=now, broker_id=broker.id)
    with tried_out(db):
        answers = _judge(db, desk, order, event, ring=ring, settings=settings, now=now)
    refusals = _refusals(order.uses, answers)
    _remember_unknown(db, desk, refusals, now=now)
    return OrderCheck(refusals, _pays(db, venue, event))


def undo_use(db: Session, broker: Broker, use_id: UUID, *, now: datetime) -> VoidReceipt:
    """Undo a use that this broker recorded, within a quarter of an hour (R20).

    Raises:
        VisitNotFound, UndoTooLate.
    """
    desk = db.scalar(
        select(Scanner)
        .join(Scan, Scan.scanner_id == Scanner.id)
        .where(Scan.id == use_id, Scanner.broker_id == broker.id)
    )
    if desk is None:
        raise VisitNotFound
    return void_visit(db, desk, use_id, now=now)


def list_broker_events(
    db: Session, broker: Broker, venue_id: UUID, *, now: datetime
) -> list[BrokerEvent]:
    """List a venue's events that are neither over nor cancelled, the soonest first.

    Raises:
        BrokerNotForVenue.
    """
    venue = venue_of(db, broker, venue_id)
    if venue is None:
        raise BrokerNotForVenue
    coming = list_events(db, venue.id, now=now, past=False, limit=EVENTS_LISTED)
    events = [event for event in coming if event.cancelled_at is None]
    taken = persons_at(db, [event.id for event in events if event.places is not None])
    limits = limits_at(db, venue)
    return [
        BrokerEvent(
            event_id=event.id,
            name=event.name,
            category=event.category,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            course=event.course,
            places_left=places_left(event.places, taken.get(event.id, 0)),
            fee_cents=event.fee_cents,
            pays_cents=holder_pays(event.fee_cents, event.category, limits),
            accessibility=event.accessibility,
        )
        for event in events
    ]


def _what_for(
    db: Session, broker: Broker, order: UseOrder, *, now: datetime
) -> tuple[Venue, Event | None]:
    venue = venue_of(db, broker, order.venue_id)
    if venue is None:
        raise BrokerNotForVenue
    ids = {use.use_id for use in order.uses}
    if not 0 < len(order.uses) <= USES_MOST or len(ids) < len(order.uses):
        raise OrderOutOfRange
    if order.event_id is None:
        if order.category is None:
            raise OrderCategoryMissing
        return venue, None
    # Locked, so that two orders do not both get the last place; before any card, as always.
    event = db.get(Event, order.event_id, with_for_update=True)
    if event is None or event.venue_id != venue.id:
        raise OrderEventUnknown
    if event.ends_at + DOORS_CLOSE_AFTER <= now:
        raise OrderEventOver
    return venue, event


def _judge(  # noqa: PLR0913 - all by keyword
    db: Session,
    desk: Scanner,
    order: UseOrder,
    event: Event | None,
    *,
    ring: KeyRing,
    settings: Settings,
    now: datetime,
) -> list[Answer]:
    category = order.category if event is None else event.category
    if category is None:
        raise OrderCategoryMissing
    reports = [
        ScanReport(
            scan_id=use.use_id,
            text=use.card_code,
            category=category,
            scanned_at=now,
            closed_at=now,
            admitted=True,
            children=use.children,
            assistant=use.assistant,
            reasons=[Reason.OK_CODE],
            event_id=None if event is None else event.id,
        )
        for use in order.uses
    ]
    return record_each(db, desk, reports, ring=ring, settings=settings, now=now, ahead=True)


def _check_refusals(uses: Sequence[OrderedUse], answers: Sequence[Answer]) -> None:
    if refusals := _refusals(uses, answers):
        raise UsesRefused(refusals)


def _refusals(uses: Sequence[OrderedUse], answers: Sequence[Answer]) -> list[UseRefusal]:
    codes = [_code_of(use, answer) for use, answer in zip(uses, answers, strict=True)]
    return [
        UseRefusal(use.use_id, code, texts_for(code))
        for use, code in zip(uses, codes, strict=True)
        if code is not None
    ]


def _code_of(use: OrderedUse, answer: Answer) -> str | None:
    """Say why a use is refused, if it is."""
    if isinstance(answer, Problem):
        return answer.code
    if answer.outcome is ScanOutcome.ALREADY_RECORDED:
        return None if answer.visit_id is not None else Reason.ALREADY_IN.value
    serious = [
        reason
        for reason in answer.reasons
        if reason.colour is not Colour.GREEN and reason not in _LET_PASS
    ]
    if Reason.NOT_A_CARD in serious and not _is_card_code(use.card_code):
        return "malformed_card_code"
    if serious:
        return serious[0].value
    # The same card for the same within seconds is the same scan at a door, and no second visit.
    return None if answer.visit_id is not None else Reason.ALREADY_IN.value


def _is_card_code(text: str) -> bool:
    try:
        read_card_code(text)
    except TokenError:
        return False
    return True


def _remember_unknown(
    db: Session, desk: Scanner, refusals: Sequence[UseRefusal], *, now: datetime
) -> None:
    asking = Asking(db, desk, now=now)
    for refusal in refusals:
        if refusal.code == Reason.CODE_UNKNOWN:
            asking.remember_unknown()


def _pays(db: Session, venue: Venue, event: Event | None) -> int:
    if event is None or event.fee_cents is None:
        return 0
    return holder_pays(event.fee_cents, event.category, limits_at(db, venue))
