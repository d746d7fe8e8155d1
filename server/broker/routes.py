"""HTTP: ticket brokers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from server.actors import ToJudge
from server.broker.actors import KnownBroker
from server.broker.errors import (
    BrokerKeyRefused,
    BrokerNotForVenue,
    OrderCategoryMissing,
    OrderEventOver,
    OrderEventUnknown,
    OrderOutOfRange,
    UsesRefused,
)
from server.broker.orders import check_order, list_broker_events, record_order, undo_use
from server.broker.service import venues_of
from server.broker.wire import (
    BrokerEvent,
    BrokerFacts,
    BrokerVenueFacts,
    OrderCheck,
    OrderReceipt,
    UndoneUse,
    UseOrder,
)
from server.clock import Now
from server.db import Db
from server.problems import refusals
from server.voiding.errors import UndoTooLate, VisitNotFound
from server.wire import AsWritten, TooLarge
from shared.scan import Category
from shared.visit import VoidReceipt

router = APIRouter(prefix="/broker", tags=["broker"])

_OF_AN_ORDER = (
    BrokerKeyRefused, BrokerNotForVenue, OrderEventUnknown, OrderEventOver, OrderCategoryMissing,
    OrderOutOfRange, TooLarge,
)  # fmt: skip


@router.get("", responses=refusals(BrokerKeyRefused))
def read_broker(broker: KnownBroker, db: Db) -> BrokerFacts:
    """Read which venues let this broker record uses."""
    venues = [
        BrokerVenueFacts(venue.id, venue.name, [Category(one) for one in venue.categories])
        for venue in venues_of(db, broker)
    ]
    return BrokerFacts(broker.id, broker.name, venues)


@router.get("/venues/{venue_id}/events", responses=refusals(BrokerKeyRefused, BrokerNotForVenue))
def read_events(broker: KnownBroker, venue_id: UUID, db: Db, now: Now) -> list[BrokerEvent]:
    """List a venue's events that are not over, with the places left."""
    return list_broker_events(db, broker, venue_id, now=now)


@router.post("/orders", responses=refusals(*_OF_AN_ORDER, UsesRefused))
def order_uses(
    order: Annotated[UseOrder, AsWritten()],
    broker: KnownBroker,
    db: Db,
    to_judge: ToJudge,
) -> OrderReceipt:
    """Record all uses of an order, or none. Safe to send again: `use_id` makes it happen once."""
    return record_order(db, broker, order, **to_judge)


@router.post("/checks", responses=refusals(*_OF_AN_ORDER))
def check_uses(
    order: Annotated[UseOrder, AsWritten()],
    broker: KnownBroker,
    db: Db,
    to_judge: ToJudge,
) -> OrderCheck:
    """Ask what would become of an order. Records nothing."""
    return check_order(db, broker, order, **to_judge)


@router.post(
    "/voidings", responses=refusals(BrokerKeyRefused, VisitNotFound, UndoTooLate, TooLarge)
)
def undo(request: UndoneUse, broker: KnownBroker, db: Db, now: Now) -> VoidReceipt:
    """Undo a use that this broker recorded within the last 15 minutes."""
    return undo_use(db, broker, request.use_id, now=now)
